import { z } from 'zod';
import { Exact, exact } from '../decimal.ts';
import { invalid, readUnder } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { BIS_AFFILIATES, OFAC_INDIRECT, OFAC_OWNERSHIP } from './ownership-rules.ts';

const PartyName = z.string().min(1, 'is empty; name the party').max(500, 'is longer than 500 characters');
const Percent = z.string().max(40, 'is not a decimal number such as 12.50');

export const OWNERSHIP_LAWS = ['us.ofac', 'us.bis'] as const;
export type OwnershipLaw = (typeof OWNERSHIP_LAWS)[number];

/** Who is listed, and the ownership: entity → direct owner → percent as decimal text. */
export const Ownership = z.strictObject({
  law: z.enum(OWNERSHIP_LAWS).default('us.ofac'),
  blocked: z.array(PartyName).max(100_000, 'has more than 100,000 names'),
  ownershipPct: z.record(PartyName, z.record(PartyName, Percent)),
});
export type OwnershipInput = z.input<typeof Ownership>;

/** Why an entity is blocked: its blocked owners with their shares. Each owner is listed or was blocked before it. */
export interface OwnershipFinding {
  entity: string;
  blocked: boolean;
  /** The total share of all blocked direct owners, in percent. */
  blockedShare: string;
  owners: readonly { owner: string; percent: string; because: 'listed' | 'owned' }[];
  /** The blocked owner whose share reached the limit; null if the entity is listed itself or not blocked. */
  through: string | null;
}

export interface OwnershipAnswer {
  law: OwnershipLaw;
  /** False: the law has no such rule on the day, so only listed parties are blocked. */
  ruleInForce: boolean;
  percent: string;
  /** Every entity of the structure, in the given order. */
  blocked: Readonly<Record<string, boolean>>;
  findings: readonly OwnershipFinding[];
  notices: readonly Notice[];
}

type Shares = ReadonlyMap<string, ReadonlyMap<string, Exact>>;

const HUNDRED = new Exact(100);

const sharesOf = (ownershipPct: Record<string, Record<string, string>>): Shares =>
  new Map(
    Object.entries(ownershipPct).map(([entity, owners]) => {
      const field = `ownershipPct.${entity.slice(0, 60)}`;
      const shares = new Map(
        Object.entries(owners).map(([owner, percent]) => {
          const place = `${field}.${owner.slice(0, 60)}`;
          return [owner, exact(percent, place, { max: '100' })] as const;
        }),
      );
      const sum = [...shares.values()].reduce((total, share) => total.plus(share), new Exact(0));
      if (sum.gt(HUNDRED))
        throw invalid(field, `the shares add up to ${sum.toFixed()} percent; they cannot exceed 100`);
      return [entity, shares] as const;
    }),
  );

/** The entities in which each owner has a direct share. */
const ownedBy = (shares: Shares): ReadonlyMap<string, readonly string[]> => {
  const pairs = [...shares].flatMap(([entity, owners]) => [...owners.keys()].map((owner) => ({ owner, entity })));
  const grouped = Map.groupBy(pairs, ({ owner }) => owner);
  return new Map([...grouped].map(([owner, own]) => [owner, own.map(({ entity }) => entity)]));
};

/**
 * The smallest set that contains the listed parties and every entity of which the set owns `percent` or more. Each
 * member adds its shares once, so cycles terminate, and no share is multiplied along a chain.
 */
const closure = (listed: ReadonlySet<string>, shares: Shares, percent: Exact): Map<string, string | null> => {
  const blockedBy = new Map<string, string | null>([...listed].map((name) => [name, null]));
  const owned = ownedBy(shares);
  const sums = new Map<string, Exact>();
  const queue = [...listed];
  for (let at = 0; at < queue.length; at++) {
    const owner = queue[at] ?? '';
    for (const entity of owned.get(owner) ?? []) {
      const sum = (sums.get(entity) ?? new Exact(0)).plus(shares.get(entity)?.get(owner) ?? 0);
      sums.set(entity, sum);
      if (blockedBy.has(entity) || sum.lt(percent)) continue;
      blockedBy.set(entity, owner);
      queue.push(entity);
    }
  }
  return blockedBy;
};

const hasUnsafeName = (names: object): boolean => Object.hasOwn(names, '__proto__');

/**
 * Which entities are blocked because listed parties, and entities blocked by this rule, together own half or more of
 * them. Shares are exact decimals of direct ownership and are not multiplied along a chain. Cycles terminate. More
 * owners or larger shares never unblock anybody. Shares below zero, above 100 or together above 100 are `invalid`.
 * Every finding names the owners; `chainTo` returns the chain. Source: OFAC FAQ 398, 399, 401; for `us.bis` the
 * Affiliates Rule, a dated switch.
 */
export const blockedByOwnership = (input: OwnershipInput, asOf: AsOf): OwnershipAnswer => {
  const { law, blocked, ownershipPct } = readUnder('ownership', Ownership, input);
  // The parser would silently drop such a name and lose its shares.
  if (hasUnsafeName(input.ownershipPct) || Object.values(input.ownershipPct).some(hasUnsafeName))
    throw invalid('ownershipPct', '“__proto__” cannot be the name of a party here');
  const shares = sharesOf(ownershipPct);
  const { value: rule, notices } = ruleOn(law === 'us.bis' ? BIS_AFFILIATES : OFAC_OWNERSHIP, asOf);
  const listed = new Set(blocked);
  const blockedBy = rule.inForce
    ? closure(listed, shares, new Exact(rule.percent))
    : new Map<string, string | null>([...listed].map((name) => [name, null]));
  const findings = [...shares].map(([entity, owners]): OwnershipFinding => {
    const blockedOwners = [...owners].filter(
      ([owner, share]) => blockedBy.has(owner) && owner !== entity && !share.isZero(),
    );
    return {
      entity,
      blocked: blockedBy.has(entity),
      through: blockedBy.get(entity) ?? null,
      blockedShare: blockedOwners.reduce((sum, [, share]) => sum.plus(share), new Exact(0)).toFixed(),
      owners: blockedOwners.map(([owner, share]) => ({
        owner,
        percent: share.toFixed(),
        because: listed.has(owner) ? ('listed' as const) : ('owned' as const),
      })),
    };
  });
  // Only relevant if an owner is an entity of the structure that is blocked partly or not at all.
  const throughPartly = [...shares.values()].some((owners) =>
    [...owners.keys()].some((owner) => shares.has(owner) && !blockedBy.has(owner)),
  );
  const partly = rule.inForce && throughPartly ? ruleOn(OFAC_INDIRECT, asOf).notices : [];
  return {
    law,
    ruleInForce: rule.inForce,
    percent: rule.percent,
    findings,
    blocked: Object.fromEntries(findings.map((finding) => [finding.entity, finding.blocked])),
    notices: mergeNotices(notices, partly),
  };
};

/** A chain of owners from a listed party to `entity`, inclusive; empty if it is not blocked by ownership. */
export const chainTo = (entity: string, { findings }: Pick<OwnershipAnswer, 'findings'>): string[] => {
  const through = new Map(findings.map((finding) => [finding.entity, finding.through]));
  const chain: string[] = [];
  for (let owner = through.get(entity); typeof owner === 'string'; owner = through.get(owner)) chain.push(owner);
  return chain.length > 0 ? [...chain.reverse(), entity] : [];
};
