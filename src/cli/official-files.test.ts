import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TradeListKind } from '#domain/trade-list.ts';
import { inParts, readOfficial } from './official-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-official-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
};

const SDN = '1,"VESHKAR, Ana","individual","MADE",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ';
const ALT = '1,1,"aka","PALMURO, Ana",-0- ';

describe('official files', () => {
  it('are read together, each row counted, the hash telling every file', () => {
    const sdn = file('sdn.csv', `${SDN}\r\nnot a row\r\n`);
    const alone = readOfficial('ofac_sdn', { file: sdn }, '');
    const both = readOfficial('ofac_sdn', { file: sdn, alt: file('alt.csv', `${ALT}\n7,1,"aka","NOBODY",-0- `) }, '');
    expect(alone.entries).toHaveLength(1);
    expect(both.entries).toMatchObject([{ name: 'VESHKAR, Ana', aliases: [{ name: 'PALMURO, Ana' }] }]);
    for (const { rows, processed, failed } of both.files) expect(processed + failed).toBe(rows);
    expect(both.badRows.map(({ file: of, row }) => [of, row])).toEqual([
      ['sdn', 2],
      ['alt', 2],
    ]);
    expect(both.sha256).not.toBe(alone.sha256);
    expect(alone.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('that are not UTF-8 keep their letters', () => {
    const read = readOfficial(
      'ofac_sdn',
      { file: file('old.csv', Buffer.from(SDN.replace('Ana', 'Íñigo'), 'latin1')) },
      '',
    );
    expect(read.entries).toMatchObject([{ name: 'VESHKAR, Íñigo' }]);
  });

  it.each<[TradeListKind, string, string | null]>([
    [
      'eu_consolidated',
      '<export generationDate="2026-11-20T10:00:00"><sanctionEntity logicalId="1"><subjectType code="person"/><nameAlias wholeName="VESHKAR, Ana" strong="true"/></sanctionEntity></export>',
      '2026-11-20',
    ],
    [
      'uk_sanctions',
      '<Designations><DateGenerated>20/11/2026</DateGenerated><Designation><UniqueID>1</UniqueID><Names><Name><Name6>VESHKAR, Ana</Name6></Name></Names></Designation></Designations>',
      '2026-11-20',
    ],
    [
      'ch_seco',
      '<swiss-sanctions-list list-type="whole-list" date="2026-11-20"><target ssid="1"><individual><identity main="true"><name name-type="primary-name"><name-part><value>VESHKAR, Ana</value></name-part></name></identity></individual></target></swiss-sanctions-list>',
      '2026-11-20',
    ],
    ['cn_mofcom', 'list,name,announcement,from\nexport_control,"VESHKAR, Ana",1,2026-01-01', null],
  ])('of the kind %s are read, with the day that they say', (kind, content, date) => {
    const read = readOfficial(kind, { file: file(kind, content) }, '');
    expect(read.entries).toMatchObject([{ name: 'VESHKAR, Ana' }]);
    expect(read).toMatchObject({ date, files: [{ rows: 1, processed: 1, failed: 0 }] });
    // What is read is what the product accepts.
    expect(read.title.length).toBeLessThan(200);
  });

  it('of an HS edition with any fault give no entry, and count each row once', () => {
    const rows = ['hscode,level,parent,section,description', '01,2,TOTAL,I,Animals', '0101,4,01,I,Horses'];
    const faulty = [...rows, '10121,6,0101,I,x', '010129,6,0102,I,y', '010130,6,0101,I,z'].join('\n');
    const read = readOfficial('hs_edition', { file: file('hs.csv', faulty) }, 'HS2022');
    expect(read.entries).toEqual([]);
    expect(read.files).toEqual([{ file: 'hs', rows: 5, processed: 3, failed: 2 }]);
    expect(read.badRows.map(({ row }) => row)).toEqual([4, 5]);
    expect(() => readOfficial('hs_edition', { file: file('hs.csv', faulty) }, 'HS2020')).toThrow('--edition is one of');
  });
});

describe('parts', () => {
  it('hold every entry once, in order, no more than a thousand and about a megabyte each', () => {
    const small = Array.from({ length: 2_500 }, (_, id) => ({ id }));
    expect(inParts(small).map((part) => part.length)).toEqual([1_000, 1_000, 500]);
    expect(inParts(small).flat()).toEqual(small);
    const large = Array.from({ length: 5 }, (_, id) => ({ id, remarks: '界'.repeat(150_000) }));
    expect(inParts(large).map((part) => part.length)).toEqual([2, 2, 1]);
    expect(inParts([])).toEqual([]);
  });
});
