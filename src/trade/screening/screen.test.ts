import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import type { PartyInput } from './party.ts';
import type { ListEntry, SanctionsList } from './sanctions-list.ts';
import { isOutdated, type Screening, screen } from './screen.ts';
import { buildScreeningIndex } from './screening-index.ts';

const blank = {
  aliases: [],
  programs: ['MADE-UP'],
  births: [],
  countries: [],
  identifiers: [],
  remarks: '',
  effective: { from: null, to: null },
};
const entries: readonly ListEntry[] = [
  {
    ...blank,
    id: '1',
    kind: 'person',
    name: 'EXEMPLAROV, Testimir Borisovich',
    countries: ['RU'],
    births: [{ from: '1961-04-09', to: '1961-04-09', circa: false }],
    aliases: [
      { name: 'EXEMPLAROV, Testymyr', weak: false, label: 'aka' },
      { name: 'ZAUBERFUCHS', weak: true, label: 'aka' },
    ],
    identifiers: [{ type: 'passport', value: '71 8765432', country: 'RU' }],
  },
  { ...blank, id: '2', kind: 'organisation', name: 'NORDLICHT MUSTERHANDEL LLC', countries: ['AE'] },
  { ...blank, id: '3', kind: 'vessel', name: 'MUSTERSTERN', identifiers: [{ type: 'imo', value: '9074729' }] },
  { ...blank, id: '4', kind: 'aircraft', name: 'XX-ABC', identifiers: [{ type: 'tail', value: 'XX-ABC' }] },
  { ...blank, id: '7', kind: 'person', name: 'PRIMEROV, Ivan Borisovich' },
  { ...blank, id: '5', kind: 'organisation', name: 'QPZ', aliases: [] },
  {
    ...blank,
    id: '6',
    kind: null,
    name: 'WALDEMAR ABGELAUFEN',
    effective: { from: plainDate('2015-01-01'), to: plainDate('2020-01-01') },
  },
  ...Array.from(
    { length: 25 },
    (_, at): ListEntry => ({
      ...blank,
      id: `c${at}`,
      kind: 'person',
      name: `HASAN, Ali ${'abcdefghijklmnopqrstuvwxyz'.charAt(at)}xqv`,
    }),
  ),
  { ...blank, id: 'ca', kind: 'person', name: 'HASAN, Ali', births: [{ from: '1970', to: '1972', circa: false }] },
];
const list: SanctionsList = {
  id: 'made',
  title: 'Made up',
  date: plainDate('2026-11-20'),
  sha256: 'c'.repeat(64),
  entries,
};
const index = buildScreeningIndex([list]);
const asOf = { on: plainDate('2026-11-25'), today: plainDate('2026-11-25') };
const ask = (party: PartyInput, more = {}): Screening => screen(party, index, { ...asOf, ...more });
const first = (party: PartyInput, more = {}) => {
  const { verdict, hits } = ask(party, more);
  return { verdict, entry: hits[0]?.entryId, score: hits[0]?.score, why: hits[0]?.why.join('; ') };
};

describe('screening a party', () => {
  it('blocks the listed name, in another order, script and legal form, and a strong alias', () => {
    for (const name of ['Testimir Borisovich Exemplarov', 'Иван Борисович Примеров', 'Exemplarov, Testymyr'])
      expect([name, first({ name, kind: 'person' }).verdict]).toEqual([name, 'blocked']);
    expect(first({ name: 'Nordlicht Musterhandel GmbH', kind: 'organisation' })).toMatchObject({
      verdict: 'blocked',
      entry: '2',
      score: 1,
    });
  });

  it('finds a person whose name ends like a legal form in a list without party kinds', () => {
    const unknown = { ...blank, id: 'k', kind: null, name: 'PRIMEROVA, Se' };
    const only = buildScreeningIndex([{ ...list, entries: [unknown] }]);
    expect(screen({ name: 'Se Primerova', kind: 'person' }, only, asOf).verdict).toBe('blocked');
  });

  it('reviews a typing error or a partial name, and clears a stranger', () => {
    expect(first({ name: 'Nordlich Musterhandl' })).toMatchObject({ verdict: 'review', entry: '2' });
    expect(first({ name: 'Testimir Exemplarov', kind: 'person' })).toMatchObject({ verdict: 'review', entry: '1' });
    expect(ask({ name: 'Completely Different Bakery Ltd.' })).toMatchObject({ verdict: 'clear', hits: [] });
  });

  it('has a weak alias reviewed, never blocked', () => {
    expect(first({ name: 'Zauberfuchs' })).toMatchObject({ verdict: 'review', why: expect.stringContaining('weak') });
  });

  it('raises for a date of birth and country that agree, lowers for others, and keeps what it lowered', () => {
    const name = 'Testimir Exemplarow';
    const plain = first({ name, kind: 'person' }).score ?? 0;
    const same = first({ name, kind: 'person', dateOfBirth: '1961-04-09', countries: ['Russia'] }).score ?? 0;
    expect(same).toBeCloseTo(Math.min(1, plain + 0.04), 4);
    const other = ask({ name, kind: 'person', dateOfBirth: '1988-01-01', countries: ['FR'] });
    expect(other.verdict).toBe('clear');
    expect(other.hits[0]).toMatchObject({
      entryId: '1',
      effect: 'clear',
      why: expect.arrayContaining(['the dates of birth differ']),
    });
    expect(first({ name: 'EXEMPLAROV, Testimir Borisovich', dateOfBirth: '1961-09-04' }).why).toContain(
      'near each other',
    );
  });

  it('blocks on a number that is the same, whatever the name', () => {
    expect(
      first({ name: 'Other Name', kind: 'vessel', identifiers: [{ type: 'imo', value: 'IMO 9074729' }] }),
    ).toMatchObject({ verdict: 'blocked', entry: '3' });
    expect(first({ name: 'Charter Flight', identifiers: [{ type: 'tail', value: 'xxabc' }] })).toMatchObject({
      verdict: 'blocked',
      entry: '4',
    });
    expect(
      first({ name: 'Nobody', identifiers: [{ type: 'passport', value: '718765432', country: 'RU' }] }).verdict,
    ).toBe('blocked');
    expect(
      first({ name: 'Nobody', identifiers: [{ type: 'passport', value: '718765432', country: 'BY' }] }).verdict,
    ).toBe('review');
  });

  it('has a ship of a listed name reviewed, since names of ships repeat, and clears it by another IMO number', () => {
    expect(first({ name: 'Musterstern', kind: 'vessel' }).verdict).toBe('review');
    const other = ask({ name: 'Musterstern', kind: 'vessel', identifiers: [{ type: 'imo', value: '9321483' }] });
    expect(other.hits[0]?.why).toContain('the ship or tail number is another');
    expect(other.verdict).toBe('clear');
  });

  it('neither blocks nor clears a short name without a second attribute', () => {
    expect(ask({ name: 'QPZ' })).toMatchObject({
      verdict: 'review',
      notices: [{ code: 'advice', rule: 'screening.short-name' }],
    });
    expect(ask({ name: 'Vy' })).toMatchObject({ verdict: 'review', hits: [] });
    expect(ask({ name: 'Vy', countries: ['VN'] }).verdict).toBe('clear');
  });

  it('has a common name reviewed until a second attribute agrees', () => {
    expect(first({ name: 'Ali Hasan', kind: 'person' }).verdict).toBe('review');
    expect(first({ name: 'Ali Hasan', kind: 'person', dateOfBirth: '1971' })).toMatchObject({
      verdict: 'blocked',
      entry: 'ca',
    });
  });

  it('clears an order that had ended, and says so', () => {
    const ended = ask({ name: 'Waldemar Abgelaufen' });
    expect(ended.verdict).toBe('clear');
    expect(ended.hits[0]?.why).toContain('the entry had effect until 2020-01-01');
    expect(first({ name: 'Waldemar Abgelaufen' }, { on: plainDate('2019-06-01') }).verdict).toBe('blocked');
  });

  it('records the lists with date and hash, the engine and the thresholds', () => {
    const record = ask({ name: 'Completely Different Bakery' });
    expect(record).toMatchObject({
      listsUsed: [{ id: 'made', date: '2026-11-20', sha256: 'c'.repeat(64) }],
      threshold: 0.88,
      blockAt: 0.99,
      engineVersion: '2',
      screenedOn: '2026-11-25',
      notices: [],
      comparedAs: ['completely different bakery'],
    });
    expect(isOutdated(record, index.lists)).toBe(false);
    expect(isOutdated(record, [{ id: 'made', date: plainDate('2026-11-24'), sha256: 'd'.repeat(64) }])).toBe(true);
    expect(isOutdated({ ...record, engineVersion: '0' }, index.lists)).toBe(true);
  });

  it('gives notices for an old list, a list from the future, and a name in a script that is not romanised', () => {
    expect(ask({ name: 'Bakery' }, { today: plainDate('2026-11-27') }).notices).toEqual([]);
    expect(ask({ name: 'Bakery' }, { today: plainDate('2026-11-28') }).notices).toMatchObject([
      { code: 'review_overdue', rule: 'screening.list-age' },
    ]);
    expect(ask({ name: 'Bakery' }, { today: plainDate('2026-11-01') }).notices).toMatchObject([
      { code: 'advice', rule: 'screening.list-age' },
    ]);
    expect(ask({ name: '示例贸易公司' }).notices).toMatchObject([{ rule: 'screening.script' }]);
  });

  it('refuses bad input with field and reason', () => {
    const refusal = (party: PartyInput, more = {}) => {
      try {
        return ask(party, more).verdict;
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    };
    expect(refusal({ name: 'x'.repeat(10_240) })).toContain('party.name: longer than 500');
    expect(refusal({ name: '\u0300'.repeat(9) })).toContain('party.name: has no letter or digit');
    expect(refusal({ name: 'A', aliases: ['B', ''] })).toContain('party.aliases.1: is empty');
    expect(refusal({ name: 'A', countries: ['Atlantis'] })).toContain('party.countries.0: is not a country');
    expect(refusal({ name: 'A', dateOfBirth: '1971-02-30' })).toContain('party.dateOfBirth: is not a day');
    expect(refusal({ name: 'A', identifiers: [{ type: 'imo', value: '9074728' }] })).toContain('is not an IMO number');
    expect(refusal({ name: 'A' }, { threshold: 0.2 })).toContain('threshold: is not between');
    expect(refusal({ name: 'A' }, { blockAt: 0.5 })).toContain('blockAt: is not between');
  });
});
