/** A package as one side has it, or a part of one. */
interface Part {
  /** Which storefront, and the order by the storefront's id. */
  shop: string;
  order: string;
  tracking: string;
  lines: readonly { line: string; quantity: number }[];
}

/** What we have packed and not voided; `told`: we hold a confirmation of the storefront. */
export interface PackedPackage extends Part {
  id: string;
  legId: string;
  told: boolean;
}

/** What a storefront was told at one time. */
export type ToldPart = Part;

interface Size {
  packages: number;
  lines: number;
  units: number;
}

export interface PackageComparison {
  ours: Size;
  theirs: Size;
  /** How often a storefront was told of a package or a part of one. */
  parts: number;
  /** Units that we packed and that were refunded before the storefront was told: it no longer expected them. */
  refundedBefore: number;
  /** One sentence for each package whose units differ. */
  differing: string[];
}

const nameOf = ({ shop, order, tracking }: Part): string => `${shop} ${order}, tracking number ${tracking || '(none)'}`;

const add = (units: Map<string, number>, key: string, quantity: number): void => {
  units.set(key, (units.get(key) ?? 0) + quantity);
};

const sizeOf = (packages: Iterable<ReadonlyMap<string, number>>): Size => {
  const size = { packages: 0, lines: 0, units: 0 };
  for (const lines of packages) {
    const units = [...lines.values()].filter((quantity) => quantity !== 0);
    size.packages += units.length > 0 ? 1 : 0;
    size.lines += units.length;
    size.units += units.reduce((sum, quantity) => sum + quantity, 0);
  }
  return size;
};

/**
 * Compares the packages that we sent with those that the storefronts were told of, by their lines and units. A package is what one
 * order has under one tracking number: a storefront with a limit on lines is told of a large one in several parts. Units that a storefront
 * was not told of are explained where as many of their line were refunded on their leg (`refundedOf`); else the package differs.
 */
export const comparePackages = (
  ours: Iterable<PackedPackage>,
  theirs: Iterable<ToldPart>,
  refundedOf: (legId: string, line: string) => number,
): PackageComparison => {
  const toldUnits = new Map<string, Map<string, number>>();
  let parts = 0;
  for (const part of theirs) {
    parts += 1;
    const units = toldUnits.get(nameOf(part)) ?? new Map<string, number>();
    for (const { line, quantity } of part.lines) add(units, line, quantity);
    toldUnits.set(nameOf(part), units);
  }
  const packed = Map.groupBy(ours, nameOf);
  const expected: Map<string, number>[] = [];
  const explained = new Map<string, number>();
  const differing: string[] = [];
  let refundedBefore = 0;
  for (const [name, group] of packed) {
    const told = toldUnits.get(name) ?? new Map<string, number>();
    const units = new Map<string, number>();
    for (const { lines } of group) for (const { line, quantity } of lines) add(units, line, quantity);
    for (const { legId, lines } of group)
      for (const { line, quantity } of lines) {
        const key = `${legId} ${line}`;
        const missing = (units.get(line) ?? 0) - (told.get(line) ?? 0);
        const left = refundedOf(legId, line) - (explained.get(key) ?? 0);
        const before = Math.max(0, Math.min(quantity, missing, left));
        add(explained, key, before);
        add(units, line, -before);
        refundedBefore += before;
      }
    expected.push(units);
    const lines = new Set([...units.keys(), ...told.keys()]);
    const wrong = [...lines].filter((line) => (units.get(line) ?? 0) !== (told.get(line) ?? 0));
    const sure = group.some((one) => one.told);
    if (wrong.length > 0)
      differing.push(
        `${name}: ${wrong.map((line) => `line ${line} has ${units.get(line) ?? 0} units here and ${told.get(line) ?? 0} there`).join(', ')}`,
      );
    else if (sure !== toldUnits.has(name))
      differing.push(
        `${name}: ${sure ? 'we hold its confirmation, and the storefront was told of nothing' : 'the storefront was told of it, and we hold no confirmation'}`,
      );
  }
  for (const [name, units] of toldUnits)
    if (!packed.has(name)) differing.push(`${name}: ${units.size} lines there, and no package of ours`);
  return { ours: sizeOf(expected), theirs: sizeOf(toldUnits.values()), parts, refundedBefore, differing };
};
