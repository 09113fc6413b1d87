import type { SandboxAnswer, SandboxRequest } from '#kit/sandbox';

/*
 * What WooCommerce's lists take and what WordPress refuses. A parameter that the vendor documents and that is not here is refused aloud
 * (501); one that nobody documents is ignored, as WordPress does, and noted.
 * Source: woocommerce-rest-api-docs, wp-api-v3 at 13d61967911c, the tables “Available parameters”; WordPress, “Global parameters”.
 * Read 2026-12-01.
 */

export const refusal = (
  status: number,
  code: string,
  message: string,
  more: Record<string, unknown> = {},
): SandboxAnswer => ({ status, body: { code, message, data: { status, ...more } } });
export const invalidParam = (name: string, message: string): SandboxAnswer =>
  refusal(400, 'rest_invalid_param', `Invalid parameter(s): ${name}`, { params: { [name]: message } });
/** WooCommerce can, this sandbox cannot. */
export const unsupported = (what: string): SandboxAnswer =>
  refusal(501, 'sandbox_unsupported', `This sandbox has no ${what}; WooCommerce has.`);

/** The site stands two hours east of UTC, so that whoever reads a local date finds out. */
export const SITE_OFFSET_MS = 2 * 3_600_000;
export const gmt = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
/** A bound beside `dates_are_gmt`: as it stands, unless a zone makes WordPress move it to the site's. */
const asked = (value: string): string =>
  /(Z|[+-]\d\d:\d\d)$/.test(value) ? gmt(Date.parse(value) + SITE_OFFSET_MS) : value;

/**
 * The parameters as PHP reads them: of a name that comes twice the last, and `a[]` counted, so that its first value is `a[0]`. The vendor's
 * own client sends some names twice.
 */
export const phpQuery = ({ searchParams }: URL): Map<string, string> => {
  const found = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const [name, value] of searchParams) {
    const count = counts.get(name) ?? 0;
    if (name.endsWith('[]')) counts.set(name, count + 1);
    found.set(name.endsWith('[]') ? `${name.slice(0, -1)}${count}]` : name, value);
  }
  return found;
};
/** The values of each parameter: `a=1,2`, `a[]=1&a[]=2` and `a[0]=1` are one list. */
export const valuesOf = (url: URL): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const [name, value] of phpQuery(url)) {
    const bare = name.replace(/\[\d+\]$/, '');
    found.set(bare, [...(found.get(bare) ?? []), value]);
  }
  return found;
};
const listed = (values: readonly string[]): string[] => values.flatMap((value) => value.split(','));

/** One row of a list. `row` is opened when something asks for more than its dates. */
export interface Entry<T> {
  id: number;
  /** In UTC, as `date_created_gmt` is. */
  created: string;
  modified: string;
  /** Where it is known without opening the row. */
  status?: string | undefined;
  row(): T;
}
type Keep<T> = (entry: Entry<T>) => boolean;
/** What a list does with the values given for a parameter: keep rows, or refuse. */
export type Rule<T> = (
  values: readonly string[],
  given: ReadonlyMap<string, readonly string[]>,
) => Keep<T> | SandboxAnswer;

const ids =
  (name: string, keeps: (given: ReadonlySet<number>, id: number) => boolean) =>
  <T>(idOf: (entry: Entry<T>) => number): Rule<T> =>
  (values) => {
    const numbers = listed(values).map(Number);
    if (numbers.some((id) => !Number.isInteger(id))) return invalidParam(name, `${name}[0] is not of type integer.`);
    const given = new Set(numbers);
    return (entry) => keeps(given, idOf(entry));
  };
const oneOf = (given: ReadonlySet<number>, id: number): boolean => given.has(id);
const noneOf = (given: ReadonlySet<number>, id: number): boolean => !given.has(id);

const bound =
  (name: string, keeps: (at: string, bound: string) => boolean) =>
  <T>(at: (entry: Entry<T>) => string): Rule<T> =>
  ([value = ''], given) => {
    const time = Date.parse(`${asked(value)}Z`);
    if (Number.isNaN(time)) return invalidParam(name, 'Invalid date.');
    const limit = gmt(time - (given.get('dates_are_gmt')?.[0] === 'true' ? 0 : SITE_OFFSET_MS));
    return (entry) => keeps(at(entry), limit);
  };
const later = (at: string, limit: string): boolean => at > limit;
const earlier = (at: string, limit: string): boolean => at < limit;

/** Text that holds the words asked for, whatever their case. */
export const search =
  <T>(textOf: (row: T) => string): Rule<T> =>
  ([words = '']) =>
  (entry) =>
    textOf(entry.row()).toLowerCase().includes(words.toLowerCase());
export const equal =
  <T>(textOf: (row: T) => string): Rule<T> =>
  (values) => {
    const wanted = new Set(listed(values));
    return (entry) => wanted.has(textOf(entry.row()));
  };
/** `status` and the like: one of these words, `all` of which keep every row but those of `hidden`. */
export const word = <T>(rule: {
  name: string;
  words: readonly string[];
  everything: string;
  hidden?: readonly string[];
  of(entry: Entry<T>): string;
}): Rule<T> => {
  const known = new Set([rule.everything, ...rule.words]);
  return (values) => {
    const wanted = listed(values);
    const stranger = wanted.find((value) => !known.has(value));
    if (stranger !== undefined) return invalidParam(rule.name, `${rule.name} is not one of ${[...known].join(', ')}.`);
    const all = wanted.includes(rule.everything);
    return (entry) => {
      const value = rule.of(entry);
      return all ? !(rule.hidden ?? []).includes(value) : wanted.includes(value);
    };
  };
};

export const dateFilters = <T>() => ({
  after: bound('after', later)<T>((entry) => entry.created),
  before: bound('before', earlier)<T>((entry) => entry.created),
});
export const modifiedFilters = <T>() => ({
  modified_after: bound('modified_after', later)<T>((entry) => entry.modified),
  modified_before: bound('modified_before', earlier)<T>((entry) => entry.modified),
});
export const idFilters = <T>() => ({
  include: ids('include', oneOf)<T>((entry) => entry.id),
  exclude: ids('exclude', noneOf)<T>((entry) => entry.id),
});
export const parentFilters = <T>(parentOf: (row: T) => number) => ({
  parent: ids('parent', oneOf)<T>((entry) => parentOf(entry.row())),
  parent_exclude: ids('parent_exclude', noneOf)<T>((entry) => parentOf(entry.row())),
});

/** Parameters that this sandbox lacks, by name. */
export const lacking = (...names: string[]): Record<string, null> =>
  Object.fromEntries(names.map((name) => [name, null]));

export interface ListRules<T> {
  /** By parameter; null where WooCommerce has it and this sandbox does not. */
  filters: Readonly<Record<string, Rule<T> | null>>;
  /** By the word of `orderby`; null as above. `id` and `date` are there. */
  orders?: Readonly<Record<string, ((entry: Entry<T>) => string) | null>>;
  /** Values that a filter has where it is not given. */
  defaults?: Readonly<Record<string, string>>;
}

const COMMON = ['page', 'per_page', 'offset', 'order', 'orderby', 'context', 'dates_are_gmt'];
export const parametersOf = <T>({ filters }: ListRules<T>): Record<string, boolean> =>
  Object.fromEntries([
    ...COMMON.map((name) => [name, true] as const),
    ...Object.entries(filters).map(([name, rule]) => [name, rule !== null] as const),
  ]);

const sortKey = (id: number): string => String(id).padStart(12, '0');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A number of a query in its bounds, or the refusal in WordPress's words. */
const numberIn = (
  given: ReadonlyMap<string, readonly string[]>,
  name: string,
  rule: { fallback: number; least: number; most?: number },
): number | SandboxAnswer => {
  const value = given.get(name)?.[0];
  const number = value === undefined ? rule.fallback : Number(value);
  if (!Number.isInteger(number)) return invalidParam(name, `${name} is not of type integer.`);
  if (number >= rule.least && number <= (rule.most ?? Number.POSITIVE_INFINITY)) return number;
  return invalidParam(
    name,
    rule.most === undefined
      ? `${name} must be greater than or equal to ${rule.least}`
      : `${name} must be between ${rule.least} (inclusive) and ${rule.most} (inclusive)`,
  );
};

/** The address without what signed the request. */
const unsigned = (url: URL): URL => {
  const copy = new URL(url);
  for (const name of [...copy.searchParams.keys()])
    if (/^(oauth_|consumer_)/.test(name)) copy.searchParams.delete(name);
  return copy;
};

/** One page of a list, with the totals and links in its headers. */
export const listOf = <T>(
  { url }: SandboxRequest,
  entries: readonly Entry<T>[],
  { filters, orders = {}, defaults = {} }: ListRules<T>,
  shown: (row: T) => unknown,
): SandboxAnswer => {
  const given = new Map([
    ...Object.entries(defaults).map(([name, value]): [string, string[]] => [name, [value]]),
    ...valuesOf(url),
  ]);
  const size = numberIn(given, 'per_page', { fallback: 10, least: 1, most: 100 });
  const number = numberIn(given, 'page', { fallback: 1, least: 1 });
  const offset = numberIn(given, 'offset', { fallback: 0, least: 0 });
  if (typeof size === 'object') return size;
  if (typeof number === 'object') return number;
  if (typeof offset === 'object') return offset;

  let kept = entries;
  // In the table's order: dates and ids first, so that few rows are opened for the rest.
  for (const [name, rule] of Object.entries(filters)) {
    const values = given.get(name);
    const keep = values && rule?.(values, given);
    if (typeof keep === 'object') return keep;
    if (keep) kept = kept.filter(keep);
  }

  const included = listed(given.get('include') ?? []).map(Number);
  const keys: Readonly<Record<string, ((entry: Entry<T>) => string) | null>> = {
    date: (entry) => entry.created,
    id: (entry) => sortKey(entry.id),
    include: (entry) => sortKey(included.indexOf(entry.id)),
    ...orders,
  };
  const orderby = given.get('orderby')?.[0] ?? 'date';
  const keyOf = keys[orderby];
  if (keyOf === undefined) return invalidParam('orderby', `orderby is not one of ${Object.keys(keys).join(', ')}.`);
  if (keyOf === null) return unsupported(`orderby=${orderby}`);
  const order = given.get('order')?.[0] ?? 'desc';
  if (order !== 'asc' && order !== 'desc') return invalidParam('order', 'order is not one of asc and desc.');
  const ascending = kept
    .map((entry) => ({ entry, key: keyOf(entry) }))
    .sort((a, b) => compare(a.key, b.key) || a.entry.id - b.entry.id)
    .map(({ entry }) => entry);
  // WordPress gives the order of `include` whatever `order` says.
  const sorted = order === 'asc' || orderby === 'include' ? ascending : ascending.toReversed();

  const from = given.has('offset') ? offset : (number - 1) * size;
  const pages = Math.ceil(sorted.length / size);
  const link = (to: number, rel: string): string => {
    const target = unsigned(url);
    target.searchParams.set('page', String(to));
    return `<${target}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < pages ? [link(number + 1, 'next')] : []),
  ];
  return {
    status: 200,
    headers: {
      'x-wp-total': String(sorted.length),
      'x-wp-totalpages': String(pages),
      ...(links.length === 0 ? {} : { link: links.join(', ') }),
    },
    body: sorted.slice(from, from + size).map((entry) => shown(entry.row())),
  };
};

/** WordPress's own parameters of every route: true where they are here. `_method` and the like change what a request is. */
const GLOBAL: Readonly<Record<string, boolean>> = {
  _fields: true,
  _locale: true,
  _embed: false,
  _envelope: false,
  _method: false,
  _jsonp: false,
  rest_route: false,
};
const SIGNING = /^(oauth_[a-z_]+|consumer_key|consumer_secret)$/;

/** `documented`: true where this sandbox does it. What nobody documents is told to `stranger` and otherwise ignored. */
export const checkNames = (
  names: Iterable<string>,
  documented: Readonly<Record<string, boolean>>,
  what: string,
  stranger: (name: string) => void,
): SandboxAnswer | null => {
  for (const name of names) {
    const known = documented[name];
    if (known === false) return unsupported(`${what} “${name}”`);
    if (known === undefined) stranger(name);
  }
  return null;
};
export const checkParameters = (
  { url }: SandboxRequest,
  documented: Readonly<Record<string, boolean>>,
  stranger: (name: string) => void,
): SandboxAnswer | null =>
  checkNames(
    [...valuesOf(url).keys()].filter((name) => !SIGNING.test(name)),
    { ...GLOBAL, ...documented },
    'parameter',
    stranger,
  );

/** A document cut to the paths of `_fields`, such as `id,billing.email`. */
const pick = (value: unknown, paths: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => pick(item, paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const deeper = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
      if (paths.includes(name)) return [[name, inner]];
      return deeper.length > 0 ? [[name, pick(inner, deeper)]] : [];
    }),
  );
};
export const withFields = ({ url }: SandboxRequest, answer: SandboxAnswer): SandboxAnswer => {
  const paths = listed(valuesOf(url).get('_fields') ?? []).map((path) => path.trim());
  return paths.length === 0 || answer.status >= 400 ? answer : { ...answer, body: pick(answer.body, paths) };
};
