import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SanctionsEntry } from '#app/trade-list/entries.ts';
import { romaniseHan } from '#runtime/romanise-han.ts';
import { readOfficial } from '../../src/cli/official-files.ts';
import { plainDate } from '../../src/trade/plain-date.ts';
import { screen } from '../../src/trade/screening/screen.ts';
import { buildScreeningIndex } from '../../src/trade/screening/screening-index.ts';
import { seeded } from '../../src/trade/screening/testing/made-names.ts';

/** Published lists of some day are next to the project, not in it. */
const FOLDER = join(import.meta.dirname, '../../../shared/trade/sanctions');
const there = existsSync(FOLDER);
if (!there) console.warn(`SKIPPED: the published sanctions lists, for there is no ${FOLDER}`);
const at = (name: string) => join(FOLDER, name);
const TODAY = plainDate('2026-11-25');
const ASKED = { on: TODAY, today: TODAY };

describe.skipIf(!there)('published sanctions lists (../shared/trade/sanctions)', () => {
  const read = [
    [
      'ofac_sdn',
      {
        file: 'ofac-2019/sdn.csv',
        alt: 'ofac-2019/alt.csv',
        add: 'ofac-2019/add.csv',
      },
    ],
    ['un_consolidated', { file: 'UN_consolidated.xml' }],
    ['bis_dpl', { file: 'dpl.txt' }],
  ] as const;
  const lists = () =>
    read.map(([kind, files]) => {
      const paths = Object.fromEntries(Object.entries(files).map(([role, name]) => [role, at(name)]));
      return { kind, ...readOfficial(kind, { ...paths, file: at(files.file) }, '') };
    });

  it('are read without a bad row, and what is read is what the product accepts', () => {
    for (const { kind, badRows, entries } of lists()) {
      expect([kind, badRows]).toEqual([kind, []]);
      expect(entries.filter((entry) => !SanctionsEntry.safeParse(entry).success)).toEqual([]);
    }
  });

  it('hold few names that a Chinese name is taken for: less than one stranger in two hundred', () => {
    const parsed = lists().map(({ kind, sha256, entries }) => ({
      id: kind,
      title: kind,
      date: plainDate('2026-11-20'),
      sha256,
      entries: entries.map((entry) => SanctionsEntry.parse(entry)),
    }));
    const index = buildScreeningIndex(parsed, { romaniseHan });
    const random = seeded(3);
    const one = (from: string): string => from.charAt(Math.floor(random() * from.length));
    const given = '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力健俊慧玉建国华志红海波';
    const names = Array.from(
      { length: 1_000 },
      () => one('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑单解仇曾查') + one(given) + (random() < 0.7 ? one(given) : ''),
    );
    const found = names.filter((name) => screen({ name, kind: 'person' }, index, ASKED).verdict !== 'clear');
    expect(found.length, found.join(' ')).toBeLessThan(5);
    // And the listed parties are found by their own names.
    const listed = parsed.flatMap(({ entries }) => entries.filter((_, place) => place % 97 === 0));
    const unseen = listed.filter(({ name }) => !screen({ name }, index, ASKED).hits.some((hit) => hit.nameScore === 1));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});
