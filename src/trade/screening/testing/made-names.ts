import { plainDate } from '../../plain-date.ts';
import type { PartyInput, PartyKind } from '../party.ts';
import type { Alias, ListEntry, SanctionsList } from '../sanctions-list.ts';

/** Random numbers from 0 to below 1 that depend only on the seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

type Random = () => number;

const below = (random: Random, count: number): number => Math.floor(random() * count);
const oneOf = <T>(random: Random, from: readonly [T, ...T[]]): T => from[below(random, from.length)] ?? from[0];

const ONSETS = [
  'b',
  'd',
  'f',
  'g',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'z',
  'kh',
  'sh',
  'ch',
  'zh',
  'br',
  'st',
  'kr',
  'al',
  'j',
  'y',
] as const;
const VOWELS = ['a', 'a', 'a', 'e', 'i', 'i', 'o', 'u', 'ou', 'ya', 'ai'] as const;
const CODAS = ['', '', '', 'n', 'r', 'l', 's', 'm', 'd', 'v', 'ng', 'sk'] as const;
const ENDINGS = ['', '', 'ov', 'ev', 'in', 'enko', 'i', 'ian', 'ez', 'zade', 'ani'] as const;
const TRADES = [
  'trading',
  'shipping',
  'industries',
  'international',
  'petroleum',
  'general',
  'import',
  'export',
  'holding',
  'marine',
  'aviation',
  'steel',
  'group',
  'technology',
  'investment',
  'bank',
  'national',
  'company',
  'electronics',
  'development',
] as const;
const FORMS = ['LLC', 'Ltd.', 'Co., Ltd.', 'GmbH', 'S.A.', 'FZE', 'JSC', 'Inc.', ''] as const;
const PARTICLES = ['al', 'bin', 'abu', 'de', 'el', 'ibn'] as const;
const COUNTRIES = ['IR', 'SY', 'RU', 'CN', 'AE', 'LB', 'IQ', 'KP', 'CU', 'VE', 'MX', 'CO', 'TR', 'BY'] as const;

const word = (random: Random): string => {
  const syllables = 1 + below(random, 3);
  let made = '';
  for (let count = 0; count < syllables; count++)
    made += oneOf(random, ONSETS) + oneOf(random, VOWELS) + oneOf(random, CODAS);
  return made + oneOf(random, ENDINGS);
};

/** A third of all words come from the same few hundred, like given names. */
const wordMaker = (random: Random): (() => string) => {
  const frequent: [string, ...string[]] = [word(random)];
  while (frequent.length < 400) frequent.push(word(random));
  return () => (random() < 0.33 ? oneOf(random, frequent) : word(random));
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const personName = (random: Random, make: () => string): string => {
  const given = [make(), ...(random() < 0.5 ? [make()] : []), ...(random() < 0.15 ? [oneOf(random, PARTICLES)] : [])];
  return `${make().toUpperCase()}, ${given.map(capital).join(' ')}`;
};

const organisationName = (random: Random, make: () => string): string => {
  const own = [make(), ...(random() < 0.4 ? [make()] : [])];
  const trades = [oneOf(random, TRADES), ...(random() < 0.5 ? [oneOf(random, TRADES)] : [])];
  return [...own, ...trades].map(capital).concat(oneOf(random, FORMS)).join(' ').trim();
};

/** `name` with one typical typing error: a letter changed, lost or doubled, or two letters swapped. */
export const misspelt = (random: Random, name: string): string => {
  const at = 1 + below(random, Math.max(1, name.length - 2));
  const [before, here, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
  return oneOf(random, [
    before + oneOf(random, VOWELS) + after,
    before + after,
    before + here + here + after,
    before + after.charAt(0) + here + after.slice(1),
  ]);
};

const aliasesOf = (random: Random, name: string, make: () => string, another: () => string): Alias[] => {
  const aliases: Alias[] = [];
  while (random() < 0.5 && aliases.length < 6)
    aliases.push(
      random() < 0.6
        ? { name: misspelt(random, name), weak: false, label: 'aka' }
        : { name: another(), weak: false, label: 'aka' },
    );
  if (random() < 0.1) aliases.push({ name: make(), weak: true, label: 'Low' });
  return aliases;
};

/**
 * Makes a list of `count` entries with about one alias each, from syllables: no real party, deterministic by seed. Six
 * in ten are persons with a date of birth. Lengths and the share of frequent words are like those of public lists.
 */
export const madeList = (count: number, seed: number): SanctionsList => {
  const random = seeded(seed);
  const make = wordMaker(random);
  const entries: ListEntry[] = [];
  for (let id = 1; id <= count; id++) {
    const kind: PartyKind = random() < 0.6 ? 'person' : 'organisation';
    const another = () => (kind === 'person' ? personName(random, make) : organisationName(random, make));
    const name = another();
    const born = `${1930 + below(random, 75)}-${String(1 + below(random, 12)).padStart(2, '0')}-${String(1 + below(random, 28)).padStart(2, '0')}`;
    entries.push({
      id: String(id),
      kind,
      name,
      aliases: aliasesOf(random, name, make, another),
      programs: ['MADE'],
      births: kind === 'person' ? [{ from: born, to: born, circa: false }] : [],
      countries: [oneOf(random, COUNTRIES)],
      identifiers: [],
      effective: { from: null, to: null },
      remarks: '',
    });
  }
  return { id: 'made', title: 'A made list', date: plainDate('2026-11-20'), sha256: 'a'.repeat(64), entries };
};

/**
 * Makes `count` parties to screen against a made list: a fifth are listed names unchanged, a fifth misspelt, the others
 * strangers. Half of them have a country, and persons have a date of birth.
 */
export const madeParties = (list: SanctionsList, count: number, seed: number): PartyInput[] => {
  const random = seeded(seed);
  const make = wordMaker(random);
  const parties: PartyInput[] = [];
  for (let made = 0; made < count; made++) {
    const listed = list.entries[below(random, list.entries.length)];
    const kind: PartyKind = random() < 0.5 ? 'person' : 'organisation';
    const stranger = kind === 'person' ? personName(random, make) : organisationName(random, make);
    const share = random();
    const name = !listed || share > 0.4 ? stranger : share < 0.2 ? listed.name : misspelt(random, listed.name);
    const known = listed && share <= 0.4 && listed.kind !== null ? listed.kind : kind;
    const born = `${1930 + below(random, 75)}-05-17`;
    parties.push({
      name,
      kind: known,
      ...(random() < 0.5 ? { countries: [oneOf(random, COUNTRIES)] } : {}),
      ...(known === 'person' && random() < 0.5 ? { dateOfBirth: born } : {}),
    });
  }
  return parties;
};
