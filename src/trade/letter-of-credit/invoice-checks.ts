import type { InvoiceDocument } from './documents.ts';
import {
  type Check,
  discrepancy,
  type ExaminationFindings,
  invoicesOf,
  notExamined,
  nothing,
  type PresentationCase,
  together,
} from './presentation-case.ts';
import { isUnit } from './quantity-units.ts';
import { beginsWithName, foldedText, samePlace } from './text-compare.ts';

const BENEFICIARY = /^(THE )?BENEFICIARY$/;
const APPLICANT = /^(THE )?APPLICANT$/;
const namesBeneficiary = ({ credit }: PresentationCase, name: string): boolean =>
  BENEFICIARY.test(foldedText(name)) || beginsWithName(credit.beneficiary.lines, name);
const namesApplicant = ({ credit }: PresentationCase, name: string): boolean =>
  APPLICANT.test(foldedText(name)) || beginsWithName(credit.applicant, name);

const invoiceIsRight: Check = (input) => {
  const { credit, goods } = input;
  return together(
    ...invoicesOf(input).map((invoice) => {
      const { issuer, addressee, currency, incoterm } = invoice;
      const said = { document: 'invoice' };
      return together(
        issuer === undefined ? notExamined('the issuer of the invoice') : nothing(),
        issuer !== undefined && !namesBeneficiary(input, issuer)
          ? discrepancy('INVOICE_ISSUER', { ...said, expected: credit.beneficiary.lines[0] ?? null, found: issuer })
          : nothing(),
        addressee === undefined ? notExamined('the addressee of the invoice') : nothing(),
        addressee !== undefined && !namesApplicant(input, addressee)
          ? discrepancy('INVOICE_ADDRESSEE', { ...said, expected: credit.applicant[0] ?? null, found: addressee })
          : nothing(),
        currency !== undefined && currency !== credit.currency
          ? discrepancy('INVOICE_CURRENCY', { ...said, expected: credit.currency, found: currency })
          : nothing(),
        incoterm &&
          goods.incoterm &&
          (incoterm.code !== goods.incoterm.code || !samePlace(incoterm.place, goods.incoterm.place))
          ? discrepancy('INCOTERM_MISMATCH', {
              ...said,
              expected: `${goods.incoterm.code} ${goods.incoterm.place}`,
              found: `${incoterm.code} ${incoterm.place}`,
            })
          : nothing(),
        goodsCorrespond(input, invoice),
      );
    }),
  );
};

/** Words of a description that say how much and on what terms, not what the goods are. */
const TERMS = [
  'PER',
  'AND',
  'THE',
  'FOR',
  'WITH',
  'INCOTERMS',
  'CONTRACT',
  'ORDER',
  'DATED',
  'TOTAL',
  'UNIT',
  'PRICE',
  'EACH',
  'ONLY',
  'ABOUT',
  'APPROXIMATELY',
  'NUMBER',
  'PROFORMA',
  'INVOICE',
  'BULK',
  'QUANTITY',
  'AMOUNT',
];

/** The words of 45A that name the goods: without figures, units, prices, Incoterms rule and references. */
const namingWords = ({ credit, goods }: PresentationCase): string[] => {
  const others = foldedText([goods.unitPrice?.currency, goods.incoterm?.code, goods.incoterm?.place].join(' ')).split(
    ' ',
  );
  const words = foldedText(credit.goods?.join(' ') ?? '').split(' ');
  return [...new Set(words)].filter(
    (word) =>
      /^\p{L}{2,}$/u.test(word) &&
      !TERMS.includes(word) &&
      !others.includes(word) &&
      (word.length > 2 || !isLatin(word)) &&
      !isUnit(word),
  );
};
const isLatin = (word: string): boolean => /^[A-Z]+$/.test(word);

const goodsCorrespond = (input: PresentationCase, { goods }: InvoiceDocument): ExaminationFindings => {
  const wanted = input.credit.goods;
  if (wanted === null) return nothing();
  if (goods === undefined) return notExamined('the description of goods on the invoice against 45A');
  const given = ` ${foldedText(goods)} `;
  // The invoice may add to the credit's description but must not omit from it (ISBP C3); a person judges a partial
  // match.
  if (given.includes(` ${foldedText(wanted.join(' '))} `)) return nothing();
  const naming = namingWords(input);
  const missing = naming.filter((word) => !given.includes(` ${word} `));
  const said = { document: 'invoice', expected: wanted.join(' ').slice(0, 200), found: goods.slice(0, 200) };
  if (naming.length > 0 && missing.length > naming.length / 2) return discrepancy('GOODS_MISMATCH', said);
  const left = missing.length > 0 ? `; not found: ${missing.slice(0, 8).join(', ')}` : '';
  return notExamined(`the description of goods on the invoice: compare it with 45A${left}`);
};

/** Who invoices whom for which goods, in which currency and on which terms: art. 18; field 45A. */
export const CHECKS_OF_INVOICES: readonly Check[] = [invoiceIsRight];
