import { Exact, moneyText } from '../decimal.ts';
import { shipmentsOf } from './partial-shipment.ts';
import {
  type Check,
  discrepancy,
  type ExaminationFindings,
  notExamined,
  nothing,
  type PresentationCase,
  quantitiesOf,
  together,
  warning,
} from './presentation-case.ts';
import { sameUnit } from './quantity-units.ts';
import { leastCover } from './tolerance.ts';

const CIF: readonly string[] = ['CIF', 'CIP'];

/** Quantity × CIF price, if both are known in one unit and in the currency of the credit; otherwise null. */
const cifValueOf = (input: PresentationCase): Exact | null => {
  const { incoterm, unitPrice } = input.goods;
  const both = quantitiesOf(input);
  if (!incoterm || !CIF.includes(incoterm.code) || !unitPrice || !both) return null;
  const { currency, unit, price } = unitPrice;
  const oneUnit = unit === null || sameUnit(unit, both.stated.unit);
  return oneUnit && currency === input.credit.currency ? both.total.times(price) : null;
};

const insuranceCovers: Check = (input) => {
  const { credit, required, presentation, invoiced, drawing, asOf } = input;
  const documents = presentation.documents.flatMap((document) => (document.kind === 'insurance' ? [document] : []));
  const item = required.find(({ kind }) => kind === 'insurance');
  if (documents.length === 0) return nothing();
  const { shipped } = shipmentsOf(input.presentation.documents, input.asOf);
  const document = 'insurance';
  const insured = documents.reduce((sum, { amount }) => sum.plus(amount ?? 0), new Exact(0));
  const known = documents.every(({ amount }) => amount !== undefined);
  const foreign = documents.find(({ currency }) => currency !== undefined && currency !== credit.currency);
  const perCent = item?.insurancePerCent ?? null;
  const coverOf = (value: Exact | null) =>
    value === null || value.isZero()
      ? null
      : leastCover(
          {
            currency: credit.currency,
            cifValue: moneyText(value, credit.currency),
            honoured: null,
            grossInvoice: null,
            perCent,
          },
          asOf,
        );
  const priced = cifValueOf(input);
  // Without a CIF value, use the greater of the drawing and the invoices.
  const gross = invoiced && drawing ? Exact.max(invoiced, drawing) : (invoiced ?? drawing);
  const [least, ofInvoice] = [coverOf(priced ?? gross), coverOf(gross)];
  const found = moneyText(insured, credit.currency);
  const short = known && !foreign && least !== null && insured.lt(least.min);
  return together(
    { ...nothing(), notices: [...(least?.notices ?? [])] },
    known ? nothing() : notExamined('the insured amount'),
    foreign
      ? discrepancy('INSURANCE_CURRENCY', { document, expected: credit.currency, found: foreign.currency ?? null })
      : nothing(),
    short ? discrepancy('INSURANCE_UNDERCOVER', { document, expected: `at least ${least.min}`, found }) : nothing(),
    !short && known && !foreign && ofInvoice !== null && insured.lt(ofInvoice.min)
      ? warning('COVER_BELOW_INVOICE', { document, expected: `at least ${ofInvoice.min}`, found })
      : nothing(),
    ...documents.map(({ form, date, effective, set, clauses }) => {
      const from = effective ?? date;
      return together(
        form === 'cover_note' ? discrepancy('INSURANCE_COVER_NOTE', { document, found: 'cover note' }) : nothing(),
        shipped !== null && from !== undefined && from > shipped
          ? discrepancy('INSURANCE_DATED_AFTER_SHIPMENT', { document, expected: `by ${shipped}`, found: from })
          : nothing(),
        set && set.presented < set.issued
          ? discrepancy('INSURANCE_ORIGINALS', { document, expected: String(set.issued), found: String(set.presented) })
          : nothing(),
        coverClauses(item?.clauses ?? null, clauses),
      );
    }),
  );
};

const coverClauses = (wanted: string | null, said: string | undefined): ExaminationFindings => {
  if (wanted === null) return nothing();
  if (said === undefined) return notExamined('the clauses of the insurance');
  const covered = /\bI\.?C\.?C\.? ?\(?([ABC])\)?|\bCLAUSES? ?\(?([ABC])\)?/i
    .exec(said)
    ?.slice(1)
    .find((found) => found !== undefined)
    ?.toUpperCase();
  // A is all risks and includes B and C; B includes C.
  if (covered === undefined)
    return /ALL RISKS/i.test(said) ? nothing() : notExamined(`the clauses of the insurance: “${said.slice(0, 80)}”`);
  return covered <= wanted
    ? nothing()
    : discrepancy('INSURANCE_RISKS', {
        document: 'insurance',
        expected: `clauses ${wanted}`,
        found: said.slice(0, 80),
      });
};

/** The insurance document: art. 28. */
export const CHECKS_OF_INSURANCE: readonly Check[] = [insuranceCovers];
