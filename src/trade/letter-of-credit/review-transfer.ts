import { isFailure } from '#domain/failure.ts';
import { Exact } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices, ruleOn } from '../rule.ts';
import type { Credit } from './credit-terms.ts';
import { goodsTerms } from './goods.ts';
import { sameUnit } from './quantity-units.ts';
import { requiredDocuments } from './required-documents.ts';
import { mostSeriousFirst, type Review } from './review-credit.ts';
import { finding, type ReviewFinding } from './review-finding.ts';
import { type Period, shipmentPeriod } from './shipment-period.ts';
import { beginsWithName, foldedText } from './text-compare.ts';
import { INSURANCE_PER_CENT, PRESENTATION_DAYS, TRANSFER } from './ucp-rules.ts';

interface Transferred {
  original: Credit;
  transferred: Credit;
  asOf: AsOf;
}

type Rule = (input: Transferred) => ReviewFinding[];

/** Arts 38(b), (d): only a credit that says so is transferable, and only once. */
const mayBeTransferred: Rule = ({ original, transferred }) => [
  ...(original.form === 'IRREVOCABLE TRANSFERABLE'
    ? []
    : finding('NOT_TRANSFERABLE', 'must', '40A', ['IRREVOCABLE TRANSFERABLE', original.form], 'a transferable credit')),
  ...(original.transfer === null
    ? []
    : finding(
        'TRANSFERRED_TWICE',
        'must',
        '40B',
        [null, original.transfer.reference],
        'the credit of the issuing bank',
      )),
  ...(original.number === transferred.number
    ? []
    : finding('OTHER_CREDIT', 'must', '21', [original.number, transferred.number], 'the number of the credit')),
  ...(beginsWithName(transferred.applicant, original.beneficiary.lines[0] ?? '')
    ? []
    : finding(
        'FIRST_BENEFICIARY',
        'should',
        '50',
        [original.beneficiary.lines[0] ?? null, transferred.applicant[0] ?? null],
        'the first beneficiary named as the credit names its beneficiary',
      )),
];

const unitPrice = ({ goods }: Credit) => goodsTerms(goods ?? []).unitPrice;

/** Both unit prices, if they have the same currency and unit. */
const prices = ({ original, transferred }: Transferred) => {
  const [before, after] = [unitPrice(original), unitPrice(transferred)];
  if (!before || !after || before.currency !== after.currency || new Exact(after.price).isZero()) return null;
  const oneUnit = before.unit === null || after.unit === null || sameUnit(before.unit, after.unit);
  return oneUnit ? { before: new Exact(before.price), after: new Exact(after.price) } : null;
};

const moneyIsReduced: Rule = (input) => {
  const { original, transferred } = input;
  if (original.currency !== transferred.currency)
    return finding('CURRENCY', 'must', '32B', [original.currency, transferred.currency], 'the currency of the credit');
  const price = prices(input);
  return [
    ...(new Exact(transferred.amount).gt(original.amount)
      ? finding(
          'AMOUNT_RAISED',
          'must',
          '32B',
          [`at most ${original.amount}`, transferred.amount],
          'an amount within that of the credit',
        )
      : []),
    ...(price?.after.gt(price.before)
      ? finding(
          'UNIT_PRICE_RAISED',
          'must',
          '45A',
          [`at most ${price.before.toFixed()}`, price.after.toFixed()],
          'a unit price within that of the credit',
        )
      : []),
  ];
};

/** Undefined if its wording cannot be read. */
const shipmentOf = ({ latestShipment, shipmentPeriod: wording }: Credit, asOf: AsOf): Period | undefined => {
  if (wording === null) return { earliest: null, latest: latestShipment };
  try {
    return shipmentPeriod(wording.join(' '), asOf, '44D');
  } catch (error) {
    if (isFailure(error, 'invalid')) return undefined;
    throw error;
  }
};

const daysOf = ({ earliest, latest }: Period): string => `${earliest ?? 'any day'} to ${latest ?? 'any day'}`;

const timesAreCurtailed: Rule = ({ original, transferred, asOf }) => {
  const [before, after] = [shipmentOf(original, asOf), shipmentOf(transferred, asOf)];
  const field = transferred.shipmentPeriod === null ? '44C' : '44D';
  const wider =
    before &&
    after &&
    ((before.latest !== null && (after.latest === null || after.latest > before.latest)) ||
      (before.earliest !== null && (after.earliest === null || after.earliest < before.earliest)));
  const period = ruleOn(PRESENTATION_DAYS, asOf).value;
  const [allowed, given] = [original.presentation?.days ?? period, transferred.presentation?.days ?? period];
  return [
    ...(transferred.expiry.date > original.expiry.date
      ? finding(
          'EXPIRY_EXTENDED',
          'must',
          '31D',
          [`by ${original.expiry.date}`, transferred.expiry.date],
          `an expiry of ${original.expiry.date} or earlier`,
        )
      : []),
    ...(before && after
      ? []
      : finding('SHIPMENT_UNREAD', 'note', '44D', [null, null], 'the shipment periods compared by a person')),
    ...(before && after && wider
      ? finding(
          'SHIPMENT_EXTENDED',
          'must',
          field,
          [daysOf(before), daysOf(after)],
          'shipment within that of the credit',
        )
      : []),
    ...(given > allowed
      ? finding(
          'PRESENTATION_EXTENDED',
          'must',
          '48',
          [`at most ${allowed} days`, `${given} days`],
          `a presentation period of ${allowed} days or less`,
        )
      : []),
  ];
};

const insurancePerCent = ({ documents }: Credit, asOf: AsOf): Exact | null => {
  const item = requiredDocuments(documents).find(({ kind }) => kind === 'insurance');
  return item ? new Exact(item.insurancePerCent ?? ruleOn(INSURANCE_PER_CENT, asOf).value) : null;
};

/** A lower price needs a higher percentage to reach the cover that the credit requires. */
const insuranceReaches: Rule = (input) => {
  const { original, transferred, asOf } = input;
  const [before, after] = [insurancePerCent(original, asOf), insurancePerCent(transferred, asOf)];
  if (before === null) return [];
  const price = prices(input);
  const wanted = price ? before.times(price.before).div(price.after).toDecimalPlaces(2, Exact.ROUND_UP) : before;
  const both = [`${wanted.toFixed()} per cent`, after === null ? 'none' : `${after.toFixed()} per cent`] as const;
  if (after === null || after.lt(before))
    return finding('INSURANCE_LOWERED', 'must', '46A', both, 'the insurance that the credit asks for, at least');
  return after.lt(wanted)
    ? finding('INSURANCE_SHORT', 'should', '46A', both, 'the percentage raised to the cover that the credit asks for')
    : [];
};

const confirmationIsKept: Rule = ({ original, transferred }) =>
  original.confirmation === 'CONFIRM' &&
  transferred.confirmation !== 'CONFIRM' &&
  transferred.transfer?.confirmation !== 'ADDING OUR CONFIRMATION'
    ? finding(
        'CONFIRMATION_LOST',
        'must',
        '40B',
        ['ADDING OUR CONFIRMATION', transferred.transfer?.confirmation ?? null],
        'the confirmation of the credit carried over',
      )
    : [];

/** Terms that are the same in both (art. 38(g)). */
const SAME = [
  ['40E', 'rules'],
  ['39A', 'tolerance'],
  ['39C', 'additionalAmounts'],
  ['42C', 'draftsAt'],
  ['42M', 'mixedPayment'],
  ['42P', 'deferredPayment'],
  ['43P', 'partialShipments'],
  ['43T', 'transhipment'],
  ['44A', 'takingInCharge'],
  ['44E', 'loading'],
  ['44F', 'discharge'],
  ['44B', 'destination'],
  ['49G', 'specialPayment'],
] as const;
/** Narratives in which figures may change: price, quantity, percentage of insurance. */
const WORDED = [
  ['45A', 'goods'],
  ['46A', 'documents'],
  ['47A', 'conditions'],
] as const;

/** For comparison and display; both use the same key names. */
const text = (value: unknown): string => (value === null ? '' : foldedText(JSON.stringify(value)));
const wordsOf = (lines: readonly string[] | null): string =>
  foldedText((lines ?? []).join(' '))
    .replace(/\d+/g, '')
    .replace(/ +/g, ' ');

const restIsTheSame: Rule = ({ original, transferred }) => [
  ...SAME.flatMap(([field, key]) =>
    text(original[key]) === text(transferred[key])
      ? []
      : finding(
          'TERM_CHANGED',
          'must',
          field,
          [text(original[key]), text(transferred[key])],
          `${field} as in the credit`,
        ),
  ),
  ...(original.available.by === transferred.available.by
    ? []
    : finding(
        'TERM_CHANGED',
        'must',
        '41a',
        [original.available.by, transferred.available.by],
        `availability ${original.available.by.toLowerCase()}`,
      )),
  ...WORDED.flatMap(([field, key]) =>
    wordsOf(original[key]) === wordsOf(transferred[key])
      ? []
      : finding('COMPARE', 'note', field, [null, null], `${field} compared with the credit: its words differ`),
  ),
];

const RULES: readonly Rule[] = [
  mayBeTransferred,
  moneyIsReduced,
  timesAreCurtailed,
  insuranceReaches,
  confirmationIsKept,
  restIsTheSame,
];

/**
 * Whether a transferred credit (MT720) changes only what UCP 600 art. 38(g) allows, and in the allowed direction:
 * amount, unit price, expiry, presentation period and shipment down, the insurance percentage up. Throws `invalid` for
 * a credit that was not transferred.
 */
export const reviewTransfer = (original: Credit, transferred: Credit, { today }: Pick<AsOf, 'today'>): Review => {
  if (transferred.transfer === null) throw invalid('transfer', 'is no transferred credit; it comes as MT720');
  const asOf: AsOf = { on: today, today };
  const findings = mostSeriousFirst(RULES.flatMap((rule) => rule({ original, transferred, asOf })));
  return {
    findings,
    acceptable: findings.every(({ severity }) => severity !== 'must'),
    notices: mergeNotices(ruleOn(TRANSFER, asOf).notices, ruleOn(PRESENTATION_DAYS, asOf).notices),
  };
};
