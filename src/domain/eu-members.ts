/** The 27 member states by ISO 3166 code. Greece is GR here, although its VAT numbers begin with EL. */
export const EU_MEMBERS = [
  'AT',
  'BE',
  'BG',
  'HR',
  'CY',
  'CZ',
  'DK',
  'EE',
  'FI',
  'FR',
  'DE',
  'GR',
  'HU',
  'IE',
  'IT',
  'LV',
  'LT',
  'LU',
  'MT',
  'NL',
  'PL',
  'PT',
  'RO',
  'SK',
  'SI',
  'ES',
  'SE',
] as const;
export type EuMember = (typeof EU_MEMBERS)[number];

/** Whether `country` is one of the 27 member states. Northern Ireland (XI) is not. */
export const isMember = (country: string): country is EuMember => EU_MEMBERS.some((member) => member === country);
