import { Exact } from '../decimal.ts';
import { isUnit } from './quantity-units.ts';
import type { AmountTolerance } from './tolerance.ts';

/** What can be read with certainty from the description of goods (field 45A). The rest is compared as text. */
export interface GoodsTerms {
  quantities: readonly GoodsQuantity[];
  /** Null if none, or more than one, is stated. */
  unitPrice: { currency: string; price: string; unit: string | null; about: boolean } | null;
  incoterm: { code: IncotermCode; place: string } | null;
  references: readonly string[];
}

export interface GoodsQuantity {
  quantity: string;
  unit: string;
  about: boolean;
  tolerance: AmountTolerance | null;
}

export const INCOTERM_CODES = ['EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP'] as const;
export type IncotermCode = (typeof INCOTERM_CODES)[number];

/** Figures with commas for thousands and a point for decimals; null for `2.000,50`, which is ambiguous. */
export const figure = (text: string): string | null => {
  const plain = /^\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?$|^\d{1,15}(?:\.\d{1,6})?$/.test(text);
  return plain ? new Exact(text.replaceAll(',', '')).toFixed() : null;
};

const ABOUT = '\\b(ABOUT|APPROXIMATELY|APPROX\\.?)\\s+';
const UNIT = '[A-Z]{1,12}(?: TONN?ES?| TONS?| MET(?:ER|RE)S?)?|M[23]';
const QUANTITY = new RegExp(`(?:${ABOUT})?(?<![\\d.,])(\\d[\\d,.]{0,24})\\s{0,3}(${UNIT})\\b`, 'g');
const MONEY_BEFORE = /(?:[A-Z]{3}|[$€£])\s{0,2}$/;
const PER = '\\s{0,2}(?:PER|/|A)\\s{0,2}(?:1 )?';
const PRICE = new RegExp(
  `(?:${ABOUT})?\\b([A-Z]{3})\\s{0,2}(\\d[\\d,.]{0,20})${PER}([A-Z][A-Z0-9]{0,11}(?: TONN?E?| TON)?)\\b`,
  'g',
);
const UNIT_PRICE = /\bUNIT PRICE\W{0,3}([A-Z]{3})\s{0,2}(\d[\d,.]{0,20})/;
const INCOTERM = new RegExp(`\\b(${INCOTERM_CODES.join('|')})\\b[ ,:]{0,3}([^\\n]{0,60})`);
const PLUS_MINUS = /^[^A-Z0-9]{0,4}(?:\+ ?\/ ?- ?|PLUS OR MINUS |PLUS\/MINUS )(\d{1,2}) ?(?:%|PCT|PERCENT|PER CENT)/;
const MORE_OR_LESS = /^[^A-Z0-9]{0,4}(?:WITH )?(\d{1,2}) ?(?:%|PCT|PERCENT|PER CENT) ?(?:MORE OR LESS|MORE\/LESS)/;
const PAPERS = 'CONTRACT|ORDER|P\\.?O\\.?|PROFORMA(?: INVOICE)?|SALES CONFIRMATION';
/** A reference contains a digit: “as per contract dated …” names none. */
const REFERENCE = new RegExp(
  `\\b(?:${PAPERS})\\W{0,3}(?:(?:NO|NR|NUMBER)\\b)?\\W{0,3}((?=[A-Z\\-/]{0,34}\\d)[A-Z0-9][A-Z0-9\\-/]{2,34})`,
  'g',
);

const toleranceAfter = (text: string): AmountTolerance | null => {
  const match = PLUS_MINUS.exec(text) ?? MORE_OR_LESS.exec(text);
  return match ? { plus: Number(match[1]), minus: Number(match[1]) } : null;
};

const firstUnit = (words: string): string | null => {
  const [first = ''] = words.split(' ');
  return isUnit(words) ? words : isUnit(first) ? first : null;
};

/** Reads quantities, unit price, Incoterms rule and references from the lines of a description. */
export const goodsTerms = (lines: readonly string[]): GoodsTerms => {
  const text = lines.join('\n').slice(0, 20_000).toUpperCase();
  const quantities = [...text.matchAll(QUANTITY)].flatMap((match): GoodsQuantity[] => {
    const unit = firstUnit(match[3] ?? '');
    const quantity = figure((match[2] ?? '').replace(/[.,]$/, ''));
    const money = MONEY_BEFORE.test(text.slice(Math.max(0, match.index - 6), match.index));
    const per = /\b(?:PER|OF|EACH|IN)\s$/.test(text.slice(Math.max(0, match.index - 6), match.index));
    const box = /^\W{0,3}CONTAINER/.test(text.slice(match.index + match[0].length, match.index + match[0].length + 20));
    if (unit === null || quantity === null || quantity === '0' || money || per || box) return [];
    const tolerance = toleranceAfter(text.slice(match.index + match[0].length, match.index + match[0].length + 60));
    return [{ quantity, unit, about: match[1] !== undefined, tolerance }];
  });
  const prices = [...text.matchAll(PRICE)].flatMap((match) => {
    const price = figure((match[3] ?? '').replace(/[.,]$/, ''));
    return price === null
      ? []
      : [{ currency: match[2] ?? '', price, unit: firstUnit(match[4] ?? ''), about: match[1] !== undefined }];
  });
  const single = UNIT_PRICE.exec(text);
  const stated = figure((single?.[2] ?? '').replace(/[.,]$/, ''));
  if (prices.length === 0 && stated !== null)
    prices.push({ currency: single?.[1] ?? '', price: stated, unit: null, about: false });
  const term = INCOTERM.exec(text);
  const code = INCOTERM_CODES.find((known) => known === term?.[1]);
  const [before = '', after = ''] = (term?.[2] ?? '').split(/[\s,(]*\bINCOTERMS?\b(?:[\s(R)®]{0,6}20\d\d)?[\s,)]*/);
  const place = (before.trim() === '' ? after : before).trim();
  return {
    quantities,
    unitPrice: prices.length === 1 ? (prices[0] ?? null) : null,
    incoterm: code ? { code, place } : null,
    references: [...text.matchAll(REFERENCE)].flatMap((match) => match[1] ?? []),
  };
};
