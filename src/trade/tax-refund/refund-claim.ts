import { row, source } from '../currency/dated-row.ts';
import type { PlainDate } from '../plain-date.ts';
import { mergeNotices, type Notice, type RuleTable, ruleOn } from '../rule.ts';
import { checkMode, type Sale } from './customs-modes.ts';
import { PRE_REFUND_9810, SETTLING_9810 } from './rules-cn.ts';

/** The papers that a trading company has for the purchase of the goods. */
export const PURCHASE_PAPERS = [
  'special-vat-invoice',
  'customs-payment-certificate',
  'ordinary-invoice',
  'none',
] as const;
export type PurchasePaper = (typeof PURCHASE_PAPERS)[number];

/** Refund: zero-rated with refund. Exempt: no output VAT and no refund. */
const TREATMENT: RuleTable<Readonly<Record<PurchasePaper, 'refund' | 'exempt'>>> = {
  id: 'cn.refund.purchase-paper',
  name: 'China: a refund needs a special VAT invoice; goods bought without one are exempt at best',
  rows: [
    row(
      null,
      null,
      {
        'special-vat-invoice': 'refund',
        'customs-payment-certificate': 'refund',
        'ordinary-invoice': 'exempt',
        none: 'exempt',
      },
      {
        source: source('财税〔2012〕39号; 财税〔2018〕103号 (retail export without invoices in pilot zones)'),
        status: 'general_knowledge',
        note: 'exemption without an invoice has conditions; ask the tax office',
      },
    ),
  ],
};

export interface ClaimQuestion {
  paper: PurchasePaper;
  mode: string;
  sale: Sale;
  exportDate: PlainDate;
  /** Whether the goods have been sold abroad yet. */
  sold: boolean;
}

export interface ClaimProcedure {
  treatment: 'refund' | 'exempt';
  /** Refund before sale under 9810: the type to write on the claim; null for an ordinary claim or none. */
  preRefund: { claimType: string; settle: string } | null;
  notices: readonly Notice[];
}

/**
 * The procedure for a claim: refund or exemption by the purchase paper, ordinary or pre-refund (9810, unsold, exported
 * from 2025-01-27 on), and whether the customs mode fits the sale. Goods bought without an invoice never get a refund.
 */
export const claimProcedure = (question: ClaimQuestion, today: PlainDate): ClaimProcedure => {
  const asOf = { on: question.exportDate, today };
  const treatment = ruleOn(TREATMENT, asOf, 'exportDate');
  const checked = checkMode(question.mode, question.sale, question.exportDate, today);
  const way = treatment.value[question.paper];
  if (way === 'exempt' || question.mode !== '9810' || question.sold)
    return { treatment: way, preRefund: null, notices: mergeNotices(treatment.notices, checked.notices) };
  const early = ruleOn(PRE_REFUND_9810, asOf, 'exportDate');
  const settling = ruleOn(SETTLING_9810, asOf, 'exportDate');
  return {
    treatment: way,
    preRefund: { claimType: early.value.claimType, settle: settling.value.by },
    notices: mergeNotices(treatment.notices, checked.notices, early.notices, settling.notices),
  };
};
