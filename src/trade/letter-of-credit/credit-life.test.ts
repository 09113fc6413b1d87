import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { amended, amendmentVerdict, creditInForce, readAmendment } from './amendment.ts';
import { readCredit } from './credit.ts';
import { CREDIT_STATES, creditStates } from './credit-states.ts';
import { instalmentStates } from './instalments.ts';
import { dueReminders, issueReminders, presentationReminders } from './reminders.ts';
import { SAMPLE_MT700 } from './testing/sample-credit.ts';

const day = plainDate;
const TODAY = day('2026-10-01');
const ASKED = { on: TODAY, today: TODAY };
const sample = () => {
  const { credit } = readCredit(SAMPLE_MT700, ASKED);
  if (!credit) throw new Error('the sample is a credit');
  return credit;
};
const mt707 = (fields: string, number = '1') => `{1:F01TESTFRPPAXXX0000000000}{2:I707TESTCNSHXXXXN}{4:
:27:1/1
:20:AMD${number}
:21:NONREF
:23:LCFR26090001
:31C:260902
:26E:${number}
:30:260930
:22A:ISSU
${fields}
-}`;
const amendmentOf = (fields: string, number?: string) => readAmendment(mt707(fields, number), ASKED);
const applied = (fields: string) => {
  const { amendment, faults } = amendmentOf(fields);
  if (!amendment) throw new Error(faults.map(({ reason }) => reason).join());
  return amended(sample(), amendment);
};

describe('an amendment', () => {
  it('changes what it mentions and nothing else', () => {
    const before = sample();
    expect(applied(':31D:261130SHANGHAI\n:44C:261115\n:48:21')).toEqual({
      ...before,
      expiry: { date: '2026-11-30', place: 'SHANGHAI' },
      latestShipment: '2026-11-15',
      presentation: { days: 21, after: null },
    });
    expect(applied(':32B:USD5000,50').amount).toBe('105000.50');
    expect(applied(':33B:USD5000,').amount).toBe('95000.00');
    expect(applied(':44D:SECOND HALF OF NOVEMBER 2026')).toMatchObject({ latestShipment: null });
  });

  it('adds, deletes and replaces narratives, wherever their lines break', () => {
    expect(applied(':46B:/ADD/+CERTIFICATE OF ORIGIN').documents?.at(-1)).toBe('+CERTIFICATE OF ORIGIN');
    expect(applied(':47B:/DELETE/+ALL DOCUMENTS MUST QUOTE\nTHIS CREDIT NUMBER').conditions).toBeNull();
    expect(applied(':47B:/REPALL/+THIRD PARTY DOCUMENTS ACCEPTABLE').conditions).toEqual([
      '+THIRD PARTY DOCUMENTS ACCEPTABLE',
    ]);
  });

  it('is refused when it cannot be applied', () => {
    expect(() => applied(':47B:/DELETE/+WHAT IS NOT THERE')).toThrow('conditions: ');
    expect(() => applied(':32B:EUR5000,')).toThrow('amountChange: EUR');
    expect(() => applied(':33B:USD100000,')).toThrow('amountChange: ');
    const { amendment } = amendmentOf(':48:21');
    if (!amendment) throw new Error('an amendment');
    expect(() => amended({ ...sample(), number: 'OTHER' }, amendment)).toThrow('creditNumber: ');
    const unread = amendmentOf(':47B:PLEASE DELETE THE FIRST CONDITION');
    expect([unread.amendment, unread.faults.map(({ tag }) => tag)]).toEqual([null, ['47B']]);
    expect(amendmentOf(':32B:USD1,\n:33B:USD1,').faults[0]?.reason).toContain('32B and 33B are both present');
  });

  it('puts one way of payment in the place of another', () => {
    expect(applied(':42P:30 DAYS AFTER B/L DATE')).toMatchObject({
      draftsAt: null,
      drawee: null,
      mixedPayment: null,
      deferredPayment: ['30 DAYS AFTER B/L DATE'],
    });
    expect(applied(':42C:AT SIGHT')).toMatchObject({ draftsAt: ['AT SIGHT'], drawee: { option: 'A' } });
  });

  it('is not guessed when one of its fields cannot be read, occurs twice or contradicts another', () => {
    for (const fields of [':44C:261399', ':43P:PERHAPS', ':48:20\n:48:21', ':32B:USD1,\n:33B:USD1,', ':32B:JPY1,5']) {
      const { amendment, faults } = amendmentOf(fields);
      expect([amendment, faults.length], fields).toEqual([null, 1]);
    }
  });

  it('is in force when the beneficiary accepts all of it, and is rejected when it accepts a part', () => {
    const answer = (accepted: number, rejected: number, more: object = {}) =>
      amendmentVerdict(
        {
          changes: 3,
          accepted,
          rejected,
          presentedAsAmended: false,
          confirmed: false,
          confirmingBankExtends: false,
          ...more,
        },
        ASKED,
      ).state;
    expect([answer(3, 0), answer(2, 1), answer(2, 0), answer(0, 3), answer(0, 0)]).toEqual([
      'accepted',
      'rejected',
      'rejected',
      'rejected',
      'pending',
    ]);
    expect(answer(0, 0, { presentedAsAmended: true })).toBe('accepted');
    expect(() => answer(3, 1)).toThrow('answer: ');
  });

  it('counts only when accepted, and a cancellation too', () => {
    const [one, two, end] = [
      amendmentOf(':48:21', '1').amendment,
      amendmentOf(':32B:USD1,', '2').amendment,
      amendmentOf(':23S:CANCEL', '3').amendment,
    ];
    if (!one || !two || !end) throw new Error('amendments');
    const now = creditInForce(
      sample(),
      [
        { amendment: two, state: 'pending' },
        { amendment: one, state: 'accepted' },
      ],
      ASKED,
    );
    expect([now.credit.presentation?.days, now.credit.amount, now.applied, now.cancelled]).toEqual([
      21,
      '100000.00',
      [1],
      false,
    ]);
    expect(creditInForce(sample(), [{ amendment: end, state: 'accepted' }], ASKED).cancelled).toBe(true);
    expect(creditInForce(sample(), [{ amendment: end, state: 'rejected' }], ASKED).cancelled).toBe(false);
    const twice = [one, one].map((amendment) => ({ amendment, state: 'accepted' as const }));
    expect(() => creditInForce(sample(), twice, ASKED)).toThrow('amendments: amendment 1 is given twice');
  });
});

describe('the life of a credit', () => {
  it('goes from request to settlement, and ends in the final states', () => {
    const way = [
      'requested',
      'issued',
      'reviewed',
      'amendment_requested',
      'reviewed',
      'accepted',
      'presented',
    ] as const;
    for (const [index, to] of way.entries()) creditStates.check(way[index - 1] ?? to, to);
    for (const [from, to] of [
      ['presented', 'discrepant'],
      ['discrepant', 'honoured'],
      ['honoured', 'settled'],
    ] as const)
      creditStates.check(from, to);
    expect(CREDIT_STATES.filter((state) => creditStates.final(state))).toEqual(['settled', 'expired', 'cancelled']);
    expect([...creditStates.states].sort()).toEqual([...CREDIT_STATES].sort());
    expect(() => creditStates.check('issued', 'presented')).toThrow('no step from issued to presented');
  });

  it('has reminders before the credit is due and before the last day to present, and none once done', () => {
    const due = issueReminders(day('2026-09-05'), 'requested');
    expect(due.map(({ on, to }) => `${on} ${to}`)).toEqual([
      '2026-08-29 buyer',
      '2026-09-02 buyer',
      '2026-09-05 buyer',
      '2026-09-08 production',
    ]);
    expect(dueReminders(due, day('2026-09-04')).map(({ on }) => on)).toEqual(['2026-08-29', '2026-09-02']);
    expect(issueReminders(day('2026-09-05'), 'issued')).toEqual([]);
    expect(presentationReminders(day('2026-11-12'), 'accepted').map(({ on }) => on)).toEqual([
      '2026-11-05',
      '2026-11-09',
      '2026-11-11',
      '2026-11-12',
      '2026-11-13',
    ]);
    expect(presentationReminders(day('2026-11-12'), 'presented')).toEqual([]);
  });

  it('ends for an instalment that is missed and those that follow (art. 32)', () => {
    const period = (from: string, to: string, made: string | null) => ({
      from: day(from),
      to: day(to),
      made: made === null ? null : day(made),
    });
    const states = (...rows: ReturnType<typeof period>[]) => instalmentStates(rows, ASKED).states;
    const [july, august] = [
      period('2026-07-01', '2026-07-31', '2026-07-20'),
      period('2026-08-01', '2026-08-31', '2026-09-01'),
    ];
    expect(states(july, august, period('2026-09-01', '2026-09-30', '2026-09-10'))).toEqual([
      'made',
      'missed',
      'ceased',
    ]);
    expect(states(july, period('2026-10-01', '2026-10-31', null), period('2026-11-01', '2026-11-30', null))).toEqual([
      'made',
      'due',
      'open',
    ]);
    expect(() => states(july, period('2026-07-31', '2026-08-31', null))).toThrow('schedule.1.from: ');
    expect(() => states(period('2026-07-02', '2026-07-01', null))).toThrow('schedule.0.to: ');
    expect(() => states()).toThrow('schedule: ');
  });
});
