import { COUNTRY_CODES } from '#domain/country.ts';

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

const key = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .replace(/\b(the|of|and)\b/g, ' ')
    .replace(/ +/g, ' ')
    .trim();

/** Formal and older names that lists use, with their codes. */
const ALSO: Readonly<Record<string, string>> = {
  'russian federation': 'RU',
  'iran islamic republic of': 'IR',
  'islamic republic of iran': 'IR',
  'syrian arab republic': 'SY',
  "democratic people's republic of korea": 'KP',
  'korea, north': 'KP',
  'republic of korea': 'KR',
  'korea, south': 'KR',
  'democratic republic of the congo': 'CD',
  'congo, democratic republic of the': 'CD',
  congo: 'CG',
  'republic of the congo': 'CG',
  'congo, republic of the': 'CG',
  'united kingdom of great britain and northern ireland': 'GB',
  'great britain': 'GB',
  'united states of america': 'US',
  usa: 'US',
  uk: 'GB',
  uae: 'AE',
  'united republic of tanzania': 'TZ',
  burma: 'MM',
  myanmar: 'MM',
  "people's republic of china": 'CN',
  'hong kong': 'HK',
  macau: 'MO',
  'viet nam': 'VN',
  'lao people democratic republic': 'LA',
  'bolivarian republic of venezuela': 'VE',
  'venezuela (bolivarian republic of)': 'VE',
  'bolivia (plurinational state of)': 'BO',
  'republic of moldova': 'MD',
  'czech republic': 'CZ',
  turkey: 'TR',
  'cote d ivoire': 'CI',
  'ivory coast': 'CI',
  'state of palestine': 'PS',
  'occupied palestinian territories': 'PS',
  palestinian: 'PS',
  'west bank': 'PS',
  'bosnia and herzegovina': 'BA',
  'the gambia': 'GM',
  'the bahamas': 'BS',
  'republic of north macedonia': 'MK',
  'macedonia, the former yugoslav republic of': 'MK',
  swaziland: 'SZ',
  'cape verde': 'CV',
  'holy see': 'VA',
  'brunei darussalam': 'BN',
};

const CODES = new Map<string, string>([
  ...[...COUNTRY_CODES].map((code) => [key(names.of(code) ?? code), code] as const),
  ...Object.entries(ALSO).map(([name, code]) => [key(name), code] as const),
]);

/** The code of a country given by code or English name, short or as lists write it; null if it is unknown. */
export const countryCode = (text: string): string | null => {
  const trimmed = text.slice(0, 80).trim();
  const code = trimmed.toUpperCase();
  if (COUNTRY_CODES.has(code)) return code;
  return CODES.get(key(trimmed)) ?? null;
};
