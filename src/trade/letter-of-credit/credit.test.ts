import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { Currency } from '#domain/money.ts';
import { Exact, moneyText } from '../decimal.ts';
import { addDays, plainDate } from '../plain-date.ts';
import { readCredit } from './credit.ts';
import type { Credit } from './credit-terms.ts';
import {
  APPLICABLE_RULES,
  AVAILABLE_BY,
  CONFIRMATIONS,
  FORMS,
  SHIPMENT_CODES,
  TRANSFER_CONFIRMATIONS,
} from './message-fields.ts';
import { printCredit } from './print-credit.ts';
import { SAMPLE_MT700, SAMPLE_MT720 } from './testing/sample-credit.ts';

const day = plainDate;
const ASKED = { on: day('2026-09-03'), today: day('2026-09-03') };
const ADDRESSES = { sender: 'TESTFRPPAXXX', receiver: 'TESTCNSHXXXX' };
const read = (text: string) => readCredit(text, ASKED);
const print = (credit: Credit) => printCredit(credit, ADDRESSES, ASKED);
const creditOf = (text: string): Credit => {
  const { credit, faults } = read(text);
  if (!credit) throw new Error(faults.map(({ reason }) => reason).join());
  return credit;
};
const withField = (tag: string, text: string, of = SAMPLE_MT700) =>
  of.replace(new RegExp(`:${tag}:[^]*?(?=\\n:\\d|\\n-})`), `:${tag}:${text}`);

const word = fc.stringMatching(/^[A-Z0-9][A-Z0-9 ,.()+]{0,20}[A-Z0-9]$/);
const lines = (most: number) => fc.array(word, { minLength: 1, maxLength: most });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const date = fc.integer({ min: 0, max: 36_000 }).map((days) => addDays(day('1980-01-01'), days));
const party = fc.oneof(
  fc.record({ option: fc.constant<'A'>('A'), lines: fc.constant('TESTFRPPXXX').map((bic) => [bic]) }),
  fc.record({ option: fc.constant<'D'>('D'), lines: lines(3) }),
);
const credit = fc
  .record({
    form: fc.constantFrom(...FORMS),
    number: fc.stringMatching(/^[A-Z0-9]{1,16}$/),
    preAdvice: orNull(word),
    issued: date,
    rules: fc.record({ version: fc.constantFrom(...APPLICABLE_RULES), narrative: orNull(word) }),
    expiry: fc.record({ date, place: word }),
    applicantBank: orNull(party),
    applicant: lines(4),
    beneficiary: fc.record({ account: orNull(fc.stringMatching(/^[A-Z0-9]{1,34}$/)), lines: lines(3) }),
    currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD').map((code) => Currency.parse(code)),
    amount: fc.bigInt({ min: 1n, max: 999_999_999n }).map((n) => (n % 1_000n === 0n ? n : n * 1_000n).toString()),
    tolerance: orNull(fc.record({ plus: fc.integer({ min: 0, max: 99 }), minus: fc.integer({ min: 0, max: 99 }) })),
    additionalAmounts: orNull(lines(4)),
    available: fc.record({ with: party, by: fc.constantFrom(...AVAILABLE_BY) }),
    draftsAt: orNull(lines(3)),
    drawee: orNull(party),
    mixedPayment: orNull(lines(4)),
    deferredPayment: orNull(lines(4)),
    partialShipments: orNull(fc.constantFrom(...SHIPMENT_CODES)),
    transhipment: orNull(fc.constantFrom(...SHIPMENT_CODES)),
    takingInCharge: orNull(word),
    loading: orNull(word),
    discharge: orNull(word),
    destination: orNull(word),
    latestShipment: orNull(date),
    shipmentPeriod: orNull(lines(6)),
    goods: orNull(lines(20)),
    documents: orNull(lines(20)),
    conditions: orNull(lines(20)),
    specialPayment: orNull(lines(5)),
    specialPaymentBank: orNull(lines(5)),
    charges: orNull(lines(6)),
    presentation: orNull(fc.record({ days: fc.integer({ min: 0, max: 999 }), after: orNull(word) })),
    confirmation: fc.constantFrom(...CONFIRMATIONS),
    confirmationParty: orNull(party),
    reimbursingBank: orNull(party),
    instructions: orNull(lines(12)),
    adviseThrough: orNull(party),
    information: orNull(lines(6)),
  })
  .map((made) => ({ ...made, amount: moneyText(new Exact(made.amount), made.currency), transfer: null }));

const transfer = fc.record({
  reference: fc.stringMatching(/^[A-Z0-9]{1,16}$/),
  confirmation: fc.constantFrom(...TRANSFER_CONFIRMATIONS),
  issuingBank: orNull(party),
  nonBankIssuer: orNull(lines(4)),
  intermediaryInstructions: orNull(lines(12)),
});
/** MT720 has no field for a pre-advice, an applicant's bank or a reimbursing bank. */
const transferred = fc.record({ credit, transfer }).map(({ credit: made, transfer: by }) => ({
  ...made,
  transfer: by,
  preAdvice: null,
  applicantBank: null,
  reimbursingBank: null,
}));
/** More lines than fit in one message. */
const long = fc.array(
  fc.integer({ min: 1, max: 65 }).map((length) => 'X'.repeat(length)),
  { minLength: 101, maxLength: 250 },
);

describe('a credit', () => {
  const agrees = (before: Credit): void => {
    const text = print(before);
    expect(creditOf(text)).toEqual(before);
    expect(print(creditOf(text))).toBe(text);
    expect(creditOf(text.replaceAll('\r\n', '\n'))).toEqual(before);
  };

  it('printed and read is the same credit, and read and printed the same text', () => {
    fc.assert(fc.property(fc.oneof(credit, transferred), agrees), { numRuns: 60 });
  });

  it('continues in as many messages as its narratives need', () => {
    fc.assert(
      fc.property(fc.oneof(credit, transferred), long, long, (made, goods, documents) => {
        const before = { ...made, goods, documents };
        agrees(before);
        const { messages, remarks, faults } = read(print(before));
        expect(messages.length).toBeGreaterThan(1);
        expect(messages.every(({ raw }) => raw.length <= 10_000)).toBe(true);
        // The arbitrary terms break rules over several fields, but their layout is valid.
        expect([remarks, faults.filter(({ tag }) => tag === '27' || tag === '20')]).toEqual([[], []]);
      }),
      { numRuns: 8 },
    );
    const endless = Array.from({ length: 800 }, () => 'X'.repeat(65));
    expect(() => print({ ...creditOf(SAMPLE_MT700), goods: endless, documents: endless })).toThrow(
      'credit: does not fit into 8 messages',
    );
  });

  it('that no message can contain unchanged is not printed', () => {
    const whole = creditOf(SAMPLE_MT700);
    const moved = creditOf(SAMPLE_MT720);
    const cases: [Partial<Credit>, string][] = [
      [{ conditions: ['+A', ':49:CONFIRM'] }, '47A: '],
      [{ conditions: ['+A', '-}{5:}'] }, '47A: '],
      [{ conditions: ['+A\n:49:CONFIRM'] }, 'credit.conditions: '],
      [{ conditions: ['+条件'] }, '47A: '],
      [{ beneficiary: { account: null, lines: ['/ACME', 'NINGBO'] } }, 'credit.beneficiary: '],
      [{ amount: '100000.005' }, '32B: '],
      [{ amount: '-1.00' }, '32B: '],
      [{ amount: '0.00' }, '32B: '],
      [{ currency: 'ZZZ' }, '32B: '],
      [{ number: 'A'.repeat(17) }, 'credit.number: '],
      [{ applicant: ['A', 'B', 'C', 'D', 'E:é'] }, '50: '],
    ];
    for (const [change, said] of cases) expect(() => print({ ...whole, ...change }), said).toThrow(said);
    expect(() => print({ ...moved, preAdvice: 'PRE-1' })).toThrow('credit.preAdvice: has no field in MT720');
    expect(() => printCredit(whole, { ...ADDRESSES, sender: 'BANK' }, ASKED)).toThrow('sender: ');
  });

  it('takes the further lines of MT701 after its own', () => {
    const second = `{1:F01TESTFRPPAXXX0000000000}{2:I701TESTCNSHXXXXN}{4:\n:27:2/2\n:20:LCFR26090001\n:46A:+CERTIFICATE OF ORIGIN\n-}`;
    const { credit: both, faults } = read(`${SAMPLE_MT700.replace(':27:1/1', ':27:1/2')}\n${second}`);
    expect(faults).toEqual([]);
    expect(both?.documents?.at(-1)).toBe('+CERTIFICATE OF ORIGIN');
    const alone = read(SAMPLE_MT700.replace(':27:1/1', ':27:1/2'));
    expect(alone.faults).toEqual([expect.objectContaining({ reason: '1 of 2 messages of the series are here' })]);
  });

  it('is null when one of its terms cannot be read or occurs twice: the term is neither ignored nor guessed', () => {
    const unread: [string, string][] = [
      ['43P', 'PROHIBITED'],
      ['44C', '261399'],
      ['39A', '5'],
      ['48', '21 DAYS'],
      ['32B', 'USD12.00'],
      ['32B', 'JPY100000,5'],
      ['32B', 'ZZZ100,'],
      ['40E', 'UCP'],
      ['44E', 'N'.repeat(141)],
    ];
    for (const [tag, text] of unread) {
      const { credit: none, faults } = read(withField(tag, text));
      expect([none, faults[0]?.tag], tag).toEqual([null, tag]);
    }
    const twice = read(SAMPLE_MT700.replace(':48:15', ':48:15\n:48:16'));
    expect([twice.credit, twice.faults.map(({ reason }) => reason)]).toEqual([
      null,
      ['stands twice; a field is given once'],
    ]);
    expect(read(SAMPLE_MT700.replace(':42A:TESTFRPP', ':42A:TESTFRPP\n:42D:OTHER')).credit).toBeNull();
    // An obsolete field that removed no term leaves the credit as the other fields say.
    expect(read(SAMPLE_MT700.replace(':39A:05/05', ':39B:NOT EXCEEDING')).credit?.tolerance).toBeNull();
  });

  it('reads a paragraph that a portal prints as one line', () => {
    const { credit: wide, faults } = read(withField('47A', `+${'ALL DOCUMENTS IN ENGLISH. '.repeat(60)}`));
    expect([faults, wide?.conditions?.length]).toEqual([[], 1]);
  });

  it('never fails without a fault, whatever is done to its message', () => {
    const own = SAMPLE_MT700.split('\n');
    const other = SAMPLE_MT720.split('\n');
    const piece = fc.oneof(
      fc.constantFrom(...own, ...other),
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const edit = fc.record({
      at: fc.nat({ max: own.length }),
      drop: fc.nat({ max: 3 }),
      put: fc.array(piece, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = [...own];
        for (const { at, drop, put } of edits) text.splice(at, drop, ...put);
        try {
          const { credit: made, faults } = read(text.join('\n'));
          expect(made !== null || faults.length > 0).toBe(true);
          for (const { reason } of faults) expect(reason.length).toBeLessThan(400);
        } catch (error) {
          if (!isFailure(error, 'invalid') && !isFailure(error, 'no_row')) throw error;
          expect(error.message).toMatch(/^(message|no row): /);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a credit with the amendments that follow it in one text', () => {
  const mt707 = (
    number: string,
    fields: string,
    of = 'LCFR26090001',
  ) => `{1:F01TESTFRPPAXXX0000000000}{2:I707TESTCNSHXXXXN}{4:
:27:1/1
:20:AMD${number}
:21:NONREF
:23:${of}
:31C:260902
:26E:${number}
:30:260930
:22A:ISSU
${fields}
-}`;
  it('is as they leave it, in the order of their numbers', () => {
    const both = read([SAMPLE_MT700, mt707('2', ':48:20'), mt707('1', ':32B:USD1,\n:48:18')].join('\n'));
    expect([both.faults, both.amended, both.credit?.presentation?.days, both.credit?.amount]).toEqual([
      [],
      [1, 2],
      20,
      '100001.00',
    ]);
  });
  it('is none when one of them cannot be read, or is of another credit', () => {
    for (const text of [
      mt707('1', ':44C:269999'),
      mt707('1', ':48:20', 'OTHER'),
      `${mt707('1', ':48:20')}\n${mt707('1', ':48:21')}`,
    ]) {
      const { credit: none, faults } = read(`${SAMPLE_MT700}\n${text}`);
      expect([none, faults.length]).toEqual([null, 1]);
    }
    expect(() => read(`${SAMPLE_MT700}\n${SAMPLE_MT700}`)).toThrow('message: MT700 does not continue MT700');
    expect(() => read(mt707('1', ':48:20'))).toThrow('message: begins with MT707');
  });
});

describe('a transferred credit', () => {
  it('has the first beneficiary for its applicant and the second for its beneficiary', () => {
    const { credit: moved, faults } = read(SAMPLE_MT720);
    expect(faults).toEqual([]);
    expect(moved).toMatchObject({
      form: 'IRREVOCABLE TRANSFERABLE',
      number: 'LCFR26090001',
      amount: '80000.00',
      expiry: { date: '2026-11-05', place: 'SHANGHAI' },
      latestShipment: '2026-10-25',
      transfer: {
        reference: 'TRF26090007',
        confirmation: 'WITHOUT OUR CONFIRMATION',
        nonBankIssuer: null,
        issuingBank: { option: 'A', lines: ['TESTFRPP'] },
      },
    });
    expect([moved?.applicant[0], moved?.beneficiary.lines[0]]).toEqual([
      'NINGBO SAMPLE TEXTILE CO., LTD.',
      'HANGZHOU DEMO MILL CO., LTD.',
    ]);
  });

  it('continues in MT721, under both references', () => {
    const second = (number: string) =>
      `{1:F01TESTCNSHAXXX0000000000}{2:I721TESTCNBJXXXXN}{4:\n:27:2/2\n:20:TRF26090007\n:21:${number}\n:47A:+MORE\n-}`;
    const both = (number: string) => read(`${SAMPLE_MT720.replace(':27:1/1', ':27:1/2')}\n${second(number)}`);
    expect([both('LCFR26090001').faults, both('LCFR26090001').credit?.conditions?.at(-1)]).toEqual([[], '+MORE']);
    expect(both('OTHER').faults.map(({ tag }) => tag)).toEqual(['21']);
  });

  it('names the field at fault', () => {
    const faulty: [string, string, string][] = [
      ['40B', 'IRREVOCABLE', '40B'],
      ['40B', 'IRREVOCABLE\nMAYBE', '40B'],
      ['40B', 'IRREVOCABLE STANDBY\nWITHOUT OUR CONFIRMATION', '40B'],
      ['20', 'TOO-LONG-A-REFERENCE', '20'],
      ['32B', 'USD80.000,00', '32B'],
      ['31D', '261305SHANGHAI', '31D'],
    ];
    for (const [tag, text, field] of faulty) {
      const { credit: none, faults } = read(withField(tag, text, SAMPLE_MT720));
      expect([none, [...new Set(faults.map((fault) => fault.tag))]], text).toEqual([null, [field]]);
    }
    const missing = (tag: string) => read(SAMPLE_MT720.replace(new RegExp(`:${tag}:[^]*?\\n(?=:\\d)`), ''));
    for (const tag of ['40B', '20', '21', '31C', '40E', '31D', '50', '59', '32B', '41D', '49'])
      expect([missing(tag).credit, missing(tag).faults[0]?.tag?.slice(0, 2)], tag).toEqual([null, tag.slice(0, 2)]);
    expect(missing('52A').faults.map(({ reason }) => reason)).toEqual([expect.stringContaining('neither 52a nor 50B')]);
  });
});
