import type { PurchaseReport } from './purchase.ts';
import { type Shipment, sameNumber } from './shipment.ts';

type Reported = PurchaseReport['packages'][number];

/** A line of a leg as a package can take from it. `asked`: those of its open units that the supplier was asked to cancel. */
export interface OpenLine {
  lineId: string;
  externalSku: string;
  open: number;
  asked: number;
}
/** A package of the leg that is written down. */
export interface KnownPackage {
  id: string;
  /** The present number, then those that it had before. */
  numbers: readonly string[];
  lines: readonly { externalSku: string; quantity: number }[];
}
export interface Units {
  lineId: string;
  quantity: number;
}

/**
 * Units that a supplier reports by its SKU, spread over the lines of a leg that have that SKU: first over units that are wanted, in the
 * order of the lines, then over units that it was asked to cancel and sent all the same. Never more than a line has open. Null: all.
 */
export const spreadUnits = (lines: readonly OpenLine[], reported: Reported['lines']): Units[] => {
  if (reported === null) return lines.flatMap(({ lineId, open }) => (open > 0 ? [{ lineId, quantity: open }] : []));
  const left = new Map<string, number>();
  for (const { externalSku, quantity } of reported) left.set(externalSku, (left.get(externalSku) ?? 0) + quantity);
  const taken = new Map<string, number>();
  const takeFrom = (most: (line: OpenLine) => number) => {
    for (const line of lines) {
      const quantity = Math.min(Math.max(0, most(line)), left.get(line.externalSku) ?? 0);
      if (quantity === 0) continue;
      taken.set(line.lineId, (taken.get(line.lineId) ?? 0) + quantity);
      left.set(line.externalSku, (left.get(line.externalSku) ?? 0) - quantity);
    }
  };
  takeFrom(({ open, asked }) => open - asked);
  takeFrom(({ lineId, open }) => open - (taken.get(lineId) ?? 0));
  return lines.flatMap(({ lineId }) => {
    const quantity = taken.get(lineId) ?? 0;
    return quantity > 0 ? [{ lineId, quantity }] : [];
  });
};

const bag = (lines: readonly { externalSku: string; quantity: number }[]): string => {
  const sums = new Map<string, number>();
  for (const { externalSku, quantity } of lines) sums.set(externalSku, (sums.get(externalSku) ?? 0) + quantity);
  return JSON.stringify([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
};
const sharesGoods = (known: KnownPackage, { lines }: Reported): boolean =>
  lines === null || lines.some((line) => known.lines.some(({ externalSku }) => externalSku === line.externalSku));

export interface MatchedPackages<K> {
  /** Packages that are written down, and what the supplier calls each now. */
  known: { known: K; reported: Reported }[];
  /** Packages that are new, and the units of our lines in them. */
  fresh: { id: string; reported: Reported; units: Units[] }[];
}

/**
 * Which packages of a supplier's report are written down already. A report tells of all packages so far, so that one of ours that is no
 * longer in it has another name there: the one that holds the same goods and is new; or, where nothing is open any more that a new
 * one could hold, one with some of its goods (packages that were merged or split). A package that is in no report any more stays as it
 * is: it was counted, and what became of it a person must say. What is matched is never new, so that nothing is counted twice; the
 * order in the report does not matter.
 */
export const matchPackages = <K extends KnownPackage>(
  lines: readonly OpenLine[],
  all: readonly K[],
  report: readonly Reported[],
  idOf: (externalId: string) => string,
): MatchedPackages<K> => {
  const known: MatchedPackages<K>['known'] = [];
  const fresh: MatchedPackages<K>['fresh'] = [];
  let gone = [...all];
  let unmatched = report
    .filter(({ tracking }) => tracking.number.trim() !== '')
    .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  const pair = (same: (one: K, reported: Reported) => boolean) => {
    unmatched = unmatched.filter((reported) => {
      const one = gone.find((each) => same(each, reported));
      if (!one) return true;
      known.push({ known: one, reported });
      gone = gone.filter((each) => each !== one);
      return false;
    });
  };
  const sameId = ({ id }: K, { externalId }: Reported) => id === idOf(externalId);
  const has = (numbers: readonly string[], { tracking }: Reported) =>
    numbers.some((number) => sameNumber(number, tracking.number));
  pair((one, reported) => sameId(one, reported) && has(one.numbers.slice(0, 1), reported));
  pair((one, reported) => has(one.numbers.slice(0, 1), reported));
  pair(sameId);
  pair((one, reported) => has(one.numbers, reported));
  const ids = new Set(all.map(({ id }) => id));
  unmatched = unmatched.filter(({ externalId }) => !ids.has(idOf(externalId)));
  pair((one, reported) => reported.lines !== null && bag(reported.lines) === bag(one.lines));

  const left = lines.map((line) => ({ ...line }));
  const unplaced = unmatched.filter((reported) => {
    const units = spreadUnits(left, reported.lines);
    if (units.length === 0) return true;
    for (const line of left) {
      const quantity = units.find(({ lineId }) => lineId === line.lineId)?.quantity ?? 0;
      // Wanted units went first.
      line.asked = Math.min(line.asked, line.open - quantity);
      line.open -= quantity;
    }
    fresh.push({ id: idOf(reported.externalId), reported, units });
    return false;
  });
  for (const [index, one] of gone.entries()) {
    const successors = unplaced.filter((reported) => sharesGoods(one, reported));
    const reported = successors[Math.min(index, successors.length - 1)];
    if (reported) known.push({ known: one, reported });
  }
  return { known, fresh };
};

/** The numbers of a package, the present one first. */
export const numbersOf = ({ tracking, trackingHistory = [] }: Pick<Shipment, 'tracking' | 'trackingHistory'>) => [
  tracking?.number ?? '',
  ...trackingHistory.map((past) => past.tracking.number).reverse(),
];
