import { plainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';

/** Up to and including both limits the short form CN22 is enough; above either it is CN23. */
export const cn22Limits: RuleTable<{ sdr: string; kg: string }> = {
  id: 'post.cn22',
  name: 'Limits of the customs form CN22',
  rows: [
    {
      from: plainDate('2020-01-01'),
      to: null,
      value: { sdr: '300', kg: '2' },
      source: { title: 'Hongkong Post and other operators on CN22 and CN23', read: plainDate('2026-11-24') },
      status: 'verified',
      reviewBy: plainDate('2027-06-30'),
    },
  ],
};

/** The rule that addresses and contents must be sent as data before the item. */
export const advanceData: RuleTable<'required'> = {
  id: 'post.advance-data',
  name: 'Electronic advance data of postal items (ITMATT)',
  rows: [
    {
      from: plainDate('2021-01-01'),
      to: null,
      value: 'required',
      source: { title: 'Universal Postal Union, electronic advance data', read: plainDate('2026-11-24') },
      status: 'general_knowledge',
      reviewBy: plainDate('2027-06-30'),
    },
  ],
};
