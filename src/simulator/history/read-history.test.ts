import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateWeek, writeCsv } from './generate-week.ts';
import { type HistoryRow, readHistory } from './read-history.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const GOOD = '536365,85123A,A HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileOf = async (...lines: string[]): Promise<string> => {
  const path = join(folder, 'history.csv');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
};
const read = async (path: string, span = {}): Promise<HistoryRow[]> => {
  const rows: HistoryRow[] = [];
  for await (const row of readHistory(path, span)) rows.push(row);
  return rows;
};
const reading = async (...lines: string[]) => read(await fileOf(...lines));

describe('a history file', () => {
  it.each(['week.csv', 'week.csv.gz'])('is read back as it was written: %s', async (name) => {
    const week = generateWeek({ orders: 20, largeOrderLines: 30 });
    await writeCsv(week, join(folder, name));
    expect(await read(join(folder, name))).toEqual(week);
  });

  it('may have its columns in any order, and others beside them', async () => {
    const [row] = await reading(
      'Extra,Country,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo',
      'x,France,,2.5,2010-12-01 08:26,-3,"A, B",85123a,C1',
    );
    expect(row).toEqual({
      row: 1,
      invoice: 'C1',
      code: '85123a',
      description: 'A, B',
      quantity: -3,
      atMs: Date.UTC(2010, 11, 1, 8, 26),
      unitPrice: '2.5',
      customer: '',
      country: 'France',
    });
  });

  it('gives a span of days, the first included, the last not, with the row numbers of the whole file', async () => {
    const path = await fileOf(
      HEADER,
      ...['2010-11-30 23:59:59', '2010-12-01 00:00:00', '2010-12-01 23:59:59', '2010-12-02 00:00:00'].map((date) =>
        GOOD.replace('2010-12-01 08:26:00', date),
      ),
    );
    const rows = await read(path, { from: '2010-12-01', to: '2010-12-02' });
    expect(rows.map(({ row }) => row)).toEqual([2, 3]);
    await expect(read(path, { from: '2010-12-02', to: '2010-12-02' })).rejects.toThrow('holds no day');
    await expect(read(path, { from: '2010-02-30' })).rejects.toThrow('--from 2010-02-30 is not a day');
  });

  it.each([
    ['an unreadable date', GOOD.replace('2010-12-01 08:26:00', '12/1/2010 8:26'), 'InvoiceDate: “12/1/2010 8:26”'],
    ['a date that does not exist', GOOD.replace('12-01', '02-30'), 'InvoiceDate: “2010-02-30 08:26:00” is not a date'],
    ['a quantity with a fraction', GOOD.replace(',6,', ',6.5,'), 'Quantity: “6.5” is not an integer'],
    ['a price that is not decimal', GOOD.replace('2.55', '2e3'), 'UnitPrice: “2e3” is not a decimal'],
    ['an empty code', GOOD.replace('85123A', ''), 'StockCode: it is empty'],
  ])('names the row and the column of %s', async (_, bad, message) => {
    await expect(reading(HEADER, GOOD, bad, GOOD)).rejects.toThrow(`row 2, column ${message}`);
  });

  it('names the row that has too few cells', async () => {
    await expect(reading(HEADER, GOOD, GOOD, '1,2,3')).rejects.toThrow('row 3: ');
  });

  it('says which columns are missing, and what is no file', async () => {
    await expect(reading('InvoiceNo,StockCode', '1,2')).rejects.toThrow('lacks the columns Description, Quantity');
    await expect(read(join(folder, 'none.csv'))).rejects.toThrow('there is no file');
    await writeFile(join(folder, 'broken.csv.gz'), 'nonsense');
    await expect(read(join(folder, 'broken.csv.gz'))).rejects.toThrow('cannot be unpacked');
    await expect(reading('')).rejects.toThrow('is empty');
  });

  it('closes the file when the reader stops early', async () => {
    for await (const row of readHistory(await fileOf(HEADER, GOOD, GOOD))) {
      expect(row.row).toBe(1);
      break;
    }
  });
});
