const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that name no country of today, parts of countries that ISO only reserves a code for, and users' own codes. */
const NO_COUNTRY = new Set([
  'EU',
  'EZ',
  'UK',
  'DY',
  'HV',
  'NH',
  'RH',
  'VD',
  'UN',
  'QO',
  'ZZ',
  'XA',
  'XB',
  'AN',
  'BU',
  'CS',
  'DD',
  'FX',
  'NT',
  'SU',
  'TP',
  'YD',
  'YU',
  'ZR',
  'AC',
  'CP',
  'CQ',
  'DG',
  'EA',
  'IC',
  'TA',
]);

/** The ISO 3166-1 codes of two letters that the runtime's own tables know, with the Kosovo code XK in use beside them. */
export const COUNTRY_CODES: ReadonlySet<string> = new Set(
  LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).filter(
    (code) => !NO_COUNTRY.has(code) && (names.of(code) ?? code) !== code,
  ),
);

export const isCountry = (code: string): boolean => COUNTRY_CODES.has(code);
