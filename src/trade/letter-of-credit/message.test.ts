import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { formatFault, partsOf } from './field-format.ts';
import { MESSAGE_FIELDS } from './message-fields.ts';
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
      '40A 3',
      '20 4',
      '31C 5',
      '31D 7',
      '31D 7',
      '32B 10',
      '42C 13',
      '43P 14',
      '44D 16',
      '48 17',
      '71B 19',
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

  it('reads an unterminated text, and one that a portal laid out too wide, and says so', () => {
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
      '1980-01-01',
      '1999-12-31',
      '2000-01-01',
      '2079-12-31',
      null,
    ]);
  });
});

describe('a twisted message', () => {
  const cases: [string, string, string][] = [
    [
      'blocks in the wrong order',
      SAMPLE_MT700.replace(/^(\{1:[^}]*\})(\{2:[^}]*\})/, '$2$1'),
      'blocks stand in their order',
    ],
    ['a block given twice', SAMPLE_MT700.replace(/^(\{1:[^}]*\})/, '$1$1'), 'each once'],
    ['no block 1', SAMPLE_MT700.replace(/^\{1:[^}]*\}/, ''), 'block 1 is missing'],
    ['a block not closed', SAMPLE_MT700.replace('N}{4:', 'N}{3:{108:REF}{4:'), 'is not closed'],
    ['a word before', `FW: ${SAMPLE_MT700}`, '“FW:” stands before the blocks'],
    ['a word behind', `${SAMPLE_MT700}\nKind regards`, '“Kind regards” stands behind the end'],
    ['no end', SAMPLE_MT700.replace('\n-}', ''), 'the text does not end with -}'],
    ['the end on the line of a field', SAMPLE_MT700.replace('\n-}', '-}'), 'the text does not end with -}'],
    [
      'a word in the text',
      SAMPLE_MT700.replace('{4:\n', '{4:\nHELLO\nWORLD\n'),
      '“HELLO” stands before the first field',
    ],
    ['another character', SAMPLE_MT700.replace('DEMO ROAD', '示范路'), '“示” is not in the character set'],
    ['a character of set z in set x', SAMPLE_MT700.replace('88 DEMO ROAD', '88 DEMO ROAD #5'), '59'],
    ['a colon', SAMPLE_MT700.replace('88 DEMO ROAD', ':88 DEMO ROAD'), 'begins with a colon'],
    ['yen with decimals', withField('32B', 'JPY100000,5'), '1 decimals are more than JPY has (0)'],
    ['no comma', withField('32B', 'USD100000'), 'decimal comma'],
    ['a point', withField('32B', 'USD100000.00'), 'the decimal sign is a comma'],
    ['thousands', withField('32B', 'USD100,000,00'), 'Currency code, amount'],
    ['16 characters', withField('32B', 'USD1234567890123,45'), 'up to 15 characters'],
    ['zero', withField('32B', 'USD0,00'), 'the amount is zero'],
    ['an unknown currency', withField('32B', 'ZZZ100,'), 'the currency ZZZ in ISO 4217'],
    ['a currency that ended', withField('32B', 'DEM100,'), 'DEM'],
    ['a day too many', withField('44C', '260231'), 'that month has no day 31'],
    ['no month', withField('44C', '261331'), 'there is no month 13'],
    ['39B beside 39C', SAMPLE_MT700.replace(':39A:05/05', ':39B:NOT EXCEEDING\n:39C:FREIGHT'), '39A'],
    ['a code of another field', withField('49', 'ALLOWED'), 'one of CONFIRM, MAY ADD, WITHOUT'],
  ];
  it.each(cases)('%s: has one fault that says so', (_, text, said) => {
    const found = faults(text).map(({ tag, reason }) => `${tag}: ${reason}`);
    // Text before -} on the line of a field is also a fault of that field.
    expect(found.slice(0, 1).join(), found.join('\n')).toContain(said);
    expect(found.length).toBeLessThanOrEqual(2);
  });

  it('takes 65 characters of a narrative, and remarks on a 66th', () => {
    const narrative = (length: number) => readMessages(withField('47A', `+${'Z'.repeat(length - 1)}`), ASKED)[0];
    expect([narrative(65)?.faults, narrative(65)?.remarks]).toEqual([[], []]);
    expect([narrative(66)?.faults.length, narrative(66)?.remarks.map(({ tag }) => tag)]).toEqual([0, ['47A']]);
  });

  it('leaves out blank lines at the end of a field, and says so', () => {
    const [message] = readMessages(SAMPLE_MT700.replace('\n-}', '\n\n \n-}\n\n'), ASKED);
    expect([message?.faults, message?.remarks.map(({ tag }) => tag)]).toEqual([[], ['78']]);
    expect(message?.fields.at(-1)?.text).toBe('WE SHALL REMIT AT MATURITY');
  });

  it('does not take {4: inside a narrative for another message', () => {
    const found = readMessages(SAMPLE_MT700.replace('+PACKING LIST', '+{4: PACKING LIST'), ASKED);
    expect(found.map(({ faults: wrong }) => wrong)).toEqual([[]]);
  });

  it('is refused when it is larger than any message, at once', () => {
    const started = performance.now();
    expect(() => readMessages('A'.repeat(10_000_000), ASKED)).toThrow('message: is longer than 200000 characters');
    expect(() => readMessages('{1:}{2:I700X}{4:\n-}\n'.repeat(5_000), ASKED)).toThrow('at most 100 at a time');
    for (const text of ['{2:}', '{', '\n', '-}\n', '{4:', ':20:\n\n', ' \n'])
      expect(() => readMessages(text.repeat(Math.floor(190_000 / text.length)), ASKED)).toThrow('message: ');
    for (const text of ['\n', ' \n', ':20:X\n', 'X\n', '{5:'])
      readMessages(`{1:}{2:I700X}{4:\n:20:X\n${text.repeat(Math.floor(190_000 / text.length))}-}`, ASKED);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('lists a hundred faults and counts the others', () => {
    const many = faults(`{1:}{2:I700X}{4:\n${':99:A\n'.repeat(500)}-}`);
    expect([many.length, many.at(-1)?.reason]).toEqual([101, expect.stringContaining('faults more')]);
  });
});

describe('a message in FIN form', () => {
  const line = fc.stringMatching(/^[A-Z0-9][A-Za-z0-9 ,.()+/-]{0,30}$/);
  const field = fc.record({
    tag: fc.stringMatching(/^\d{2}[A-Z]?$/),
    text: fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n')),
  });
  it('is printed as it was read, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('', '{5:{CHK:123456789ABC}}'),
        fc.constantFrom('', '{3:{108:REF}}'),
        (fields, tail, third) => {
          const head = `{1:F01TESTFRPPAXXX0000000000}{2:I700TESTCNSHXXXXN}${third}`;
          const text = printMessage({ head, fields, tail });
          expect(readMessages(text, ASKED).map(printMessage)).toEqual([text]);
          expect(readMessages(text.replaceAll('\r\n', '\n'), ASKED).map(printMessage)).toEqual([text]);
          expect(readMessages(`${text}\r\n${text}`, ASKED).map(printMessage)).toEqual([text, text]);
        },
      ),
    );
  });
});
