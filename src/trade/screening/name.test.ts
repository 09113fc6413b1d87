import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparableNames, nameText } from './name.ts';
import { nameScore } from './name-score.ts';
import type { PartyKind } from './party.ts';

const words = (text: string, kind: PartyKind | null = null) =>
  comparableNames(text, kind).map(({ tokens }) => tokens.join(' '));
const scoreOf = (a: string, b: string, kind: PartyKind | null = null) => {
  const [first] = comparableNames(a, kind);
  const [second] = comparableNames(b, kind);
  if (!first || !second) throw new Error('no name');
  return nameScore(first, second).score;
};

const anyText = fc
  .array(fc.nat(0x2ffff), { maxLength: 60 })
  .map((codes) => codes.map((code) => String.fromCodePoint(code)).join(''));
const nameParts = fc
  .array(fc.constantFrom(' a/k/a ', ' dba ', ',', 'Ltd', 'S.A.', 'the', 'Dr', ' ', 'é', '公司', '&', "'", 'x'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));

describe('a name in the form that is compared', () => {
  it.each<[string, PartyKind | null, string]>([
    ['Ångström  Øresund', null, 'angstrom oresund'],
    ['IVANOVA, Anna Maria', 'person', 'anna maria ivanova'],
    ['Example Metals, Ltd.', 'organisation', 'example metals'],
    ['Parts, Tools & Support LLC', 'organisation', 'parts tools and support'],
    ['Ёлкин Юрий', 'person', 'elkin yuriy'],
    ['Παπαδόπουλος', 'person', 'papadopoulos'],
    ["O'Neill-Smythe", 'person', 'oneill smythe'],
    ['Weiß & Söhne GmbH & Co. KG', 'organisation', 'weiss and sohne'],
    ['The Sample Bank S.A. de C.V.', 'organisation', 'sample bank'],
    ['ООО "Ромашка"', 'organisation', 'romashka'],
    ['示例贸易有限责任公司', 'organisation', '示例贸易'],
    ['株式会社サンプル', 'organisation', 'サンフル'],
    ['株式会社 サンプル', 'organisation', 'サンフル'],
    ['示例贸易 有限公司', 'organisation', '示例贸易'],
    ['有限公司', 'organisation', '有限公司'],
    ['Dr. Anna Example', 'person', 'anna example'],
    ['İSTANBUL', null, 'istanbul'],
    ['\u202eabc\u200b def', null, 'abc def'],
    ['Limited', 'organisation', 'limited'],
    ['Example A.S.', 'organisation', 'example'],
    ['Bin Bin Example', 'person', 'bin example'],
  ])('%s (%s) is “%s”', (text, kind, expected) => {
    expect(words(text, kind)).toEqual([expected]);
  });

  it('takes one name for the same under another legal form, script or spacing', () => {
    const limited = [
      'Sample Steel LLC',
      'Sample Steel GmbH',
      'Sample Steel Co., Ltd.',
      'SAMPLE STEEL Pte. Ltd.',
      'Samplesteel',
    ];
    for (const name of limited) expect([name, scoreOf('Sample Steel', name, 'organisation')]).toEqual([name, 1]);
    expect(comparableNames('Sample GmbH', 'organisation')[0]?.forms).toEqual(['limited']);
    expect(comparableNames('示例股份有限公司', 'organisation')[0]?.forms).toEqual(['joint-stock']);
    expect(scoreOf('Сергей Примеров', 'PRIMEROV, Sergey', 'person')).toBe(1);
  });

  it('keeps what looks like a legal form where the party may be a person', () => {
    expect(words('KIM, Se')).toEqual(['kim', 'kim se']);
    expect(words('KIM, Se', 'person')).toEqual(['se kim']);
    expect(words('Sample Steel LLC', 'organisation')).toEqual(['sample steel']);
  });

  it('parts two names in one field', () => {
    expect(words('Sample Ltd. a/k/a Other Sample Inc.', 'organisation')).toEqual(['sample', 'other sample']);
    expect(words('Sample d/b/a Example', 'organisation')).toEqual(['sample', 'example']);
  });

  it('romanises Chinese names when given a romaniser, in addition to the characters', () => {
    const readings = new Map([
      ['示例', ['shi li', 'shi lie']],
      ['张三', ['zhang san']],
    ]);
    const asked: [string, PartyKind | null][] = [];
    const romaniseHan = (han: string, kind: PartyKind | null) => {
      asked.push([han, kind]);
      return readings.get(han) ?? [];
    };
    const forms = (text: string, kind: PartyKind | null) =>
      comparableNames(text, kind, romaniseHan).map(({ tokens, romanised }) => [tokens.join(' '), romanised]);
    expect(forms('示例 Trading 有限公司', 'organisation')).toEqual([
      ['示例 trading', false],
      ['shi li trading', true],
      ['shi lie trading', true],
    ]);
    expect(forms('张　三', 'person')).toEqual([
      ['张 三', false],
      ['zhang san', true],
    ]);
    expect(forms('某某', 'person')).toEqual([['某某', false]]);
    expect(asked.slice(0, 2)).toEqual([
      ['示例', 'organisation'],
      ['张三', 'person'],
    ]);
    // Japanese, no Chinese at all, and a name that cannot be romanised.
    expect(
      [forms('田中さくら', 'person'), forms('Anna', 'person'), forms('某某', 'person')].map((all) => all.length),
    ).toEqual([1, 1, 1]);
  });

  it.each([
    ['a'.repeat(10_240), 'longer than 500 characters'],
    ['\u0301'.repeat(400), 'has no letter or digit'],
    ['', 'is empty'],
    [' \t ', 'is empty'],
    ['-- ... --', 'has no letter or digit'],
    ['\u3164'.repeat(9), 'has no letter that can be compared'],
    ['\u200d\u200c', 'has no letter or digit'],
    ['😀'.repeat(9), 'has no letter or digit'],
    ['bad \ud800 half', 'is not well-formed text'],
  ])('refuses what is no name, with field and reason (case %#)', (text, reason) => {
    expect(() => nameText(text, 'party.name')).toThrow(
      expect.objectContaining({
        code: 'invalid',
        safe: expect.objectContaining({ field: 'party.name', reason: expect.stringContaining(reason) }),
      }),
    );
  });

  it('exists for every text that is accepted, with a word at least', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nameParts), (text) => {
        try {
          nameText(text, 'name');
        } catch {
          return;
        }
        const names = comparableNames(text, null);
        expect(names.length).toBeGreaterThan(0);
        for (const { tokens, codes } of names)
          expect([tokens.length, codes.length]).toEqual([codes.length, tokens.length]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the score of two names', () => {
  it('counts a repeated word each time: it is alike, not the same', () => {
    expect(scoreOf('Li Li Wang', 'Li Wang')).toBeLessThan(0.97);
    expect(scoreOf('Wang Li Li', 'Li Li Wang')).toBe(1);
  });

  it('does not mind the order of words and finds a shorter form in a longer one', () => {
    expect(scoreOf('Petrov Ivan', 'Ivan Petrov')).toBe(1);
    expect(scoreOf('Ivan Petrov', 'Ivan Sergeevich Petrov')).toBeGreaterThan(0.9);
    expect(scoreOf('Anna Li', 'Anna Konstantinovna Li')).toBeGreaterThan(0.88);
    expect(scoreOf('I. Petrov', 'Ivan Petrov')).toBeGreaterThan(0.85);
  });

  it('matches names with typing errors, and not those of strangers', () => {
    expect(scoreOf('Mariya Exemplarova', 'Maria Exemplarova')).toBeGreaterThan(0.95);
    expect(scoreOf('Global Sample Trading', 'Northern Other Trading')).toBeLessThan(0.8);
  });

  it('pairs each word with one other, so that a repeated likeness does not count twice', () => {
    expect(scoreOf('anna anne', 'anna boris')).toBeLessThan(0.8);
  });
});
