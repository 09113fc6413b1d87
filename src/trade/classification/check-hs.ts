import { Failure } from '#domain/failure.ts';
import { type Asked, type Notice, noRow, noticesTogether, ruleOn } from '../rule.ts';
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

/** A lead for a person who classifies. Nothing here is ever put in place of the code that was given. */
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
  /** The list the code has to be in. */
  edition: HsEdition;
  /** Other editions on file, so that a code of one of them is told as such. */
  others?: readonly HsEdition[];
  /** The edition stored with the code, where it is. */
  storedAs?: HsEditionId;
  /** ISO 3166-1 alpha-2, EU or XI: then digits after the sixth are held against its tariff's length. */
  country?: string;
  /** A declaration refuses the residue 9999; statistics keep it. */
  use?: 'declaration' | 'statistics';
}

/** Longer than any tariff's code with its points. */
const LONGEST = 40;
const SUGGESTED = 5;

/** `code` without the points and spaces that lists print. */
export const normaliseHs = (code: string): string => code.slice(0, LONGEST + 1).replaceAll(/[. \u00a0]/g, '');

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

/** The first codes of the same heading, those that share the fifth digit before the others. */
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
  asked: Asked,
): { lengths: readonly number[]; name: string; notices: readonly Notice[] } => {
  if (country === undefined || digits === 6) return { lengths: EVEN_LENGTHS, name: 'HS code', notices: [] };
  const { value, notices } = ruleOn(NATIONAL_LENGTHS, asked, 'country');
  const territory = tariffTerritory(country);
  const tariff = Object.hasOwn(value, territory) ? value[territory] : undefined;
  if (!tariff) throw noRow(`how many digits the national tariff of ${country} has`, 'country');
  return { lengths: [6, ...tariff.lengths], name: tariff.name, notices };
};

const RESERVED = '77';
const NATIONAL: readonly string[] = ['98', '99'];

/**
 * Whether a code of goods is in `edition`, by its first six digits, and of a length that tariffs have: 6, 8 or 10
 * digits, or what the tariff of `country` has (Japan 9). Points and spaces are left off; the answer's `code` is text.
 * An invalid code comes with the reason and with suggestions, which are leads for a classifier: classification
 * follows the general rules of interpretation and is not decided here. Throws `no_row` for national digits of a
 * country whose tariff's length is not on file.
 */
export const checkHs = (question: HsQuestion, asked: Asked): HsCheck => {
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
    code: code.slice(0, LONGEST),
    fault,
    reason,
    suggestions,
    notices: noticesTogether(notices, noticesOn(suggestions)),
  });

  if (!/^\d+$/.test(code) || question.code.length > LONGEST) {
    const digits = question.code
      .slice(0, LONGEST)
      .normalize('NFKC')
      .replaceAll(/[^0-9]/g, '');
    const found = EVEN_LENGTHS.includes(digits.length) ? suggest('punctuation', [digits], edition) : [];
    return wrong('not_digits', 'an HS code is digits, with points or spaces between them', found);
  }
  const { lengths, name, notices } = lengthsFor(country, code.length, asked);
  if (!lengths.includes(code.length)) {
    const padded = `0${code}`;
    // Chapters 01 to 09 lose their zero in a spreadsheet.
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

/** A valid code, or the Failure `invalid` that tells the reason and the suggestions. */
export const requireHs = (question: HsQuestion, asked: Asked, field = 'hsCode'): HsCheck & { valid: true } => {
  const checked = checkHs(question, asked);
  if (checked.valid) return checked;
  const { reason, suggestions } = checked;
  const leads = suggestions.map(({ code }) => code);
  throw new Failure(
    'invalid',
    `${field}: ${reason}${leads.length > 0 ? `; a classifier may look at ${leads.join(', ')}` : ''}`,
    { safe: { field, reason, suggestions: leads } },
  );
};

/** The edition of the day among those on file; `no_row` that names it when its list is not. */
export const editionOnFile = (editions: readonly HsEdition[], asked: Asked): HsEdition => {
  const { value } = ruleOn(HS_EDITIONS, asked);
  const edition = editions.find(({ id }) => id === value);
  if (!edition) throw noRow(`the list of ${value}, in force on ${asked.on}`, 'edition');
  return edition;
};
