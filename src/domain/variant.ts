import { z } from 'zod';
import { Actor } from './actor.ts';
import { isCountry } from './country.ts';
import { isMember } from './eu-members.ts';
import { idOf } from './ids.ts';

/**
 * Who said a physical or customs fact, the least trusted first. `assumed`: version 0.1 filled it in; it is shown, and used for
 * nothing until a person confirms it.
 */
export const FACT_SOURCES = ['assumed', 'listing', 'catalogue', 'person'] as const;
export type FactSource = (typeof FACT_SOURCES)[number];

const sourced = <S extends z.ZodType>(value: S) =>
  z.object({
    value,
    source: z.enum(FACT_SOURCES),
    /** The connection that said it; empty for a person. */
    from: z.string(),
    atMs: z.number(),
  });
interface Sourced<T> {
  value: T;
  source: FactSource;
  from: string;
  atMs: number;
}

const CountryCode = z.string().refine(isCountry, 'has to be an ISO 3166-1 code, such as CN');
const Millimetres = z.int().positive().max(100_000);
const Dimensions = z.strictObject({ lengthMm: Millimetres, widthMm: Millimetres, heightMm: Millimetres });
/** Six digits of the Harmonised System, and as many more as the country that reads it has. */
const HsCode = z
  .string()
  .max(30)
  .overwrite((text) => text.replace(/[. ]/g, ''))
  .regex(/^\d{6,13}$/, 'has to be 6 to 13 digits');
const Grams = z.int().positive().max(10_000_000);
/** Whether the goods are dangerous to carry, and as what. Null where nobody has said. */
const DangerousGoods = z.discriminatedUnion('dangerous', [
  z.strictObject({ dangerous: z.literal(false) }),
  z.strictObject({
    dangerous: z.literal(true),
    unNumber: z.string().regex(/^UN\d{4}$/, 'has to be a UN number such as UN3481'),
    hazardClass: z.string().min(1).max(10),
    packingGroup: z.enum(['I', 'II', 'III']).nullable(),
  }),
]);
/** `*` for everywhere, `EU` for its members, or one country. */
const Market = z
  .string()
  .refine((market) => market === '*' || market === 'EU' || isCountry(market), 'has to be *, EU or an ISO 3166-1 code');

/** One of our SKUs: what it is, whoever sells or makes it. */
export const Variant = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  sku: z.string(),
  title: z.string(),
  brand: z.string(),
  attributes: z.record(z.string(), z.string()),
  images: z.array(z.string()),
  gtin: sourced(z.string()).nullable(),
  /** Of one unit, packed as it is sold. */
  weightGrams: sourced(Grams).nullable(),
  dimensions: sourced(Dimensions).nullable(),
  origin: sourced(CountryCode).nullable(),
  hsCodes: z.record(z.string(), sourced(HsCode)),
  dangerousGoods: sourced(DangerousGoods).nullable(),
  /** Some fact is assumed and waits for a person. */
  assumed: z.boolean(),
  changedBy: Actor,
  version: z.int(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type Variant = z.infer<typeof Variant>;

/** What a person says of a SKU: what is left out stays, null takes a fact away. */
export const VariantInput = z.strictObject({
  sku: z.string().min(1).max(64),
  title: z.string().max(500).optional(),
  brand: z.string().max(120).optional(),
  attributes: z.record(z.string().max(60), z.string().max(500)).optional(),
  images: z.array(z.url()).max(30).optional(),
  gtin: z.string().max(20).nullable().optional(),
  weightGrams: Grams.nullable().optional(),
  dimensions: Dimensions.nullable().optional(),
  origin: CountryCode.nullable().optional(),
  hsCodes: z.record(Market, HsCode).nullable().optional().describe('All of them: the map replaces the one before.'),
  dangerousGoods: DangerousGoods.nullable().optional(),
});
export type VariantInput = z.infer<typeof VariantInput>;

/** What a storefront's listing or a supplier's catalogue says of a thing; left out or null where it does not. */
export const ReadFacts = z.object({
  weightGrams: Grams.nullish(),
  dimensions: Dimensions.nullish(),
  origin: CountryCode.nullish(),
  hsCode: HsCode.nullish(),
  gtin: z.string().nullish(),
});
export type ReadFacts = z.infer<typeof ReadFacts>;

/** Facts as a vendor gives them: what does not fit, and a zero that stands for “not entered”, is none. Weight in grams. */
export const readFacts = (given: {
  weightGrams?: number | null;
  dimensions?: { lengthMm: number; widthMm: number; heightMm: number } | null;
  origin?: string | null;
  hsCode?: string | null;
  gtin?: string | null;
}): ReadFacts => {
  const fitting = <T>(schema: z.ZodType<T>, value: unknown): T | null => schema.safeParse(value).data ?? null;
  const { weightGrams, dimensions } = given;
  const whole = (value: number) => (value > 0 ? Math.max(1, Math.round(value)) : 0);
  return {
    weightGrams: fitting(Grams, whole(weightGrams ?? 0)),
    dimensions: fitting(
      Dimensions,
      dimensions && {
        lengthMm: whole(dimensions.lengthMm),
        widthMm: whole(dimensions.widthMm),
        heightMm: whole(dimensions.heightMm),
      },
    ),
    origin: fitting(CountryCode, given.origin),
    hsCode: fitting(HsCode, given.hsCode),
    gtin: given.gtin?.trim() || null,
  };
};

export const variantId = (workspaceId: string, sku: string): string => idOf('va', workspaceId, sku);

export const newVariant = (workspaceId: string, sku: string, by: Actor, atMs: number): Variant => ({
  _id: variantId(workspaceId, sku),
  workspaceId,
  sku,
  title: '',
  brand: '',
  attributes: {},
  images: [],
  gtin: null,
  weightGrams: null,
  dimensions: null,
  origin: null,
  hsCodes: {},
  dangerousGoods: null,
  assumed: false,
  changedBy: by,
  version: 1,
  createdAtMs: atMs,
  updatedAtMs: atMs,
});

/** The variant with `assumed` in step with its facts. */
const counted = (variant: Variant): Variant => ({
  ...variant,
  assumed: [
    variant.gtin,
    variant.weightGrams,
    variant.dimensions,
    variant.origin,
    variant.dangerousGoods,
    ...Object.values(variant.hsCodes),
  ].some((fact) => fact?.source === 'assumed'),
});

/** The variant with what a person says of it: nothing that is read later overrides it. */
export const withTyped = (variant: Variant, given: VariantInput, by: Actor, atMs: number): Variant => {
  const typed = <T>(value: T): Sourced<T> => ({ value, source: 'person', from: '', atMs });
  const fact = <T>(before: Sourced<T> | null, value: T | null | undefined): Sourced<T> | null =>
    value === undefined ? before : value === null ? null : typed(value);
  return counted({
    ...variant,
    title: given.title ?? variant.title,
    brand: given.brand ?? variant.brand,
    attributes: given.attributes ?? variant.attributes,
    images: given.images ?? variant.images,
    gtin: fact(variant.gtin, given.gtin),
    weightGrams: fact(variant.weightGrams, given.weightGrams),
    dimensions: fact(variant.dimensions, given.dimensions),
    origin: fact(variant.origin, given.origin),
    hsCodes:
      given.hsCodes === undefined
        ? variant.hsCodes
        : Object.fromEntries(Object.entries(given.hsCodes ?? {}).map(([market, code]) => [market, typed(code)])),
    dangerousGoods: fact(variant.dangerousGoods, given.dangerousGoods),
    changedBy: by,
    updatedAtMs: atMs,
  });
};

/** Whether what `by` says replaces a fact: it is better placed to know, or has said the same fact before. */
const replaces = <T>(before: Sourced<T> | null | undefined, next: Sourced<T>): boolean => {
  if (!before) return true;
  if (JSON.stringify(before.value) === JSON.stringify(next.value)) return before.source === 'assumed';
  const rank = ({ source }: Sourced<T>) => FACT_SOURCES.indexOf(source);
  return rank(next) > rank(before) || (rank(next) === rank(before) && next.from === before.from);
};

/**
 * The variant with what a listing or a catalogue says. A person's word stays; of two storefronts that differ the first stays; a
 * catalogue counts more than a listing. Null when nothing changes.
 */
export const withRead = (
  variant: Variant,
  read: { title: string; facts: ReadFacts },
  { source, by, atMs }: { source: 'listing' | 'catalogue'; by: Actor; atMs: number },
): Variant | null => {
  const { facts } = read;
  const take = <T>(before: Sourced<T> | null, value: T | null | undefined): Sourced<T> | null => {
    if (value === undefined || value === null) return before;
    const next = { value, source, from: by.id, atMs };
    return replaces(before, next) ? next : before;
  };
  const hsCode = take(variant.hsCodes['*'] ?? null, facts.hsCode);
  const next = counted({
    ...variant,
    title: variant.title || read.title,
    gtin: take(variant.gtin, facts.gtin),
    weightGrams: take(variant.weightGrams, facts.weightGrams),
    dimensions: take(variant.dimensions, facts.dimensions),
    origin: take(variant.origin, facts.origin),
    hsCodes:
      hsCode === (variant.hsCodes['*'] ?? null) || hsCode === null
        ? variant.hsCodes
        : { ...variant.hsCodes, '*': hsCode },
  });
  const changed =
    next.title !== variant.title ||
    next.gtin !== variant.gtin ||
    next.weightGrams !== variant.weightGrams ||
    next.dimensions !== variant.dimensions ||
    next.origin !== variant.origin ||
    next.hsCodes !== variant.hsCodes;
  return changed ? { ...next, changedBy: by, updatedAtMs: atMs } : null;
};

/** The variant with its assumed facts as a person's. */
export const withConfirmed = (variant: Variant, by: Actor, atMs: number): Variant => {
  const confirm = <T>(fact: Sourced<T>): Sourced<T> =>
    fact.source === 'assumed' ? { ...fact, source: 'person', from: '', atMs } : fact;
  return counted({
    ...variant,
    gtin: variant.gtin && confirm(variant.gtin),
    weightGrams: variant.weightGrams && confirm(variant.weightGrams),
    dimensions: variant.dimensions && confirm(variant.dimensions),
    origin: variant.origin && confirm(variant.origin),
    hsCodes: Object.fromEntries(Object.entries(variant.hsCodes).map(([market, code]) => [market, confirm(code)])),
    dangerousGoods: variant.dangerousGoods && confirm(variant.dangerousGoods),
    changedBy: by,
    updatedAtMs: atMs,
  });
};

/** A fact as it may be used: what is assumed is none. */
const known = <T>(fact: Sourced<T> | null | undefined): T | null =>
  fact && fact.source !== 'assumed' ? fact.value : null;

/** The HS code that a country reads: its own, its union's, or the one for everywhere. */
export const hsCodeFor = (variant: Variant, country: string): string | null =>
  known(variant.hsCodes[country]) ??
  (isMember(country) ? known(variant.hsCodes['EU']) : null) ??
  known(variant.hsCodes['*']);

export interface CustomsFacts {
  weightGrams: number;
  origin: string;
  hsCode: string;
}
/** What a customs form says of one unit, or the fields that nobody has said. */
export const customsFacts = (
  variant: Variant | undefined,
  country: string,
): { facts: CustomsFacts } | { missing: readonly (keyof CustomsFacts)[] } => {
  const weightGrams = known(variant?.weightGrams);
  const origin = known(variant?.origin);
  const hsCode = variant ? hsCodeFor(variant, country) : null;
  if (weightGrams !== null && origin !== null && hsCode !== null) return { facts: { weightGrams, origin, hsCode } };
  const given = { weightGrams, origin, hsCode };
  return { missing: (['weightGrams', 'origin', 'hsCode'] as const).filter((field) => given[field] === null) };
};
