import { Failure } from '#domain/failure.ts';
import { type AsOf, mergeNotices, type Notice, noRow, ruleOn } from '../rule.ts';
import { EDITION_CHANGES } from './edition-changes.ts';
import { HS_EDITIONS, type HsEdition, type HsEditionId } from './hs-edition.ts';
import { NATIONAL_LENGTHS, tariffTerritory } from './national-lengths.ts';

export type HsFault =
  | 'not_digits'
  | 'length'
  | 'reserved_chapter'
  | 'national_chapter'
  | 'residue'
  | 'other_edition'
  | 'unknown_code';

/** A suggestion for the person who classifies. It never replaces the given code. */
export interface HsSuggestion {
  code: string;
  because: 'leading_zero' | 'punctuation' | 'edition_change' | 'same_heading';
  description: string;
}

export type HsCheck =
  | { valid: true; code: string; hs6: string; chapter: string; description: string; notices: readonly Notice[] }
  | {
      valid: false;
      code: string;
      fault: HsFault;
      reason: string;
      suggestions: readonly HsSuggestion[];
      notices: readonly Notice[];
    };

export interface HsQuestion {
  code: string;
  /** The list that must contain the code. */
  edition: HsEdition;
  /** Other editions on file, to recognise a code of one of them. */
  others?: readonly HsEdition[];
  /** The edition stored with the code, if any. */
  storedAs?: HsEditionId;
  /** ISO 3166-1 alpha-2, EU or XI: digits after the sixth are checked against the length of its tariff codes. */
  country?: string;
  /** Declarations refuse the residual code 9999; statistics accept it. */
  use?: 'declaration' | 'statistics';
}

/** Longer than any tariff code with its dots. */
const MAX_LENGTH = 40;
const SUGGESTED = 5;

/** `code` without the dots and spaces that lists print. */
export const normaliseHs = (code: string): string => code.slice(0, MAX_LENGTH + 1).replaceAll(/[. \u00a0]/g, '');

const suggest = (because: HsSuggestion['because'], codes: readonly string[], edition: HsEdition): HsSuggestion[] =>
  codes.flatMap((code) => {
    const description = edition.codes.get(code.slice(0, 6));
    return description === undefined ? [] : [{ code, because, description }];
  });

const noticesOn = (suggestions: readonly HsSuggestion[]): Notice[] => {
  if (suggestions.length === 0) return [];
  const told = EDITION_CHANGES.filter(({ successors: to }) =>
    suggestions.some(({ because, code }) => because === 'edition_change' && to.includes(code)),
  );
  return [
    {
      code: 'advice',
      rule: 'hs.suggestion',
      message: 'suggested codes are leads: classification follows the general rules of interpretation, not likeness',
    },
    ...told.flatMap(({ status, code, from, source }): Notice[] =>
      status === 'general_knowledge' || status === 'unverified'
        ? [
            {
              code: status,
              rule: 'hs.edition-change',
              message: `successors of ${code} (${from}): not read in ${source.title}`,
            },
          ]
        : [],
    ),
  ];
};

/** The first codes of the same heading; those that share the fifth digit come first. */
const inHeading = (hs6: string, edition: HsEdition): HsSuggestion[] => {
  const heading = hs6.slice(0, 4);
  const codes = [...edition.codes.keys()].filter((code) => code.startsWith(heading));
  const near = (code: string) => (code[4] === hs6[4] ? 0 : 1);
  return suggest(
    'same_heading',
    codes.sort((a, b) => near(a) - near(b) || (a < b ? -1 : 1)).slice(0, SUGGESTED),
    edition,
  );
};

const successors = (hs6: string, edition: HsEdition): HsSuggestion[] =>
  EDITION_CHANGES.filter((change) => change.to === edition.id && change.code === hs6).flatMap((change) =>
    suggest('edition_change', change.successors, edition),
  );

const EVEN_LENGTHS: readonly number[] = [6, 8, 10];

const lengthsFor = (
  country: string | undefined,
  digits: number,
  asOf: AsOf,
): { lengths: readonly number[]; name: string; notices: readonly Notice[] } => {
  if (country === undefined || digits === 6) return { lengths: EVEN_LENGTHS, name: 'HS code', notices: [] };
  const { value, notices } = ruleOn(NATIONAL_LENGTHS, asOf, 'country');
  const territory = tariffTerritory(country);
  const tariff = Object.hasOwn(value, territory) ? value[territory] : undefined;
  if (!tariff) throw noRow(`how many digits the national tariff of ${country} has`, 'country');
  return { lengths: [6, ...tariff.lengths], name: tariff.name, notices };
};

const RESERVED = '77';
const NATIONAL: readonly string[] = ['98', '99'];

/**
 * Checks whether the first six digits of a code are in `edition`, and whether its length occurs in tariffs: 6, 8 or 10
 * digits, or what the tariff of `country` uses (Japan 9). Dots and spaces are removed; the answer's `code` is text. An
 * invalid code comes with the reason and suggestions for a classifier: classification follows the general rules of
 * interpretation and is not decided here. Throws `no_row` for national digits of a country whose tariff length is not
 * on file.
 */
export const checkHs = (question: HsQuestion, asOf: AsOf): HsCheck => {
  const { edition, others = [], storedAs, country, use = 'declaration' } = question;
  const code = normaliseHs(question.code);
  const hs6 = code.slice(0, 6);
  const wrong = (
    fault: HsFault,
    reason: string,
    suggestions: readonly HsSuggestion[] = [],
    notices: readonly Notice[] = [],
  ): HsCheck => ({
    valid: false,
    code: code.slice(0, MAX_LENGTH),
    fault,
    reason,
    suggestions,
    notices: mergeNotices(notices, noticesOn(suggestions)),
  });

  if (!/^\d+$/.test(code) || question.code.length > MAX_LENGTH) {
    const digits = question.code
      .slice(0, MAX_LENGTH)
      .normalize('NFKC')
      .replaceAll(/[^0-9]/g, '');
    const found = EVEN_LENGTHS.includes(digits.length) ? suggest('punctuation', [digits], edition) : [];
    return wrong('not_digits', 'an HS code is digits, with points or spaces between them', found);
  }
  const { lengths, name, notices } = lengthsFor(country, code.length, asOf);
  if (!lengths.includes(code.length)) {
    const padded = `0${code}`;
    // Spreadsheets drop the leading zero of chapters 01 to 09.
    const eaten = lengths.includes(padded.length) ? suggest('leading_zero', [padded], edition) : [];
    const because = eaten.length > 0 ? '; a spreadsheet may have eaten the leading zero' : '';
    return wrong('length', `${name}: ${lengths.join(', ')} digits, not ${code.length}${because}`, eaten, notices);
  }
  if (code.startsWith('9999') && use === 'declaration')
    return wrong('residue', '9999 is a residue of statistics; a declaration names the goods', [], notices);
  if (storedAs !== undefined && storedAs !== edition.id)
    return wrong(
      'other_edition',
      `${code} is stored as a code of ${storedAs}, and ${edition.id} is asked for`,
      successors(hs6, edition),
      notices,
    );
  const description = edition.codes.get(hs6);
  if (description !== undefined) return { valid: true, code, hs6, chapter: hs6.slice(0, 2), description, notices };
  if (hs6.startsWith(RESERVED))
    return wrong('reserved_chapter', 'chapter 77 is reserved and holds no goods', [], notices);
  if (NATIONAL.includes(hs6.slice(0, 2)))
    return wrong(
      'national_chapter',
      `chapter ${hs6.slice(0, 2)} is for national use and not part of the HS`,
      [],
      notices,
    );
  const other =
    others.find(({ id, codes }) => id !== edition.id && codes.has(hs6))?.id ??
    EDITION_CHANGES.find((change) => change.to === edition.id && change.code === hs6)?.from;
  const leads = successors(hs6, edition);
  const found = leads.length > 0 ? leads : inHeading(hs6, edition);
  return other === undefined
    ? wrong('unknown_code', `${hs6} is not a subheading of ${edition.id}`, found, notices)
    : wrong('other_edition', `${hs6} is a code of ${other}, not of ${edition.id}`, found, notices);
};

/** Returns a valid code, or throws the Failure `invalid` with the reason and the suggestions. */
export const requireHs = (question: HsQuestion, asOf: AsOf, field = 'hsCode'): HsCheck & { valid: true } => {
  const checked = checkHs(question, asOf);
  if (checked.valid) return checked;
  const { reason, suggestions } = checked;
  const leads = suggestions.map(({ code }) => code);
  throw new Failure(
    'invalid',
    `${field}: ${reason}${leads.length > 0 ? `; a classifier may look at ${leads.join(', ')}` : ''}`,
    { safe: { field, reason, suggestions: leads } },
  );
};

/** The edition for the day from those on file; throws `no_row`, naming the edition, if its list is missing. */
export const editionOnFile = (editions: readonly HsEdition[], asOf: AsOf): HsEdition => {
  const { value } = ruleOn(HS_EDITIONS, asOf);
  const edition = editions.find(({ id }) => id === value);
  if (!edition) throw noRow(`the list of ${value}, in force on ${asOf.on}`, 'edition');
  return edition;
};
