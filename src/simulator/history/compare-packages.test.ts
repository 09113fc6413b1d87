import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePackages, type PackedPackage, type ToldPart } from './compare-packages.ts';

const NOTHING = () => 0;
const lines = (units: Record<string, number>) => Object.entries(units).map(([line, quantity]) => ({ line, quantity }));
const packed = (tracking: string, units: Record<string, number>, more: Partial<PackedPackage> = {}): PackedPackage => ({
  id: `shipment ${tracking}`,
  legId: 'leg',
  shop: 'shopify',
  order: '1',
  tracking,
  told: true,
  lines: lines(units),
  ...more,
});
const told = (tracking: string, units: Record<string, number>, more: Partial<ToldPart> = {}): ToldPart => ({
  shop: 'shopify',
  order: '1',
  tracking,
  lines: lines(units),
  ...more,
});

describe('the comparison of packages', () => {
  it('takes the parts of one package for one, in whatever parts and order it was told of', () => {
    const Units = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 1, max: 9 }), { minKeys: 1 });
    fc.assert(
      fc.property(fc.array(Units, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 4 }), (all, most) => {
        const ours = all.map((units, index) => packed(`T${index}`, units));
        const theirs = all
          .flatMap((units, index) =>
            Object.entries(units).map(([line, quantity], n) => ({
              part: `${index} ${Math.floor(n / most)}`,
              index,
              line,
              quantity,
            })),
          )
          .toReversed();
        const parts = [...Map.groupBy(theirs, ({ part }) => part).values()].map((group) =>
          told(`T${group[0]?.index}`, Object.fromEntries(group.map(({ line, quantity }) => [line, quantity]))),
        );
        const found = comparePackages(ours, parts, NOTHING);
        expect(found.differing).toEqual([]);
        expect(found.ours).toEqual(found.theirs);
        expect(found.ours.packages).toBe(all.length);
      }),
    );
  });

  it.each<[what: string, ours: PackedPackage[], theirs: ToldPart[], refunded: number, says: RegExp[]]>([
    [
      'a package told of twice',
      [packed('T', { a: 2 })],
      [told('T', { a: 2 }), told('T', { a: 2 })],
      0,
      [/a has 2 units here and 4 there/],
    ],
    [
      'a part that is missing',
      [packed('T', { a: 2, b: 1 })],
      [told('T', { a: 2 })],
      0,
      [/b has 1 units here and 0 there/],
    ],
    [
      'a package that nobody was told of',
      [packed('T', { a: 2 }, { told: false })],
      [],
      0,
      [/a has 2 units here and 0 there/],
    ],
    ['a package that we do not know', [], [told('T', { a: 2 })], 0, [/1 lines there, and no package of ours/]],
    [
      'a line that is not in it',
      [packed('T', { a: 1 })],
      [told('T', { a: 1, b: 1 })],
      0,
      [/b has 0 units here and 1 there/],
    ],
    [
      'another order’s tracking number',
      [packed('T', { a: 1 })],
      [told('T', { a: 1 }, { order: '2' })],
      0,
      [/1, tracking number T: line a/, /2, tracking number T: 1 lines there/],
    ],
    [
      'two errors that add up to nothing',
      [packed('T', { a: 1 }), packed('U', { a: 3 })],
      [told('T', { a: 2 }), told('U', { a: 2 })],
      0,
      [/T: line a has 1 units here and 2/, /U: line a has 3 units here and 2/],
    ],
    ['fewer units, as many as were refunded', [packed('T', { a: 5 })], [told('T', { a: 3 })], 2, []],
    [
      'fewer units than the refund explains',
      [packed('T', { a: 5 })],
      [told('T', { a: 2 })],
      2,
      [/a has 3 units here and 2 there/],
    ],
    ['nothing told, for all was refunded', [packed('T', { a: 2 }, { told: false })], [], 2, []],
    ['nothing told, although we hold a confirmation', [packed('T', { a: 2 })], [], 2, [/we hold its confirmation/]],
    [
      'told, and we hold no confirmation',
      [packed('T', { a: 2 }, { told: false })],
      [told('T', { a: 2 })],
      0,
      [/we hold no confirmation/],
    ],
    [
      'one refund for two packages that lack a unit each',
      [packed('T', { a: 2 }), packed('U', { a: 2 })],
      [told('T', { a: 1 }), told('U', { a: 1 })],
      1,
      [/U: line a has 2 units here and 1 there/],
    ],
  ])('judges %s', (_what, ours, theirs, refunded, says) => {
    const found = comparePackages(ours, theirs, (_leg, line) => (line === 'a' ? refunded : 0));
    expect(found.differing).toHaveLength(says.length);
    for (const [index, words] of says.entries()) expect(found.differing[index]).toMatch(words);
  });

  it('counts what both sides have, and what was refunded before', () => {
    const found = comparePackages(
      [packed('T', { a: 5, b: 1 }), packed('U', { a: 2 }, { told: false })],
      [told('T', { a: 4 }), told('T', { b: 1 })],
      (_leg, line) => (line === 'a' ? 3 : 0),
    );
    const size = { packages: 1, lines: 2, units: 5 };
    expect(found).toEqual({ ours: size, theirs: size, parts: 2, refundedBefore: 3, differing: [] });
  });
});
