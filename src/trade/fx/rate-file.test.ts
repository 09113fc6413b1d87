import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#domain/failure.ts';
import { addDays, plainDate } from '../plain-date.ts';
import { type RateDay, readEcbRates, readRateCsv, writeEcbRates } from './rate-file.ts';

const TODAY = plainDate('2026-11-30');

/** As the ECB writes it: single quotes, tabs, a comment that a cache may add. */
const SAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
\t\t<Cube time='2026-11-27'>
\t\t\t<Cube currency='USD' rate='1.1021'/>
\t\t\t<Cube currency='JPY' rate='161.30'/>
\t\t</Cube>
\t\t<Cube time="2026-11-26"><Cube currency="USD" rate="1.1000"/></Cube>
\t</Cube>
</gesmes:Envelope>
<!-- from a cache -->
`;

const refusalOf = (text: string): string => {
  try {
    readEcbRates(text, TODAY);
  } catch (error) {
    if (isFailure(error, 'invalid')) return String(error.safe['reason']);
    throw error;
  }
  return 'taken';
};

describe('a file of the ECB', () => {
  it('is read with every day and currency, the oldest day first', () => {
    expect(readEcbRates(SAMPLE, TODAY)).toEqual([
      { day: '2026-11-26', rates: [{ currency: 'USD', rate: '1.1000' }] },
      {
        day: '2026-11-27',
        rates: [
          { currency: 'USD', rate: '1.1021' },
          { currency: 'JPY', rate: '161.30' },
        ],
      },
    ]);
  });

  it('keeps a currency that we do not know', () => {
    expect(readEcbRates(SAMPLE.replace('JPY', 'QQQ'), TODAY)[1]?.rates[1]).toEqual({ currency: 'QQQ', rate: '161.30' });
  });

  it.each([
    ['a document type', SAMPLE.replace('?>', '?><!DOCTYPE a [<!ENTITY x "y">]>'), /document type/],
    ['an entity', SAMPLE.replace('Reference', '&x;'), /./],
    ['a file that was cut', SAMPLE.slice(0, 500), /ends/],
    ['nothing', '', /empty/],
    ['a page', '<html><body>Maintenance</body></html>', /no place/],
    ['a zero rate', SAMPLE.replace('161.30', '0.00'), /above zero/],
    ['a negative rate', SAMPLE.replace('161.30', '-1'), /above zero/],
    ['an exponent', SAMPLE.replace('161.30', '1e3'), /above zero/],
    ['a decimal comma', SAMPLE.replace('161.30', '161,30'), /above zero/],
    ['N/A', SAMPLE.replace('161.30', 'N/A'), /above zero/],
    ['a day twice', SAMPLE.replace('2026-11-26', '2026-11-27'), /twice/],
    ['a currency twice in a day', SAMPLE.replace('JPY', 'USD'), /twice/],
    ['an attribute twice', SAMPLE.replace("currency='JPY'", "currency='JPY' currency='GBP'"), /twice/],
    ['another attribute', SAMPLE.replace("currency='JPY'", "currency='JPY' unit='1'"), /not a currency/],
    ['euros for euros', SAMPLE.replace('JPY', 'EUR'), /not a currency/],
    ['a word for a currency', SAMPLE.replace('JPY', 'Yen'), /not a currency/],
    ['no such day', SAMPLE.replace('2026-11-27', '2026-11-31'), /not a day/],
    ['a day to come', SAMPLE.replace('2026-11-27', '2026-12-02'), /to come/],
    ['a day without rates', SAMPLE.replace(/<Cube currency="USD"[^>]*>/, ''), /no rates/],
    ['no days', SAMPLE.replace(/<Cube>[\s\S]*<\/Cube>/, '<Cube></Cube>'), /no day/],
    ['a rate outside a day', SAMPLE.replace('<Cube time="2026-11-26">', ''), /./],
    [
      'cubes in a rate',
      SAMPLE.replace("rate='161.30'/>", "rate='161.30'><Cube currency='GBP' rate='1'/></Cube>"),
      /nested/,
    ],
    ['another tag', SAMPLE.replace("<Cube currency='JPY' rate='161.30'/>", '<script/>'), /no place/],
    ['text among the rates', SAMPLE.replace('\t\t</Cube>', 'x</Cube>'), /text/],
  ])('is refused whole for %s', (_what, text, reason) => {
    expect(refusalOf(text)).toMatch(reason);
  });

  it('may be of tomorrow, for clocks differ, and no later', () => {
    expect(refusalOf(SAMPLE.replace('2026-11-27', '2026-12-01'))).toBe('taken');
  });

  it('comes back from what we write', () => {
    const rate = fc.integer({ min: 1, max: 99_999_999 }).map((n) => `${n}.0${n % 10}`);
    const day = fc.record({
      day: fc.integer({ min: 0, max: 9_000 }).map((n) => addDays(TODAY, -n)),
      rates: fc
        .uniqueArray(fc.constantFrom('USD', 'GBP', 'JPY', 'CHF', 'ZAR'), { minLength: 1 })
        .chain((codes) => fc.tuple(...codes.map((currency) => fc.record({ currency: fc.constant(currency), rate })))),
    });
    fc.assert(
      fc.property(fc.uniqueArray(day, { minLength: 1, maxLength: 8, selector: (one) => one.day }), (days) => {
        const inOrder: readonly RateDay[] = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
        expect(readEcbRates(writeEcbRates(days), TODAY)).toEqual(inOrder);
      }),
    );
  });

  it('that is damaged anywhere is refused or read as rates above zero, and never anything else', () => {
    fc.assert(
      fc.property(fc.nat(SAMPLE.length - 1), fc.constantFrom('', '<', '>', "'", '0', '-', '&', ' '), (place, sign) => {
        const text = SAMPLE.slice(0, place) + sign + SAMPLE.slice(place + 1);
        try {
          for (const { rates } of readEcbRates(text, TODAY))
            for (const { rate } of rates) expect(Number(rate)).toBeGreaterThan(0);
        } catch (error) {
          expect(isFailure(error, 'invalid')).toBe(true);
        }
      }),
    );
  });
});

describe('a CSV of rates', () => {
  const read = (text: string) => readRateCsv(text, TODAY, (code) => (code === 'ZZZ' ? 'is no currency' : null));

  it('is read with points, with or without quotes, in any line ends', () => {
    expect(
      read('\uFEFFday,base,quote,rate\r\n2026-11-27,EUR,TWD,36.5120\r\n"2026-11-26","EUR","TWD","36.4"\r\n\r\n'),
    ).toEqual({
      rates: [
        { day: '2026-11-27', base: 'EUR', quote: 'TWD', rate: '36.5120' },
        { day: '2026-11-26', base: 'EUR', quote: 'TWD', rate: '36.4' },
      ],
      faults: [],
    });
  });

  it.each([
    ['', [1, 'header']],
    ['day;base;quote;rate\n', [1, 'header']],
    ['2026-11-27,EUR,TWD,36.5', [1, 'header']],
    ['day,base,quote,rate\n\n', [1, 'row']],
    ['day,base,quote,rate\n2026-11-27,EUR,TWD', [2, 'row']],
    ['day,base,quote,rate\n2026-11-27,EUR,TWD,36,5', [2, 'row']],
    ['day,base,quote,rate\n\n2026-11-27,EUR,TWD,0', [3, 'rate']],
    ['day,base,quote,rate\n2026-11-27,EUR,TWD,-1', [2, 'rate']],
    ['day,base,quote,rate\n2026-11-27,EUR,TWD,NaN', [2, 'rate']],
    ['day,base,quote,rate\n27.11.2026,EUR,TWD,1', [2, 'day']],
    ['day,base,quote,rate\n2026-12-02,EUR,TWD,1', [2, 'day']],
    ['day,base,quote,rate\n2026-11-27,EUR,ZZZ,1', [2, 'quote']],
    ['day,base,quote,rate\n2026-11-27,euro,TWD,1', [2, 'base']],
    ['day,base,quote,rate\n2026-11-27,EUR,EUR,1', [2, 'quote']],
    ['day,base,quote,rate\n2026-11-27,EUR,TWD,1\n2026-11-27,EUR,TWD,2', [3, 'row']],
  ])('tells where %j is wrong', (text, [row, field]) => {
    expect(read(text).faults).toEqual([{ row, field, message: expect.any(String) }]);
  });

  it('tells of every row with something wrong', () => {
    const { faults } = read(
      'day,base,quote,rate\nx,EUR,USD,1\n2026-11-27,EUR,USD,1\n2026-11-27,EUR,GBP,0\n2026-11-27,e,GBP,x',
    );
    expect(faults.map(({ row, field }) => `${row} ${field}`)).toEqual(['2 day', '4 rate', '5 base', '5 rate']);
  });
});
