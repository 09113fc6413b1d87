import { describe, expect, it } from 'vitest';
import { plainDate } from '#trade/plain-date.ts';
import type { PartyInput, PartyKind } from '#trade/screening/party.ts';
import type { ListEntry } from '#trade/screening/sanctions-list.ts';
import { screen } from '#trade/screening/screen.ts';
import { buildScreeningIndex } from '#trade/screening/screening-index.ts';
import { madeList, seeded } from '#trade/screening/testing/made-names.ts';
import { romaniseHan } from './romanise-han.ts';

const asOf = { on: plainDate('2026-11-25'), today: plainDate('2026-11-25') };
const entry = (name: string, kind: PartyKind | null, more: Partial<ListEntry> = {}): ListEntry => ({
  id: name,
  name,
  kind,
  aliases: [],
  programs: [],
  births: [],
  countries: [],
  identifiers: [],
  remarks: '',
  effective: { from: null, to: null },
  ...more,
});
const indexOf = (entries: readonly ListEntry[]) =>
  buildScreeningIndex([{ id: 'made', title: 'made', date: plainDate('2026-11-20'), sha256: 'a'.repeat(64), entries }], {
    romaniseHan,
  });
const answer = (party: PartyInput, listed: ListEntry) => screen(party, indexOf([listed]), asOf);

describe('pinyin of names', () => {
  it.each([
    ['张三', ['zhang san', 'san zhang']],
    ['張三豐', ['zhang sanfeng', 'sanfeng zhang']],
    ['单田芳', ['shan tianfang', 'tianfang shan', 'dan tianfang', 'tianfang dan']],
    ['解晓东', ['xie xiaodong', 'xiaodong xie', 'jie xiaodong', 'xiaodong jie']],
    ['仇和', ['qiu he', 'he qiu', 'chou he', 'he chou']],
    ['欧阳修', ['ouyang xiu', 'xiu ouyang']],
    ['尉迟恭', ['yuchi gong', 'gong yuchi', 'weichi gong', 'gong weichi']],
  ])('a person called %s', (han, spelt) => {
    expect(romaniseHan(han, 'person')).toEqual(spelt);
  });

  it('reads an organisation word by word, and what may be either both ways', () => {
    expect(romaniseHan('示例贸易', 'organisation')).toEqual(['shili maoyi']);
    expect(romaniseHan('朝阳银行', 'organisation').join(' ').replaceAll(' ', '')).toBe('chaoyangyinhang');
    expect(romaniseHan('单田芳', null)).toContain('shan tianfang');
  });

  it('leaves characters unchanged that it cannot read', () => {
    expect(romaniseHan('\u{2a700}', 'person')).toEqual(['\u{2a700}']);
  });
});

describe('a Chinese name against a list', () => {
  it.each([
    ['张三', 'Zhang San'],
    ['张三', 'SAN, Zhang'],
    ['张三丰', 'ZHANG, Sanfeng'],
    ['张三丰', 'San Feng Zhang'],
    ['张三丰', 'ZHANG San-Feng'],
    ['单田芳', 'SHAN, Tianfang'],
    ['解晓东', 'Xiaodong XIE'],
    ['仇和', 'QIU, He'],
    ['欧阳修', 'OUYANG, Xiu'],
    ['吕布', 'LÜ, Bu'],
    ['吕布', 'LV, Bu'],
    ['吕布', 'Bu LYU'],
    ['Zhang San', '张三'],
    ['章叁', '张三'],
  ])('%s is looked at for %s', (party, listed) => {
    const { verdict, hits } = answer({ name: party, kind: 'person' }, entry(listed, 'person'));
    expect([verdict, hits[0]?.nameScore]).toEqual(['review', 1]);
    expect(hits[0]?.why).toContain('other Chinese characters are spelled the same in Latin letters');
  });

  it('is blocked by its characters, and by its spelling where the date of birth agrees too', () => {
    expect(answer({ name: '张三', kind: 'person' }, entry('张三', 'person')).verdict).toBe('blocked');
    const listed = entry('ZHANG, San', 'person', { births: [{ from: '1971', to: '1971', circa: false }] });
    const born = (dateOfBirth: string) => answer({ name: '张三', kind: 'person', dateOfBirth }, listed).verdict;
    expect([born('1971-03-08'), born('1990-03-08')]).toEqual(['blocked', 'clear']);
  });

  it('of an organisation is found without its legal form', () => {
    const party = { name: '示例贸易有限责任公司', kind: 'organisation' } as const;
    for (const listed of ['Shili Maoyi Co., Ltd.', 'SHI LI MAO YI YOU XIAN GONG SI', 'Shili Maoyi Youxian Gongsi'])
      expect(answer(party, entry(listed, 'organisation')).hits[0]?.nameScore).toBe(1);
  });

  it('is not found for a neighbour in sound', () => {
    for (const [party, listed] of [
      ['李丽', 'LIN, Li'],
      ['刘芳伟', 'LI, Fangwei'],
      ['张伟', 'ZHANG, Wei Ming'],
      ['陈英', 'CHENG, Ying'],
    ] as const)
      expect([party, answer({ name: party, kind: 'person' }, entry(listed, 'person')).verdict]).toEqual([
        party,
        'clear',
      ]);
  });

  it('that is common makes few hits on a list of strangers', () => {
    const random = seeded(7);
    const one = (from: string): string => from.charAt(Math.floor(random() * from.length));
    const names = Array.from(
      { length: 300 },
      () =>
        one('王李张刘陈杨黄赵吴周单解仇') + one('伟芳娜秀英敏静丽强磊') + (random() < 0.5 ? one('军洋勇艳杰娟') : ''),
    );
    const index = indexOf(madeList(3_000, 5).entries);
    const found = names.filter((name) => screen({ name, kind: 'person' }, index, asOf).verdict !== 'clear');
    expect(found.length).toBeLessThanOrEqual(3);
  });
});
