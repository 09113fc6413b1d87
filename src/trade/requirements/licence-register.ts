import { z } from 'zod';
import { daysBetween, PlainDate } from '../plain-date.ts';
import { readInput } from '../read-input.ts';
import type { Severity } from './rules.ts';

export const LICENCE_KINDS = [
  'export_licence',
  'import_licence',
  'dual_use_licence',
  'brand_authorisation',
  'product_registration',
  'tax_registration',
  'customs_registration',
] as const;

const Country = z.string().regex(/^[A-Z]{2}$/, 'a country in two capital letters such as DE');
const Text = z.string().min(1).max(200);

/** What a need or a licence applies to. An empty list means everything. */
export const Scope = z.strictObject({
  /** Prefixes of HS codes: `85` is the chapter, `851713` the subheading. */
  hsPrefixes: z.array(z.string().regex(/^\d{2,10}$/, 'two to ten digits')).max(500),
  countries: z.array(Country).max(300),
  brands: z.array(Text).max(500),
});
export type Scope = z.infer<typeof Scope>;

export const Licence = z
  .strictObject({
    id: Text,
    kind: z.enum(LICENCE_KINDS),
    scope: Scope,
    from: PlainDate,
    /** The last day; null if it does not expire. */
    expires: PlainDate.nullable(),
    /** Where the paper is: the name or number of a stored document. */
    evidence: Text.nullable(),
  })
  .refine(({ from, expires }) => expires === null || from <= expires, {
    path: ['expires'],
    message: 'is before the first day',
  });
export type Licence = z.infer<typeof Licence>;

/** Everything in the scope needs a licence of this kind. */
export const LicenceNeed = z.strictObject({ kind: z.enum(LICENCE_KINDS), scope: Scope, because: Text });
export type LicenceNeed = z.infer<typeof LicenceNeed>;

export const LicensedItem = z.strictObject({
  hs: z.string().regex(/^\d{6,10}$/, 'six to ten digits'),
  country: Country,
  brand: Text.nullable(),
});
export type LicensedItem = z.infer<typeof LicensedItem>;

export const LicenceQuestion = z.strictObject({
  item: LicensedItem,
  needs: z.array(LicenceNeed).max(10_000),
  licences: z.array(Licence).max(10_000),
  on: PlainDate,
  /** Warn about licences that expire within this many days after `on`. */
  warnDays: z.int().min(0).max(3650),
});
export type LicenceQuestion = z.infer<typeof LicenceQuestion>;

export interface LicenceFinding {
  code: 'LICENCE_MISSING' | 'LICENCE_NOT_YET' | 'LICENCE_EXPIRED' | 'LICENCE_NO_EVIDENCE' | 'LICENCE_EXPIRING';
  severity: Severity;
  /** The closest licence; null if none covers the item. */
  licence: string | null;
  what: string;
  todo: string;
}

const sameBrand = (a: string, b: string): boolean =>
  a.normalize('NFKC').trim().toLowerCase() === b.normalize('NFKC').trim().toLowerCase();

/** Whether a scope includes the item. A scope with brands does not include goods without a brand. */
export const covers = (scope: Scope, { hs, country, brand }: LicensedItem): boolean =>
  (scope.hsPrefixes.length === 0 || scope.hsPrefixes.some((prefix) => hs.startsWith(prefix))) &&
  (scope.countries.length === 0 || scope.countries.includes(country)) &&
  (scope.brands.length === 0 || (brand !== null && scope.brands.some((name) => sameBrand(name, brand))));

const findingOn = (need: LicenceNeed, { item, licences, on, warnDays }: LicenceQuestion): LicenceFinding | null => {
  const kind = need.kind.replaceAll('_', ' ');
  const label = `${kind} for ${item.hs} to ${item.country}${item.brand === null ? '' : `, brand ${item.brand}`}`;
  const block = (
    code: LicenceFinding['code'],
    licence: Licence | null,
    what: string,
    todo: string,
  ): LicenceFinding => ({
    code,
    severity: 'block',
    licence: licence?.id ?? null,
    what: `${label}: ${what} (${need.because})`,
    todo,
  });
  const covering = licences.filter((licence) => licence.kind === need.kind && covers(licence.scope, item));
  const held = covering.filter(({ from, expires }) => from <= on && (expires === null || on <= expires));
  const proved = held.filter(({ evidence }) => evidence !== null);
  // The licence that lasts longest decides.
  const last = (list: readonly Licence[]) =>
    list.reduce<Licence | null>(
      (best, one) => (best === null || (best.expires ?? '9999-12-31') < (one.expires ?? '9999-12-31') ? one : best),
      null,
    );
  const best = last(proved);
  if (best) {
    if (best.expires === null || daysBetween(on, best.expires) > warnDays) return null;
    return {
      code: 'LICENCE_EXPIRING',
      severity: 'warn',
      licence: best.id,
      what: `${label}: ${best.id} ends on ${best.expires}`,
      todo: 'renew it before that day',
    };
  }
  const unproved = last(held);
  if (unproved)
    return block('LICENCE_NO_EVIDENCE', unproved, `${unproved.id} is without its paper`, 'file the licence itself');
  const ended = last(covering.filter(({ expires }) => expires !== null && expires < on));
  const coming = covering.find(({ from }) => on < from);
  if (coming)
    return block(
      'LICENCE_NOT_YET',
      coming,
      `${coming.id} begins on ${coming.from}`,
      'wait for that day or get one that holds',
    );
  if (ended)
    return block('LICENCE_EXPIRED', ended, `${ended.id} expired on ${ended.expires}`, 'renew it and file the paper');
  return block('LICENCE_MISSING', null, 'none on file', 'apply for it, or narrow the offer until it is there');
};

/**
 * The missing licences and registrations for goods with an HS code and a brand to a country on a day: one finding for
 * each need whose scope includes the goods. A licence counts if its scope covers them, the day is within its dates
 * (inclusive), and its paper is on file. The caller says which licences are needed. Throws `invalid` naming the field.
 */
export const checkLicences = (input: LicenceQuestion): LicenceFinding[] => {
  const question = readInput(LicenceQuestion, input, 'licences');
  return question.needs
    .filter((need) => covers(need.scope, question.item))
    .flatMap((need) => {
      const finding = findingOn(need, question);
      return finding === null ? [] : [finding];
    });
};
