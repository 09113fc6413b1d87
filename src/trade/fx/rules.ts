import { row, source } from '../currency/dated-row.ts';
import type { RuleTable } from '../rule.ts';

/** What the European Central Bank publishes, and when. */
export const ECB_PUBLICATION: RuleTable<{ base: 'EUR'; about: string; not: string }> = {
  id: 'fx.ecb-publication',
  name: 'ECB euro reference rates',
  rows: [
    row('2016-07-01', null, { base: 'EUR', about: '16:00 CET', not: 'TARGET closing days' } as const, {
      source: source(
        'Euro foreign exchange reference rates: updated at around 16:00 CET every working day, except on TARGET closing days',
        'https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html',
      ),
      status: 'verified',
      note: 'the rates are for information; the bank’s own rate settles a payment',
    }),
  ],
};
