import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { faultsOf, ruleOn } from '../rule.ts';
import { blockedByOwnership, chainTo, type OwnershipInput } from './ownership.ts';
import { BIS_AFFILIATES, OFAC_INDIRECT, OFAC_OWNERSHIP } from './ownership-rules.ts';

const at = (date: string) => ({ on: plainDate(date), today: plainDate(date) });
const today = at('2026-11-25');
type Structure = OwnershipInput['ownershipPct'];
const blocked = (ownershipPct: Structure, listed = ['X', 'Y']) =>
  Object.entries(blockedByOwnership({ blocked: listed, ownershipPct }, today).blocked)
    .filter(([, is]) => is)
    .map(([entity]) => entity);

describe('blocking by ownership', () => {
  it.each<[string, Structure, string[]]>([
    ['half of half', { A: { X: '50' }, B: { A: '50' } }, ['A', 'B']],
    ['two blocked halves', { A: { X: '50' }, B: { X: '50' }, C: { A: '25', B: '25' } }, ['A', 'B', 'C']],
    ['direct and through a blocked one', { A: { X: '50' }, B: { X: '10', A: '40' } }, ['A', 'B']],
    [
      'through one that is blocked and one that is not',
      { A: { X: '50' }, B: { X: '25' }, C: { A: '25', B: '25' } },
      ['A'],
    ],
    ['through two that are not blocked', { A: { X: '25' }, B: { X: '25' }, C: { A: '50', B: '50' } }, []],
    ['two owners together', { A: { X: '25', Y: '25' } }, ['A']],
    ['just below', { A: { X: '49.999999', Y: '0.000000' } }, []],
    ['decimals that add up exactly', { A: { X: '33.3', Y: '16.7' } }, ['A']],
    ['owners of each other', { A: { B: '60' }, B: { A: '60' } }, []],
    ['a ring with a blocked owner', { A: { C: '60' }, B: { A: '60' }, C: { B: '40', X: '10' } }, []],
    [
      'a ring that a blocked owner starts',
      { A: { C: '10', X: '50' }, B: { A: '60' }, C: { B: '60' } },
      ['A', 'B', 'C'],
    ],
    ['its own shares', { A: { A: '50', X: '49' } }, []],
    ['nobody', {}, []],
  ])('%s', (_, structure, expected) => {
    expect(blocked(structure)).toEqual(expected);
  });

  it('says who and why, with a chain from a listed party', () => {
    const answer = blockedByOwnership(
      { blocked: ['X'], ownershipPct: { A: { X: '50.5' }, B: { X: '10', A: '40', Z: '50' } } },
      today,
    );
    expect(chainTo('B', answer)).toEqual(['X', 'A', 'B']);
    expect(chainTo('Z', answer)).toEqual([]);
    expect(answer.findings[1]).toEqual({
      entity: 'B',
      blocked: true,
      blockedShare: '50',
      through: 'A',
      owners: [
        { owner: 'X', percent: '10', because: 'listed' },
        { owner: 'A', percent: '40', because: 'owned' },
      ],
    });
  });

  it('never unblocks anybody for more listed parties or larger shares', () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'X', 'Y'];
    const share = fc.integer({ min: 0, max: 50 }).map(String);
    const structure = fc.dictionary(
      fc.constantFrom(...names),
      fc.dictionary(fc.constantFrom(...names), share, { maxKeys: 2 }),
      { maxKeys: 6 },
    );
    fc.assert(
      fc.property(structure, fc.subarray(names), fc.constantFrom(...names), (shares, listed, more) => {
        const before = blocked(shares, listed);
        expect(blocked(shares, [...listed, more])).toEqual(expect.arrayContaining(before));
        const halved = Object.fromEntries(
          Object.entries(shares).map(([entity, owners]) => [
            entity,
            Object.fromEntries(Object.entries(owners).map(([owner, percent]) => [owner, String(Number(percent) / 2)])),
          ]),
        );
        expect(before).toEqual(expect.arrayContaining(blocked(halved, listed)));
      }),
    );
  });

  it('follows a chain of ten thousand without delay', () => {
    const ownershipPct = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`E${n}`, { [n === 0 ? 'X' : `E${n - 1}`]: '50' }]),
    );
    expect(blocked(ownershipPct)).toHaveLength(10_000);
  });

  it('refuses shares that cannot be', () => {
    expect(() => blocked({ A: { X: '60', Y: '40.01' } })).toThrow(
      'ownershipPct.A: the shares add up to 100.01 percent',
    );
    expect(() => blocked({ A: { X: '-1' } })).toThrow('ownershipPct.A.X: “-1” is negative');
    expect(() => blocked({ A: { X: '100.1' } })).toThrow('is more than 100');
    expect(() => blocked({ A: { X: 'half' } })).toThrow('is not a decimal number');
  });

  it('accepts any text as a name, and refuses the one that the parser would drop', () => {
    expect(blocked({ constructor: { toString: '50' } }, ['toString'])).toEqual(['constructor']);
    const owner = { A: Object.fromEntries([['__proto__', '60']]) };
    const entity = Object.fromEntries([['__proto__', { X: '60' }]]);
    for (const structure of [owner, entity]) expect(() => blocked(structure)).toThrow('ownershipPct: “__proto__”');
  });

  it('adds exactly: half in twelve decimals blocks, a trillionth less does not', () => {
    const pair = (a: string, b: string) => blocked({ A: { X: a, Y: b } });
    expect(pair('33.333333333333', '16.666666666667')).toEqual(['A']);
    expect(pair('33.333333333333', '16.666666666666')).toEqual([]);
    expect(blocked({ A: { X: '50' }, B: { A: '50' }, C: { B: '49.999999999999' }, D: { C: '100' } })).toEqual([
      'A',
      'B',
    ]);
  });

  it('gives a notice when it relies on chains through unblocked entities, whose examples were not read', () => {
    const notices = (ownershipPct: Structure) =>
      blockedByOwnership({ blocked: ['X'], ownershipPct }, today).notices.map(({ code }) => code);
    expect(notices({ A: { X: '50' }, B: { A: '50' } })).toEqual([]);
    expect(notices({ A: { X: '25' }, B: { A: '50' } })).toEqual(['unverified']);
  });

  it('is in force at the BIS by date, and off between', () => {
    const on = (date: string) => {
      const answer = blockedByOwnership({ law: 'us.bis', blocked: ['X'], ownershipPct: { A: { X: '50' } } }, at(date));
      return [answer.blocked['A'], ...answer.notices.map(({ code }) => code)];
    };
    expect(on('2025-09-28')).toEqual([false]);
    expect(on('2025-09-29')).toEqual([true]);
    expect(on('2025-11-09')).toEqual([true]);
    expect(on('2025-11-10')).toEqual([false]);
    expect(on('2026-11-09')).toEqual([false]);
    expect(on('2026-11-10')).toEqual([true, 'unverified', 'review_overdue']);
  });

  it('has no row before OFAC’s guidance of 2014, and rules without faults', () => {
    expect(() => blockedByOwnership({ blocked: [], ownershipPct: {} }, at('2014-08-12'))).toThrow(
      'no row: OFAC 50 percent rule',
    );
    expect([OFAC_OWNERSHIP, OFAC_INDIRECT, BIS_AFFILIATES].flatMap(faultsOf)).toEqual([]);
  });
});

describe('the BIS Affiliates Rule', () => {
  it('is a switch by day, and unverified since it came back', () => {
    const on = (date: string) => ruleOn(BIS_AFFILIATES, { on: plainDate(date), today: plainDate('2026-11-25') });
    const applies = ['2025-09-28', '2025-09-29', '2025-11-09', '2025-11-10', '2026-11-09', '2026-11-10'];
    expect(applies.map((date) => on(date).value.inForce)).toEqual([false, true, true, false, false, true]);
    expect(on('2026-11-09').notices).toEqual([]);
    expect(on('2026-11-10').notices.map(({ code }) => code)).toEqual(['unverified', 'review_overdue']);
  });
});
