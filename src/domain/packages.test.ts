import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownPackage, matchPackages, type OpenLine, spreadUnits } from './packages.ts';

const idOf = (externalId: string) => `sh_${externalId}`;
const sum = (units: readonly { quantity: number }[]) => units.reduce((total, { quantity }) => total + quantity, 0);
const Sku = fc.constantFrom('A', 'B', 'C');
const Lines = fc
  .array(fc.record({ externalSku: Sku, open: fc.nat(5), asked: fc.nat(5) }), { minLength: 1, maxLength: 6 })
  .map((lines) =>
    lines.map((line, index): OpenLine => ({ ...line, asked: Math.min(line.asked, line.open), lineId: `l${index}` })),
  );
const Goods = fc.array(fc.record({ externalSku: Sku, quantity: fc.integer({ min: 1, max: 6 }) }), {
  minLength: 1,
  maxLength: 4,
});
const parcel = (name: string, lines: { externalSku: string; quantity: number }[] | null, number = `N-${name}`) => ({
  externalId: name,
  tracking: { carrier: 'UPS', number, url: '' },
  shippedAt: null,
  lines,
});
const Report = fc
  .array(fc.oneof({ arbitrary: Goods, weight: 4 }, { arbitrary: fc.constant(null), weight: 1 }), { maxLength: 5 })
  .map((all) => all.map((goods, index) => parcel(`P${index}`, goods)));

describe('units of a package that its supplier names by SKU', () => {
  it('are spread over the lines with that SKU: no line gets more than it has open, and the sum is exact', () => {
    fc.assert(
      fc.property(Lines, Goods, (lines, goods) => {
        const units = spreadUnits(lines, goods);
        for (const { lineId, quantity } of units)
          expect(quantity).toBeLessThanOrEqual(lines.find((line) => line.lineId === lineId)?.open ?? 0);
        for (const sku of ['A', 'B', 'C']) {
          const having = lines.filter(({ externalSku }) => externalSku === sku);
          const open = having.reduce((total, line) => total + line.open, 0);
          const got = units.filter(({ lineId }) => having.some((line) => line.lineId === lineId));
          expect(sum(got)).toBe(Math.min(open, sum(goods.filter(({ externalSku }) => externalSku === sku))));
        }
      }),
    );
  });

  it('go over units that are wanted before units that the supplier was asked to cancel', () => {
    const lines = [
      { lineId: 'l0', externalSku: 'A', open: 2, asked: 2 },
      { lineId: 'l1', externalSku: 'A', open: 1, asked: 0 },
    ];
    const of = (quantity: number) => spreadUnits(lines, [{ externalSku: 'A', quantity }]);
    expect(of(1)).toEqual([{ lineId: 'l1', quantity: 1 }]);
    expect(of(2)).toEqual([
      { lineId: 'l0', quantity: 1 },
      { lineId: 'l1', quantity: 1 },
    ]);
  });

  it('give every line what it is due in the end, in whatever order and in how many reports the packages come', () => {
    fc.assert(
      fc.property(Lines, Report, fc.infiniteStream(fc.nat()), fc.nat(5), (lines, report, random, first) => {
        const spread = report.filter(({ lines: goods }) => goods !== null);
        const rank = new Map(spread.map((one) => [one, random.next().value ?? 0]));
        const mixed = spread.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
        const totals = (reports: (typeof report)[]) => {
          let left = lines;
          let known: KnownPackage[] = [];
          const got = new Map<string, number>();
          for (const one of reports) {
            const { fresh } = matchPackages(left, known, one, idOf);
            for (const { units } of fresh)
              for (const { lineId, quantity } of units) got.set(lineId, (got.get(lineId) ?? 0) + quantity);
            left = lines.map((line) => ({ ...line, open: line.open - (got.get(line.lineId) ?? 0) }));
            known = [
              ...known,
              ...fresh.map(({ id, reported, units }) => ({
                id,
                numbers: [reported.tracking.number],
                lines: units.map(({ lineId, quantity }) => ({
                  externalSku: lines.find((line) => line.lineId === lineId)?.externalSku ?? '',
                  quantity,
                })),
              })),
            ];
          }
          return lines.map(({ lineId }) => got.get(lineId) ?? 0);
        };
        expect(totals([mixed])).toEqual(totals([spread]));
        expect(totals([mixed.slice(0, first), mixed, mixed])).toEqual(totals([spread]));
      }),
    );
  });

  it('are in the books once, whatever is reported: no line ever gives more than it had', () => {
    fc.assert(
      fc.property(Lines, Report, (lines, report) => {
        const { fresh } = matchPackages(lines, [], report, idOf);
        for (const { lineId, open } of lines)
          expect(sum(fresh.flatMap(({ units }) => units.filter((one) => one.lineId === lineId)))).toBeLessThanOrEqual(
            open,
          );
        expect(new Set(fresh.map(({ id }) => id)).size).toBe(fresh.length);
      }),
    );
  });
});

describe('packages that are written down', () => {
  const one = (name: string, quantity: number, ...numbers: string[]): KnownPackage => ({
    id: idOf(name),
    numbers: numbers.length > 0 ? numbers : [`N-${name}`],
    lines: [{ externalSku: 'A', quantity }],
  });
  const a = (quantity: number) => [{ externalSku: 'A', quantity }];
  const line = (open: number): OpenLine[] => [{ lineId: 'l0', externalSku: 'A', open, asked: 0 }];
  const match = (open: number, known: KnownPackage[], ...report: ReturnType<typeof parcel>[]) => {
    const { known: found, fresh } = matchPackages(line(open), known, report, idOf);
    return {
      known: found.map((pair) => `${pair.known.id} ${pair.reported.tracking.number}`).sort(),
      fresh: fresh.map(({ id, units }) => `${id} ${sum(units)}`),
    };
  };

  it.each([
    ['is known by its id under another number', 0, [one('OLD', 2)], [parcel('OLD', a(2), 'NEW')], ['sh_OLD NEW'], []],
    ['is known by its number under another id', 0, [one('OLD', 2)], [parcel('X', a(2), 'n old')], ['sh_OLD n old'], []],
    [
      'is known by a number that it had',
      0,
      [one('OLD', 2, 'NEW', 'N-OLD')],
      [parcel('X', null, 'N-OLD')],
      ['sh_OLD N-OLD'],
      [],
    ],
    [
      'is the one with the same goods when both are other',
      3,
      [one('OLD', 2)],
      [parcel('NEW', a(2))],
      ['sh_OLD N-NEW'],
      [],
    ],
    ['is the new one when nothing is open any more', 0, [one('OLD', 2)], [parcel('NEW', null)], ['sh_OLD N-NEW'], []],
    [
      'stands beside one of other goods while units are open',
      3,
      [one('OLD', 2)],
      [parcel('NEW', a(1))],
      [],
      ['sh_NEW 1'],
    ],
    ['stays when it is reported no more', 1, [one('OLD', 2)], [], [], []],
    ['stays when its number is taken back', 0, [one('OLD', 2)], [parcel('OLD', a(2), ' ')], [], []],
    [
      'goes on in the one that it was put together in',
      0,
      [one('X', 1), one('Y', 1)],
      [parcel('Z', a(2))],
      ['sh_X N-Z', 'sh_Y N-Z'],
      [],
    ],
    [
      'goes on in the first of those that it was divided into',
      0,
      [one('X', 2)],
      [parcel('Y', a(1)), parcel('Z', a(1))],
      ['sh_X N-Y'],
      [],
    ],
    [
      'is not two where old and new number are reported beside each other',
      0,
      [one('OLD', 2, 'NEW', 'N-OLD')],
      [parcel('OLD', a(2)), parcel('X', a(2), 'NEW')],
      ['sh_OLD NEW'],
      [],
    ],
    [
      'is not another one that travels under the same number',
      1,
      [one('X', 1, 'N')],
      [parcel('X', a(1), 'N'), parcel('Y', a(1), 'N')],
      ['sh_X N'],
      ['sh_Y 1'],
    ],
  ] as const)('%s', (_, open, known, report, expected, fresh) => {
    expect(match(open, [...known], ...report)).toEqual({ known: expected, fresh });
    expect(match(open, [...known].reverse(), ...[...report].reverse())).toEqual({ known: expected, fresh });
  });
});
