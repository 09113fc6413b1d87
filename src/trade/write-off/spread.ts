import { Exact } from '../decimal.ts';
import { invalid } from '../read-input.ts';

/** Something that can be used up: the money of a receipt, the quantity of an invoice line. */
export interface Supply {
  id: string;
  /** Supplies are used in the order of this text, whatever the input order. */
  rank: string;
  total: Exact;
  /** The explicit uses. */
  uses: readonly { key: string; amount: Exact }[];
  /** The group whose wants get the rest: same contract, currency, goods; null if none. */
  group: string | null;
}

/** Something that needs a supply. */
export interface Want {
  key: string;
  rank: string;
  group: string;
  needed: Exact;
}

export interface Use {
  supply: string;
  key: string;
  amount: Exact;
}

export interface Spread {
  uses: readonly Use[];
  /** The unused rest, by supply. */
  left: ReadonlyMap<string, Exact>;
}

const NOTHING = new Exact(0);

const byRank = (a: { rank: string }, b: { rank: string }): number => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0);

const explicitUses = (supply: Supply, field: string): Use[] => {
  const sums = new Map<string, Exact>();
  for (const { key, amount } of supply.uses) sums.set(key, (sums.get(key) ?? new Exact(0)).plus(amount));
  const said = [...sums.values()].reduce((sum, amount) => sum.plus(amount), new Exact(0));
  if (said.gt(supply.total))
    throw invalid(
      field,
      `${supply.id} has ${supply.total.toFixed()}, but ${said.toFixed()} of it is used; lower the uses`,
    );
  return [...sums].map(([key, amount]) => ({ supply: supply.id, key, amount }));
};

/**
 * Distributes supplies to wants: first the explicit uses, then the rest of each supply to the wants of its group, in
 * rank order, no want beyond its need. Laws: the uses and the rest of a supply add up to its total, so nothing is used
 * twice; the order of the inputs makes no difference. Throws `invalid` if the explicit uses of a supply exceed it.
 */
export const spread = (supplies: readonly Supply[], wants: readonly Want[], field: string): Spread => {
  const ordered = [...supplies].sort(byRank);
  const said = ordered.flatMap((supply) => explicitUses(supply, field));
  const open = new Map(wants.map(({ key, needed }) => [key, needed]));
  const left = new Map(ordered.map(({ id, total }) => [id, total]));
  const take = ({ supply, key, amount }: Use): void => {
    open.set(key, (open.get(key) ?? NOTHING).minus(amount));
    left.set(supply, (left.get(supply) ?? NOTHING).minus(amount));
  };
  said.forEach(take);
  // A want leaves its queue once it is satisfied, so the time grows with the number of papers and not with its square.
  const queues = Map.groupBy([...wants].sort(byRank).reverse(), ({ group }) => group);
  const taken: Use[] = [];
  for (const { id, group } of ordered) {
    const queue = (group === null ? undefined : queues.get(group)) ?? [];
    for (let want = queue.at(-1); want && left.get(id)?.gt(0); want = queue.at(-1)) {
      const amount = Exact.min(left.get(id) ?? NOTHING, open.get(want.key) ?? NOTHING);
      if (amount.gt(0)) {
        const use = { supply: id, key: want.key, amount };
        take(use);
        taken.push(use);
      }
      if (!open.get(want.key)?.gt(0)) queue.pop();
    }
  }
  const merged = new Map<string, Use>();
  for (const use of [...said, ...taken]) {
    const id = JSON.stringify([use.supply, use.key]);
    const before = merged.get(id);
    merged.set(id, before ? { ...use, amount: before.amount.plus(use.amount) } : use);
  }
  return { uses: [...merged.values()], left };
};
