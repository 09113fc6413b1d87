import { Failure } from '#domain/failure.ts';
import { fromMinor, toMinor } from '#domain/money.ts';
import { type Asked, type Notice, noticesTogether, type RuleTable, ruleOn } from '../rule.ts';
import type { Figures } from './figures.ts';
import type { DocumentKind } from './rules.ts';
import type { EuroRate, SdrRate, ShipmentLine, ShipmentRecord, TradeParty } from './shipment-record.ts';

/** What a paper depends on beside the record: the days asked for, and rates of exchange with their day and source. */
export interface DocumentContext {
  asked: Asked;
  /** For CN22. */
  sdrRate?: SdrRate;
  /** For H7 where the record is not in euro. */
  euroRate?: EuroRate;
}

/** All that a paper is made from: a record without contradictions that lacks nothing this paper needs. */
export interface DraftSource {
  record: ShipmentRecord;
  figures: Figures;
  context: DocumentContext;
  /** Of the currency, which every paper prints. */
  notices: readonly Notice[];
}

/** A value that `missingFor` has asked for already. */
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
  notices: noticesTogether(source.notices, notices),
  reference: source.record.reference,
  currency: source.record.currency,
  date: given(source.record.dates.invoice, 'dates.invoice'),
});

export const noticesFrom = (asked: Asked, ...tables: readonly RuleTable<unknown>[]): Notice[] =>
  noticesTogether(...tables.map((table) => ruleOn(table, asked).notices));

export const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

/** Charges of one kind together, included in the prices or not. */
export const chargeTotal = ({ record }: DraftSource, ...kinds: readonly string[]): number =>
  record.charges
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { amount }) => sum + toMinor(amount, record.currency), 0);

/** Words for goods whose price somebody else has to judge. */
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

/** Each word once, empty ones left out. */
export const joinedOnce = (words: readonly string[], by: string): string =>
  [...new Set(words)].filter((word) => word !== '').join(by);

export const packageKindsOf = ({ record }: DraftSource): string =>
  joinedOnce(
    record.packages.map(({ kind }) => kind),
    ', ',
  );

export const marksOf = ({ record }: DraftSource): string[] => [
  ...new Set(record.packages.map(({ marks }) => marks).filter((mark) => mark !== '')),
];

export const dangerousGoodsOf = ({ dangerousGoods }: ShipmentLine): string =>
  dangerousGoods === null ? '' : `${dangerousGoods.un} class ${dangerousGoods.class}`;
