import { z } from 'zod';
import type { Address } from './address.ts';
import { News } from './event.ts';
import { machine } from './state-machine.ts';

/** A person is erased from the workspace's documents. requested: under way, or cut off; the sweep then goes on with it. */
export const erasureMachine = machine('erasure', 'requested', { requested: ['done'], done: [] });

/** That a person was erased, without a word of who it was. */
export const Erasure = z.object({
  _id: z.string(),
  workspaceId: z.string(),
  /** The orders that were the person's. */
  orderIds: z.array(z.string()),
  /** What becomes of closed case files that name the person. */
  cases: z.enum(['keep', 'erase']),
  /** Documents that were changed, by collection; of one that was cut off, by its last run. */
  counts: z.record(z.string(), z.int()),
  state: z.enum(erasureMachine.states),
  createdAtMs: z.number(),
  doneAtMs: z.number().nullable(),
  /** When it is taken up again, should its run be lost. */
  dueAtMs: z.number().nullable(),
  news: z.array(News).optional(),
  newsSeq: z.int().optional(),
});
export type Erasure = z.infer<typeof Erasure>;

export const ERASED = '[erased]';

/** An address of nobody: the country and its region stay, for tax reports and figures by country ask for them. */
export const addressOfNobody = ({ country, region }: Address): Address => ({
  name: '',
  company: '',
  line1: '',
  line2: '',
  city: '',
  region,
  postalCode: '',
  country,
  phone: '',
  email: '',
});

/** What tells who somebody is, as it stands in records: names, addresses, e-mails, telephone numbers. */
export interface PersonalValues {
  /** Of an address, but for its country and region. */
  values: ReadonlySet<string>;
  /** Those that name one person wherever they are met: e-mails, telephone numbers, whole names and streets. */
  telling: ReadonlySet<string>;
}

const clean = (text: string): string => text.trim();
const digitsOf = (phone: string): string => phone.replace(/\D/gu, '');

export const personalValues = (
  people: readonly { name: string; email: string }[],
  addresses: readonly (Address | null)[],
): PersonalValues => {
  const given = addresses.filter((address) => address !== null);
  const emails = [...people, ...given].map(({ email }) => email);
  const phones = given.flatMap(({ phone }) => [phone, digitsOf(phone)]).filter((phone) => digitsOf(phone).length >= 7);
  const names = [...people, ...given].map(({ name }) => clean(name));
  const streets = given.flatMap(({ line1, line2 }) => [line1, line2]).map(clean);
  const rest = given.flatMap(({ company, city, postalCode }) => [company, city, postalCode]);
  const telling = [
    ...emails,
    ...phones,
    ...names.filter((name) => /\S\s+\S/u.test(name) || /[^\p{ASCII}]{2,}/u.test(name)),
    // A single word could be any.
    ...streets.filter((street) => street.length >= 6 && /\p{L}/u.test(street) && /[\p{N}\s]/u.test(street)),
  ];
  const asSet = (all: readonly string[]) => new Set(all.map(clean).filter((value) => value !== ''));
  return { values: asSet([...telling, ...names, ...streets, ...rest]), telling: asSet(telling) };
};

/** Of scripts that part words by spaces. Han, Kana, Hangul or Thai run on into what follows a name. */
const PARTED = /[\p{N}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/u;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
/** So that a short name is not found inside another word; where a value ends in no letter there is no word to be inside of. */
const bounded = (value: string): string => {
  const [before, after] = [value.at(0) ?? '', value.at(-1) ?? ''];
  return `${PARTED.test(before) ? '(?<![\\p{L}\\p{N}])' : ''}${escaped(value)}${PARTED.test(after) ? '(?![\\p{L}\\p{N}])' : ''}`;
};
/** In a longer text shorter ones would be met by chance. */
const SHORTEST_INSIDE = 3;
const isLongEnough = (value: string): boolean =>
  value.length >= SHORTEST_INSIDE || (value.length > 1 && !PARTED.test(value));

/** Where records keep what people say, and who they are. Everything else is the machine's own: states, ids, places, SKUs. */
const SPOKEN: ReadonlySet<string> = new Set([
  'note',
  'reason',
  'detail',
  'title',
  'text',
  'what',
  'message',
  'outcome',
  'name',
  'company',
  'line1',
  'line2',
  'city',
  'postalCode',
  'address',
  'street',
  'phone',
  'email',
]);

/**
 * Gives a value back without the personal values in the texts that people say, at every depth; the same one where none is in it. Upper and
 * lower case count as the same. A text under any other key stays, whatever it is: a buyer's name may be that of a state or a place.
 */
export const redactor = (values: ReadonlySet<string>): (<T>(value: T) => T) => {
  const longest = [...values].filter(isLongEnough).toSorted((a, b) => b.length - a.length);
  const inside = longest.length > 0 ? new RegExp(longest.map(bounded).join('|'), 'giu') : null;
  const whole = new Set([...values].map((value) => value.toLowerCase()));
  const withoutIn = (text: string): string =>
    whole.has(clean(text).toLowerCase()) ? ERASED : inside ? text.replace(inside, ERASED) : text;
  const without = (value: unknown, spoken: boolean): unknown => {
    if (typeof value === 'string') return spoken ? withoutIn(value) : value;
    if (Array.isArray(value)) {
      const parts = value.map((part) => without(part, spoken));
      return parts.every((part, index) => part === value[index]) ? value : parts;
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const parts = entries.map(([key, part]): [string, unknown] => [key, without(part, SPOKEN.has(key))]);
    return parts.every(([, part], index) => part === entries[index]?.[1]) ? value : Object.fromEntries(parts);
  };
  return <T>(value: T): T => without(value, false) as T;
};
