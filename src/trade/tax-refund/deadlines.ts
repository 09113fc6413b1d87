import { addDays, addMonths, earliest, latest, type PlainDate, plainDate } from '../plain-date.ts';
import { mergeNotices, type Notice, ruleOn } from '../rule.ts';
import {
  DEEMED_DOMESTIC,
  FILE_AND_COLLECT,
  FILING_DOCUMENTS,
  FILING_PAPERS,
  LAST_MONTHS,
  RECEIPT_TABLE_WITH_CLAIM,
} from './rules-cn.ts';

export interface RefundDeadlines {
  /** First day of the month after export: the first filing period. */
  filingOpens: PlainDate;
  /** Last day to receive the foreign exchange, and end of the VAT filing periods for an ordinary claim. */
  fileAndCollectBy: PlainDate;
  /** Last day for a late claim, which needs proof of receipt. */
  last36Months: PlainDate;
  deemedDomesticRuleApplies: boolean;
  /** The day from which an unclaimed export is taxed as a domestic sale; null if that rule is not in force. */
  deemedDomesticFrom: PlainDate | null;
  notices: readonly Notice[];
}

const IN_A_FILING_PERIOD: Notice = {
  code: 'advice',
  rule: FILE_AND_COLLECT.id,
  message:
    'An ordinary claim goes in during a VAT filing period; the last is that of April, which usually ends before the 30th: ask the tax office for its last day',
};

const deadlinesOf = (exportDate: PlainDate, today: PlainDate): RefundDeadlines => {
  const asOf = { on: exportDate, today };
  const collect = ruleOn(FILE_AND_COLLECT, asOf, 'exportDate');
  const months = ruleOn(LAST_MONTHS, asOf, 'exportDate');
  const domestic = ruleOn(DEEMED_DOMESTIC, asOf, 'exportDate');
  const last36Months = addMonths(exportDate, months.value);
  const nextYear = String(Number(exportDate.slice(0, 4)) + 1).padStart(4, '0');
  return {
    filingOpens: plainDate(`${addMonths(exportDate, 1).slice(0, 7)}-01`),
    fileAndCollectBy: plainDate(`${nextYear}-${collect.value.month}-${collect.value.day}`),
    last36Months,
    deemedDomesticRuleApplies: domestic.value,
    deemedDomesticFrom: domestic.value ? addDays(last36Months, 1) : null,
    notices: mergeNotices(collect.notices, months.notices, domestic.notices),
  };
};

/**
 * The deadlines that follow from the export date on the declaration. The 36-month day is always included; treatment as
 * a domestic sale applies to exports from 2026-01-01 on. Not for goods that leave through a bonded zone, which have
 * another date. Throws `no_row` for an export before the rules on file.
 * Sources: 公告2026年第11号, 公告2026年第5号 art. 48, read 2026-11-25.
 */
export const refundDeadlines = (exportDate: PlainDate, today: PlainDate): RefundDeadlines => {
  const deadlines = deadlinesOf(exportDate, today);
  return { ...deadlines, notices: [...deadlines.notices, IN_A_FILING_PERIOD] };
};

export interface CollectionDeadline {
  collectBy: PlainDate;
  /** 36 months after export. No contract moves the deadline beyond it. */
  cap: PlainDate;
  notices: readonly Notice[];
}

/**
 * By when the foreign exchange must be received: 30 April of the next year or, if the contract has a later final
 * payment, that day, but never later than 36 months after export. Source: 公告2026年第5号 art. 48, read 2026-11-25.
 */
export const collectionDeadline = (
  exportDate: PlainDate,
  finalPayment: PlainDate | null,
  today: PlainDate,
): CollectionDeadline => {
  const { fileAndCollectBy, last36Months: cap, notices } = deadlinesOf(exportDate, today);
  const collectBy = finalPayment === null ? fileAndCollectBy : earliest(latest(fileAndCollectBy, finalPayment), cap);
  return { collectBy, cap, notices };
};

export interface FilingDocuments {
  filingDocumentsBy: PlainDate;
  keepYears: number;
  keepUntil: PlainDate;
  papers: readonly string[];
  notices: readonly Notice[];
}

/** By when the filing documents of a claim must be on file, and how long they are kept. Source: art. 45, 公告2026年第5号. */
export const filingDocuments = (filedOn: PlainDate, today: PlainDate): FilingDocuments => {
  const { value, notices } = ruleOn(FILING_DOCUMENTS, { on: filedOn, today }, 'filedOn');
  return {
    filingDocumentsBy: addDays(filedOn, value.days),
    keepYears: value.keepYears,
    keepUntil: addMonths(filedOn, value.keepYears * 12),
    papers: FILING_PAPERS,
    notices,
  };
};

export interface ClaimFacts {
  exportDate: PlainDate;
  filedOn: PlainDate;
  /** The company's class at the tax office, 1 to 4. */
  companyClass: 1 | 2 | 3 | 4;
  /** The day of the tax office's notice that receipt papers were false; null if there was none. */
  falsePapersNotice: PlainDate | null;
}

export interface ReceiptTable {
  /** Whether the table of foreign exchange received, with its proofs, must be submitted with the claim. */
  submit: boolean;
  reasons: readonly string[];
  notices: readonly Notice[];
}

/**
 * Whether a claim needs the table of foreign exchange received: class 4, false papers within the last 24 months, or a
 * claim later than 30 April of the next year. All others keep it on file. Throws `no_row` for claims before 2026.
 */
export const receiptTableWithClaim = (facts: ClaimFacts, today: PlainDate): ReceiptTable => {
  const { value, notices } = ruleOn(RECEIPT_TABLE_WITH_CLAIM, { on: facts.filedOn, today }, 'filedOn');
  const { fileAndCollectBy } = deadlinesOf(facts.exportDate, today);
  const { companyClass, falsePapersNotice, filedOn } = facts;
  const reasons = [
    ...(value.classes.includes(companyClass) ? [`the company is of class ${companyClass}`] : []),
    ...(falsePapersNotice !== null && filedOn < addMonths(falsePapersNotice, value.afterFalsePapersMonths)
      ? [`papers were found false on ${falsePapersNotice}, less than ${value.afterFalsePapersMonths} months ago`]
      : []),
    ...(filedOn > fileAndCollectBy ? [`the claim is later than ${fileAndCollectBy}`] : []),
  ];
  return { submit: reasons.length > 0, reasons, notices };
};
