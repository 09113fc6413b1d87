import type { PlainDate } from '../plain-date.ts';
import { type Notice, noRow, ruleOn } from '../rule.ts';
import { REFUND_GROUPS, REFUND_RATES, type RefundGroup } from './rules-cn.ts';

/** Other names of the groups. */
const ALSO: Readonly<Record<string, RefundGroup>> = {
  batteries: 'battery',
  photovoltaic: 'pv',
  photovoltaics: 'pv',
  solar: 'pv',
  aluminum: 'aluminium',
  'refined oil': 'refined-oil',
  'modified oils': 'modified-oils',
};

const groupOf = (product: string): RefundGroup | undefined => {
  const word = product.slice(0, 80).trim().toLowerCase();
  return REFUND_GROUPS.find((group) => group === word) ?? (Object.hasOwn(ALSO, word) ? ALSO[word] : undefined);
};

export interface RefundRate {
  /** As a fraction: `0.09`. */
  refundRate: string;
  notices: readonly Notice[];
}

/**
 * The refund rate of a product group by the export date on the declaration. It applies only to the HS codes in the
 * announcement's list, and a notice says so with every rate. Throws `no_row` for a group or day without a row: then
 * look up the rate of the HS code in the tax office's rate library and pass it in.
 * Sources: 公告2026年第2号, 公告2024年第15号, read 2026-11-25.
 */
export const refundRateOn = (product: string, exportDate: PlainDate, today: PlainDate): RefundRate => {
  const group = groupOf(product);
  if (group === undefined)
    throw noRow(`a VAT refund rate for “${product.slice(0, 40)}”; hand in the rate of its HS code`, 'product');
  const { value, row, notices } = ruleOn(REFUND_RATES[group], { on: exportDate, today }, 'exportDate');
  const ofList: Notice = {
    code: 'advice',
    rule: REFUND_RATES[group].id,
    message: `The rate holds for the HS codes that the announcement lists; check the code of the goods (${row.source.title})`,
  };
  return { refundRate: value, notices: [...notices, ofList] };
};
