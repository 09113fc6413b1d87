import { z } from 'zod';
import { Currency } from '#domain/money.ts';
import { type Exact, exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { readInput } from '../read-input.ts';
import { type Asked, type Notice, noticesTogether, type RuleTable, ruleOn } from '../rule.ts';

/** Up to both limits the short form CN22 will do. */
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

/** The rule that the addresses and contents travel ahead of the item as data. */
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

export const PostalItem = z.strictObject({
  value: z.string().regex(/^\d{1,11}(\.\d{1,4})?$/, 'has to be an amount as text, such as 12.50'),
  currency: Currency,
  /** SDR for one unit of `currency` on the day, as the IMF publishes it; `1` where the value is in SDR (XDR). */
  sdrRate: z.string().regex(/^\d{1,6}(\.\d{1,10})?$/, 'has to be a rate as text, such as 0.7512'),
  weightKg: z.string().regex(/^\d{1,4}(\.\d{1,3})?$/, 'has to be kilograms as text, such as 1.9'),
  /** Goods that were sold: the form then needs HS code and origin, and an invoice goes with it. */
  commercial: z.boolean(),
});
export type PostalItem = z.infer<typeof PostalItem>;

export interface PostalForm {
  form: 'CN22' | 'CN23';
  valueSdr: Exact;
  needs: readonly ('hs' | 'origin' | 'invoice')[];
  notices: readonly Notice[];
}

/** The customs form of a postal item: CN22 up to SDR 300 and 2 kg, CN23 above either. Couriers use invoices instead. */
export const postalForm = (item: PostalItem, asked: Asked): PostalForm => {
  const given = readInput(PostalItem, item, 'item');
  const { value: limit, notices } = ruleOn(cn22Limits, asked);
  const valueSdr = exact(given.value, 'value').times(exact(given.sdrRate, 'sdrRate', { zero: false }));
  const weight = exact(given.weightKg, 'weightKg', { zero: false });
  return {
    form: valueSdr.lte(limit.sdr) && weight.lte(limit.kg) ? 'CN22' : 'CN23',
    valueSdr,
    needs: given.commercial ? ['hs', 'origin', 'invoice'] : [],
    notices: noticesTogether(notices, ruleOn(advanceData, asked).notices),
  };
};
