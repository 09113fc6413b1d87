import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Currency } from '#domain/money.ts';
import { Exact, moneyText } from '../decimal.ts';
import { addDays, plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { printCredit, readCredit } from './credit.ts';
import { formatFault, partsOf } from './field-format.ts';
import {
  APPLICABLE_RULES,
  AVAILABLE_BY,
  CONFIRMATIONS,
  FORMS,
  MESSAGE_FIELDS,
  SHIPMENT_CODES,
} from './message-fields.ts';
import { printMessage } from './print-message.ts';
import { readMessages, swiftDate } from './read-message.ts';
import { SAMPLE_MT700 } from './testing/sample-credit.ts';

const day = plainDate;
const ASKED = { on: day('2026-09-03'), today: day('2026-09-03') };
const faults = (text: string) => readMessages(text, ASKED).flatMap((message) => message.faults);
const withField = (tag: string, text: string) =>
  SAMPLE_MT700.replace(new RegExp(`:${tag}:[^]*?(?=\\n:\\d|\\n-})`), text === '' ? '' : `:${tag}:${text}`).replace(
    '\n\n',
    '\n',
  );

describe('the field notation', () => {
  it('is interpreted: every format of every table compiles and takes what it describes', () => {
    for (const table of Object.values(MESSAGE_FIELDS)) {
      expect(faultsOf(table)).toEqual([]);
      for (const row of table.rows[0]?.value ?? [])
        for (const format of Object.values(row.formats)) expect(partsOf(format).length).toBeGreaterThan(0);
    }
    const rows: [string, string, boolean][] = [
      ['16x', 'LC-1', true],
      ['16x', 'LC-TOO-LONG-REFERENCE', false],
      ['6!n29x', '261115SHANGHAI', true],
      ['6!n29x', '261115', false],
      ['3!a15d', 'USD100000,', true],
      ['3!a15d', 'USD100000,5', true],
      ['3!a15d', 'USD100000', false],
      ['3!a15d', 'USD100000.00', false],
      ['3!a15d', 'USD1234567890123456,', false],
      ['2n/2n', '05/05', true],
      ['2n/2n', '5/5', true],
      ['3n[/35x]', '21', true],
      ['3n[/35x]', '21/AFTER INVOICE DATE', true],
      ['3n[/35x]', '21 DAYS', false],
      ['30x[/35x]', 'OTHR/HOUSE RULES', true],
      ['[/34x$]4*35x', '/123\nNAME\nSTREET', true],
      ['4*35x', 'A\nB\nC\nD', true],
      ['4*35x', 'A\nB\nC\nD\nE', false],
      ['4!c[$6*35z]', 'OTHR\nTHE AGENT', true],
      ['16x', 'LC 号', false],
    ];
    expect(rows.filter(([format, text, fits]) => (formatFault(text, format) === null) !== fits)).toEqual([]);
  });

  it('stays quick on long and hostile texts', () => {
    const started = performance.now();
    for (const text of ['A'.repeat(7_999), '/'.repeat(7_999), `${'A'.repeat(65)}\n`.repeat(120), ' '.repeat(7_999)])
      for (const row of MESSAGE_FIELDS['700'].rows[0]?.value ?? [])
        for (const format of Object.values(row.formats)) formatFault(text, format);
    readMessages(`{1:}{2:I700X}{4:\n${':20:A\n'.repeat(20_000)}-}`, ASKED);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('reading a message', () => {
  it('takes LF and CR LF alike and loses nothing', () => {
    for (const text of [SAMPLE_MT700, SAMPLE_MT700.replaceAll('\n', '\r\n')]) {
      const [message] = readMessages(text, ASKED);
      expect([message?.type, message?.sender, message?.receiver]).toEqual(['700', 'TESTFRPPAXXX', 'TESTCNSHXXXX']);
      expect(message?.faults).toEqual([]);
      const [again] = readMessages(printMessage(message ?? { head: '', fields: [], tail: '' }), ASKED);
      expect(again?.fields.map(({ tag, text: said }) => [tag, said])).toEqual(
        message?.fields.map(({ tag, text: said }) => [tag, said]),
      );
    }
  });

  it('lists every fault at once, with tag and line', () => {
    const many = `{1:F01TESTUS33AXXX0000000000}{2:I700TESTCNSHXXXXN}{4:
:27:1/1
:40A:REVOCABLE
:20:LC-TOO-LONG-REFERENCE-0001
:31C:261399
:40E:UCP LATEST VERSION
:31D:261001
:50:ACME TEST INC
:59:SAMPLE CO
:32B:US100000.00
:41D:ANY BANK
BY NEGOTIATION
:42C:SIGHT
:43P:PROHIBITED
:44C:261015
:44D:WITHIN OCTOBER
:48:21 DAYS
:49:WITHOUT
:71B:OLD CHARGES
-}`;
    const found = faults(many);
    expect(found.map(({ tag, line }) => `${tag} ${line}`)).toEqual([
      ...['40A 3', '20 4', '31C 5', '31D 7', '31D 7', '32B 10', '42C 13', '43P 14', '44D 16', '48 17', '71B 19'],
    ]);
    const said = found.map(({ reason }) => reason).join('\n');
    for (const part of [
      'no month 13',
      'the place is missing',
      'the decimal sign is a comma',
      '42C without 42a',
      'use 71D',
    ])
      expect(said).toContain(part);
  });

  it('knows mandatory fields, order, repetition and rules over several fields', () => {
    const reasons = (text: string) => faults(text).map(({ tag, reason }) => `${tag}: ${reason}`);
    expect(reasons(withField('49', ''))).toEqual([
      expect.stringContaining('49: Confirmation instructions: is missing'),
    ]);
    expect(reasons(SAMPLE_MT700.replace(':48:15', ':48:15\n:48:16'))).toEqual([
      '48: stands twice; a field is given once',
    ]);
    expect(reasons(SAMPLE_MT700.replace(':48:15\n', '').replace(':71D:', ':48:15\n:71D:'))).toEqual([
      '71D: stands too late: it belongs before 48',
    ]);
    expect(reasons(SAMPLE_MT700.replace(':42C:60 DAYS AFTER B/L DATE\n', ''))).toEqual([
      expect.stringContaining('42A: 42a without 42C'),
    ]);
    expect(reasons(SAMPLE_MT700.replace(':43P:', ':42M:HALF AT SIGHT\n:43P:'))).toEqual([
      expect.stringContaining('42M: only one of 42C with 42a, 42M and 42P'),
    ]);
    expect(reasons(withField('27', '2/2'))[0]).toContain('is the first of a series');
    expect(reasons(withField('32B', 'JPY100000,5'))[0]).toContain('1 decimals are more than JPY has');
  });

  it('says when there is no message, and which types are not on file', () => {
    for (const text of ['', 'hello', '\u0301\u0301', ':20:X', '{4'])
      expect(() => readMessages(text, ASKED), text).toThrow('message: holds no SWIFT message');
    expect(() => readMessages('{4:\n:20:X\n-}', ASKED)).toThrow('block 2');
    expect(() => readMessages('{1:F01}{2:I103TESTCNSHXXXXN}{4:\n:20:X\n-}', ASKED)).toThrow(
      'no row: the fields of MT103',
    );
    expect(() => readMessages(SAMPLE_MT700, { ...ASKED, on: day('2018-11-17') })).toThrow('no row: Fields of MT700');
  });

  it('reads a text that does not end, and one that a portal laid out too wide, and says so', () => {
    expect(faults(SAMPLE_MT700.replace('\n-}', ''))).toEqual([
      expect.objectContaining({ reason: 'the text does not end with -}' }),
    ]);
    const [wide] = readMessages(
      SAMPLE_MT700.replace('+PACKING LIST IN DUPLICATE', `+${'PACKING LIST '.repeat(6)}`),
      ASKED,
    );
    expect([wide?.faults.length, wide?.remarks.map(({ tag }) => tag)]).toEqual([0, ['46A']]);
  });

  it('reads years 80 to 99 as 19xx and the others as 20xx', () => {
    expect(['800101', '991231', '000101', '791231', '260229'].map(swiftDate)).toEqual([
      ...['1980-01-01', '1999-12-31', '2000-01-01', '2079-12-31', null],
    ]);
  });
});

describe('a credit', () => {
  it('takes the further lines of MT701 after its own', () => {
    const second = `{1:F01TESTFRPPAXXX0000000000}{2:I701TESTCNSHXXXXN}{4:\n:27:2/2\n:20:LCFR26090001\n:46A:+CERTIFICATE OF ORIGIN\n-}`;
    const { credit, faults: found } = readCredit(`${SAMPLE_MT700.replace(':27:1/1', ':27:1/2')}\n${second}`, ASKED);
    expect(found).toEqual([]);
    expect(credit?.documents?.at(-1)).toBe('+CERTIFICATE OF ORIGIN');
    const alone = readCredit(SAMPLE_MT700.replace(':27:1/1', ':27:1/2'), ASKED);
    expect(alone.faults).toEqual([expect.objectContaining({ reason: '1 of 2 messages of the series are here' })]);
  });

  it('is there as soon as its terms can be read, and null when one cannot', () => {
    expect(readCredit(withField('43P', 'ALLOWED'), ASKED).credit?.partialShipments).toBe('ALLOWED');
    expect(readCredit(withField('32B', 'USD12.00'), ASKED).credit).toBeNull();
  });

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
    .map((made) => ({ ...made, amount: moneyText(new Exact(made.amount), made.currency) }));

  it('printed and read is the same credit', () => {
    fc.assert(
      fc.property(credit, (before) => {
        const text = printCredit(before, { sender: 'TESTFRPPAXXX', receiver: 'TESTCNSHXXXX' });
        expect(readCredit(text, ASKED).credit).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });
});
