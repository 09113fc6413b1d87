import { Failure } from '#domain/failure.ts';
import { fromMinor, toMinor } from '#domain/money.ts';
import { type AsOf, mergeNotices, type Notice, type RuleTable, ruleOn } from '../rule.ts';
import type { Figures } from './figures.ts';
import type { DocumentKind } from './rules.ts';
import type { EuroRate, SdrRate, ShipmentLine, ShipmentRecord, TradeParty } from './shipment-record.ts';

/** What a paper depends on besides the record: the days, and exchange rates with their day and source. */
export interface DocumentContext {
  asOf: AsOf;
  /** For CN22. */
  sdrRate?: SdrRate;
  /** For H7 if the record is not in euro. */
  euroRate?: EuroRate;
}

/** Everything that a paper is made from: a consistent record with all fields that this paper needs. */
export interface DraftSource {
  record: ShipmentRecord;
  figures: Figures;
  context: DocumentContext;
  /** Notices about the currency, which every paper prints. */
  notices: readonly Notice[];
}

/** Returns a value that `missingFor` has already checked. */
export const given = <V>(value: V | null | undefined, field: string): V => {
  if (value !== null && value !== undefined) return value;
  throw new Failure('invalid', `${field}: missing; fill it in first`, { safe: { field, reason: 'missing' } });
};

export const moneyOf = ({ record }: DraftSource, minor: number): string => fromMinor(minor, record.currency);

export const consigneeOf = ({ record }: DraftSource): TradeParty =>
  given(record.consignee ?? record.importer, 'consignee');

export const headOf = <K extends DocumentKind>(
  kind: K,
  source: DraftSource,
  number: string,
  notices: readonly Notice[],
) => ({
  kind,
  number,
  notices: mergeNotices(source.notices, notices),
  reference: source.record.reference,
  currency: source.record.currency,
  date: given(source.record.dates.invoice, 'dates.invoice'),
});

export const noticesFrom = (asOf: AsOf, ...tables: readonly RuleTable<unknown>[]): Notice[] =>
  mergeNotices(...tables.map((table) => ruleOn(table, asOf).notices));

export const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

/** The total of the charges of these kinds, whether the prices include them or not. */
export const chargeTotal = ({ record }: DraftSource, ...kinds: readonly string[]): number =>
  record.charges
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { amount }) => sum + toMinor(amount, record.currency), 0);

/** Notice that other charges are not in the declared value, because a person must decide whether they belong to it. */
export const otherChargesNotice = (source: DraftSource, rule: string): Notice[] => {
  const other = chargeTotal(source, 'other');
  if (other === 0) return [];
  return [
    advice(
      rule,
      `Other charges of ${moneyOf(source, other)} ${source.record.currency} are not in the declared value: ` +
        'packing and commissions can belong to it, a discount can lower it',
    ),
  ];
};

/** Joins the distinct, non-empty words. */
export const joinDistinct = (words: readonly string[], by: string): string =>
  [...new Set(words)].filter((word) => word !== '').join(by);

export const packageKindsOf = ({ record }: DraftSource): string =>
  joinDistinct(
    record.packages.map(({ kind }) => kind),
    ', ',
  );

export const marksOf = ({ record }: DraftSource): string[] => [
  ...new Set(record.packages.map(({ marks }) => marks).filter((mark) => mark !== '')),
];

export const dangerousGoodsOf = ({ dangerousGoods }: ShipmentLine): string =>
  dangerousGoods === null ? '' : `${dangerousGoods.un} class ${dangerousGoods.class}`;
