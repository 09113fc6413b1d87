import { plainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';
import { row, source } from './dated-row.ts';

const faq = source(
  'New Zealand Customs Service, Duty and GST FAQs (stored copy, its age unknown)',
  'https://www.customs.govt.nz/personal/duty-and-gst/faqs/',
  plainDate('2026-11-25'),
);

const details = {
  source: faq,
  status: 'general_knowledge',
  note: 'the rule was read in a stored copy of the page, its first day was not',
} as const;

export const nzLowValue: RuleTable<string> = {
  id: 'nz.low-value',
  name: 'New Zealand value up to which Customs collects neither duty nor GST nor fees',
  rows: [row('2019-12-01', null, '1000', details)],
};

export const nzGst: RuleTable<string> = {
  id: 'nz.gst',
  name: 'New Zealand GST rate',
  rows: [row('2019-12-01', null, '0.15', details)],
};

/** Import entry transaction fee and biosecurity system entry levy: they change, and no state of theirs is on file. */
export const nzEntryFees: RuleTable<string> = {
  id: 'nz.entry-fees',
  name: 'New Zealand import entry transaction fee and biosecurity levy',
  rows: [],
};
