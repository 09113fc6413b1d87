import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PlainDate } from '#trade/plain-date.ts';
import type { ApiClient } from '../api-client.ts';
import { MADE_UP } from './story.ts';

const entry = (
  id: string,
  kind: 'organisation' | 'person' | 'vessel',
  name: string,
  more: { aliases?: readonly string[]; countries?: readonly string[]; registration?: string } = {},
) => ({
  id,
  kind,
  name,
  programs: ['DEMONSTRATION'],
  births: [],
  remarks: MADE_UP,
  aliases: (more.aliases ?? []).map((alias) => ({ name: alias, weak: false, label: 'aka' })),
  countries: more.countries ?? [],
  identifiers:
    more.registration === undefined ? [] : [{ type: 'registration', value: more.registration, country: 'AE' }],
  effective: { from: null, to: null },
});

/** Invented, every one: who is found here is found on no list of any authority. */
export const SANCTIONED = [
  entry('MADE-UP-1', 'organisation', 'Basalt Meridian General Trading FZE', {
    aliases: ['Basalt Meridian Holdings'],
    countries: ['AE'],
    registration: 'BMGT-771204',
  }),
  entry('MADE-UP-2', 'organisation', 'Ostrova Kestrel Metallurgy Combine', { countries: ['RU'] }),
  entry('MADE-UP-3', 'organisation', 'Quillfeather Procurement Syndicate', { countries: ['SY'] }),
  entry('MADE-UP-4', 'organisation', 'Harrowgate Sixteen Shipbrokers'),
] as const;

/** Subheadings of HS 2022 in our own words: no legal text, and a handful only. */
export const SUBHEADINGS: Readonly<Record<string, string>> = {
  '392410': 'Tableware and kitchenware of plastics',
  '420222': 'Handbags with an outer surface of plastic sheeting or textile',
  '482010': 'Notebooks, diaries, order books, pads and the like, of paper',
  '490900': 'Printed or illustrated postcards and greeting cards',
  '610910': 'T-shirts and singlets of cotton, knitted',
  '630260': 'Towels and kitchen linen of cotton terry',
  '630291': 'Other towels and kitchen linen of cotton',
  '691110': 'Tableware and kitchenware of porcelain',
  '691200': 'Tableware and household ware of ceramics other than porcelain',
  '732393': 'Table and kitchen articles of stainless steel',
  '850760': 'Lithium-ion accumulators',
  '851310': 'Portable electric lamps with their own source of energy',
  '851713': 'Smartphones',
  '940521': 'Table, desk and floor lamps for LED light sources only',
  '950300': 'Toys, scale models and puzzles',
};

const hashOf = (entries: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(entries)).digest('hex');

/** The lists that the made-up exports are judged against, as they are uploaded. */
export const exportLists = (on: PlainDate) => {
  const codes = Object.entries(SUBHEADINGS).map(([code, description]) => ({ code, description }));
  const rows = [
    { kind: 'un_consolidated', edition: '', title: 'Sanctions list of the demonstration', entries: SANCTIONED },
    { kind: 'hs_edition', edition: 'HS2022', title: 'Subheadings of the demonstration', entries: codes },
  ] as const;
  return rows.map(({ entries, ...list }) => ({
    entries,
    draft: {
      ...list,
      date: on,
      source: MADE_UP,
      failedRows: 0,
      parts: 1,
      entries: entries.length,
      sha256: hashOf(entries),
    },
  }));
};

const Made = z.object({ id: z.string() });

/** Puts the lists on file where none of their kind is; safe to repeat, and a list that somebody imported stays. */
export const putExportLists = async (api: ApiClient, on: PlainDate): Promise<void> => {
  const kinds = new Set<string>();
  for await (const { kind } of api.all<{ kind: string }>('/v1/trade/lists?state=active')) kinds.add(kind);
  for (const { draft, entries } of exportLists(on)) {
    if (kinds.has(draft.kind)) continue;
    const { id } = Made.parse(await api.post('/v1/trade/lists', draft));
    await api.put(`/v1/trade/lists/${id}/parts/1`, { entries });
    await api.post(`/v1/trade/lists/${id}/activate`, {});
  }
};
