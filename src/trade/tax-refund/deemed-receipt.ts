import { row, source } from '../currency/dated-row.ts';
import type { PlainDate } from '../plain-date.ts';
import { type Notice, type RuleTable, ruleOn } from '../rule.ts';

/** Reasons why an export counts as paid although no foreign exchange was received (视同收汇). */
export const DEEMED_REASONS = [
  ...(['market-change', 'quality-claim', 'perished-goods', 'force-majeure', 'buyer-insolvent'] as const),
  ...(['currency-change', 'short-or-over-shipment', 'credit-insurance', 'other-listed'] as const),
] as const;
export type DeemedReason = (typeof DEEMED_REASONS)[number];

const LIST = source(
  '视同收汇原因及举证材料清单, annex to 公告2026年第5号 (earlier list: 公告2013年第30号)',
  'https://wtt6.com/92060.html',
);
const BUYER_LETTER = 'statement of the company and correspondence with the buyer';

/** The proofs that each reason needs; all must be on file. */
const EVIDENCE: Readonly<Record<DeemedReason, readonly string[]>> = {
  'market-change': [BUYER_LETTER, 'quotation of an exchange, or certificate of a chamber of commerce'],
  'quality-claim': [BUYER_LETTER, 'inspection report, or certificate of a chamber of commerce'],
  'perished-goods': ['inspection or quarantine certificate of the loss'],
  'force-majeure': ['press report, or certificate of the Chinese mission abroad'],
  'buyer-insolvent': ['press report or court notice, or certificate of the Chinese mission abroad'],
  'currency-change': ['published exchange rates of the bank or the press'],
  'short-or-over-shipment': ['bill of lading or other loading document', 'statement of the company'],
  'credit-insurance': ['notice of indemnity of the export credit insurer', 'bank record of the indemnity'],
  'other-listed': ['the proof that the list names for the reason'],
};

export const DEEMED_RECEIPT: RuleTable<typeof EVIDENCE> = {
  id: 'cn.refund.deemed-receipt',
  name: 'China: reasons that stand in for receipt of foreign exchange, with their proofs',
  rows: [
    row('2013-08-01', null, EVIDENCE, {
      source: LIST,
      status: 'general_knowledge',
      note: 'that listed reasons need proof was read; the list itself was not, so check it before you rely on a reason',
    }),
  ],
};

export interface DeemedCheck {
  accepted: boolean;
  missing: readonly string[];
  notices: readonly Notice[];
}

/** Whether the proofs on file support the reason: accepted if every proof of the list is there, by its name here. */
export const checkDeemedReceipt = (
  reason: DeemedReason,
  evidence: readonly string[],
  asOf: { on: PlainDate; today: PlainDate },
): DeemedCheck => {
  const { value, notices } = ruleOn(DEEMED_RECEIPT, asOf, 'exportDate');
  const missing = value[reason].filter((proof) => !evidence.includes(proof));
  return { accepted: missing.length === 0, missing, notices };
};
