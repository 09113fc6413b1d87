import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { type BatteryShipment, checkCarriage, isFullyRegulated, unEntry, wattHours } from './carriage.ts';
import { AIR_CHARGE, AIRCRAFT_NET, CHEMISTRIES, PACKINGS, PI_965_IB_NET, SMALL, unTable } from './rules-air.ts';
import { DAMAGED_BY_SURFACE, MARK_EXCEPTION, PACKED_BY_SURFACE, SMALL_BY_SURFACE } from './rules-surface.ts';

const day = plainDate;
const today = day('2026-11-25');
const on = (date: string) => ({ on: day(date), today });

const shipment: BatteryShipment = {
  mode: 'air',
  chemistry: 'lithium-ion',
  item: 'battery',
  packing: 'packed-with',
  wh: '37',
  stateOfCharge: '30',
  indicatedCapacity: null,
  netKg: null,
  testSummaryOnFile: true,
  damaged: false,
};
const check = (more: Partial<BatteryShipment>, date = '2026-01-01') =>
  checkCarriage({ ...shipment, ...more }, on(date));
const codes = (more: Partial<BatteryShipment>, date?: string) => check(more, date).blocks.map(({ code }) => code);

describe('watt-hours', () => {
  it('are exact', () => {
    expect([wattHours('14.4', '5'), wattHours('3.7', '0.5'), wattHours('20', '6')]).toEqual(['72', '1.85', '120']);
  });
  it('decide what is small, the limit included', () => {
    const regulated = (item: 'cell' | 'battery', wh: string) =>
      isFullyRegulated(item, wh, on('2026-01-01')).fullyRegulated;
    expect([regulated('battery', '100'), regulated('battery', '100.01')]).toEqual([false, true]);
    expect([regulated('cell', '20'), regulated('cell', '20.01')]).toEqual([false, true]);
  });
  it.each(['', '-1', '0', '1e3', 'NaN', '٣', '1'.repeat(10_000)])('of “%s” volts are refused', (volts) => {
    expect(() => wattHours(volts, '1')).toThrow(/^V:/);
  });
});

describe('the state of charge by air', () => {
  it.each([
    ['packed-with', '37', '60', '2025-12-31', true],
    ['packed-with', '37', '60', '2026-01-01', false],
    ['packed-with', '37', '30', '2026-01-01', true],
    ['packed-with', '2.7', '60', '2026-01-01', true],
    ['packed-with', '2.71', '60', '2026-01-01', false],
    ['packed-with', '37', '100', '2024-12-31', true],
    ['contained-in', '37', '60', '2026-01-01', true],
    ['alone', '37', '30', '2026-01-01', true],
    ['alone', '37', '31', '2026-01-01', false],
    ['alone', '1.85', '31', '2020-01-01', false],
    ['vehicle', '100', '60', '2026-01-01', true],
    ['vehicle', '100.1', '60', '2026-01-01', false],
    ['vehicle', '500', '60', '2025-12-31', true],
  ] as const)('%s, %s Wh, %s %% on %s: %s', (packing, wh, stateOfCharge, date, allowed) => {
    expect(check({ packing, wh, stateOfCharge }, date).allowed).toBe(allowed);
  });

  it('binds small cells too where a heavy package puts them in Section I, and is advised to them in Section II', () => {
    const tiny = { wh: '1.85', stateOfCharge: '60' };
    expect(codes({ ...tiny, netKg: '5.1' })).toEqual(['STATE_OF_CHARGE']);
    expect(codes({ ...tiny, netKg: '5.1' }, '2025-12-31')).toEqual([]);
    const advised = (more: Partial<BatteryShipment>) =>
      check(more).notices.some(({ message }) => message.includes('is recommended'));
    expect([advised({ ...tiny, netKg: '5' }), advised({ ...tiny, netKg: '5.1' })]).toEqual([true, false]);
    expect([advised({ packing: 'vehicle', wh: '100' }), advised({ packing: 'vehicle', wh: '101' })]).toEqual([
      true,
      false,
    ]);
  });

  it('unknown stops only where a limit binds', () => {
    expect(codes({ stateOfCharge: null })).toEqual(['STATE_OF_CHARGE_UNKNOWN']);
    expect(codes({ stateOfCharge: null, packing: 'contained-in' })).toEqual([]);
  });

  it('of a vehicle may be indicated instead', () => {
    const car = { packing: 'vehicle', wh: '500', stateOfCharge: null } as const;
    expect([codes({ ...car, indicatedCapacity: '25' }), codes({ ...car, indicatedCapacity: '26' })]).toEqual([
      [],
      ['STATE_OF_CHARGE_UNKNOWN'],
    ]);
  });

  it('that is allowed stays allowed with less', () => {
    const tenths = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(
        fc.constantFrom(...PACKINGS),
        tenths,
        tenths,
        fc.integer({ min: 1, max: 5000 }),
        (packing, a, b, wh) => {
          const [less, more] = [Math.min(a, b), Math.max(a, b)].map((tenth) => (tenth / 10).toFixed(1));
          const at = (stateOfCharge = '') => check({ packing, stateOfCharge, wh: (wh / 10).toFixed(1) }).allowed;
          return !at(more) || at(less);
        },
      ),
    );
  });
});

describe('a battery by air', () => {
  it('has UN number, instruction, section and aircraft', () => {
    const of = (more: Partial<BatteryShipment>) => {
      const { un, instruction, section, cargoAircraftOnly } = check(more);
      return [un, instruction, section, cargoAircraftOnly];
    };
    expect(of({ packing: 'alone' })).toEqual(['UN3480', '965', 'IB', true]);
    expect(of({ packing: 'alone', wh: '120' })).toEqual(['UN3480', '965', 'IA', true]);
    expect(of({ packing: 'alone', netKg: '10' })).toEqual(['UN3480', '965', 'IB', true]);
    expect(of({ packing: 'alone', netKg: '10.1' })).toEqual(['UN3480', '965', 'IA', true]);
    expect(of({})).toEqual(['UN3481', '966', 'II', false]);
    expect(of({ item: 'cell' })).toEqual(['UN3481', '966', 'I', false]);
    expect(of({ packing: 'contained-in', netKg: '5.1' })).toEqual(['UN3481', '967', 'I', true]);
    expect(of({ packing: 'vehicle' })).toEqual(['UN3556', '952', null, false]);
    expect(check({ packing: 'vehicle' }, '2024-12-31').un).toBe('UN3171');
  });

  it('is blocked by mass, by a missing test summary and by damage, each with its own reason', () => {
    expect(codes({ netKg: '35' })).toEqual([]);
    expect(codes({ netKg: '35.1', testSummaryOnFile: false, damaged: true })).toEqual([
      'NET_MASS',
      'UN38_3_SUMMARY',
      'DAMAGED',
    ]);
  });

  it('says which rows of earlier years were not read', () => {
    const noticeCodes = (date: string) => check({ packing: 'alone' }, date).notices.map(({ code }) => code);
    expect(noticeCodes('2022-03-31')).toEqual(expect.arrayContaining(['unverified', 'general_knowledge']));
    expect(noticeCodes('2022-04-01')).not.toContain('unverified');
    expect(noticeCodes('2026-01-01').filter((code) => code !== 'advice')).toEqual([]);
  });

  it('warns that carriers are stricter and what is only recommended', () => {
    const messages = check({ packing: 'contained-in' }).notices.map(({ message }) => message);
    expect(messages.join('\n')).toMatch(/stricter.*recommended.*spare battery/s);
  });
});

describe('what is not on file', () => {
  it('is said and not guessed', () => {
    expect(() => check({ mode: 'rail' })).toThrow(/^no row.*by rail/);
    for (const mode of ['sea', 'road'] as const) {
      expect(() => check({ mode, packing: 'vehicle' })).toThrow(/^no row.*vehicles by.*UN3556/);
      expect(() => check({ mode, chemistry: 'sodium-ion' })).toThrow(/^no row.*sodium-ion/);
      expect(() => check({ mode }, '2024-12-31')).toThrow(/^no row/);
    }
    expect(() => check({ chemistry: 'sodium-ion' })).toThrow(/no row.*UN3552/);
    expect(() => check({ chemistry: 'lithium-metal' })).toThrow(/no row.*UN3091/);
    expect(() => check({}, '2016-03-31')).toThrow(/no row/);
    expect(unEntry('sodium-ion', 'alone', on('2026-01-01')).un).toBe('UN3551');
    expect(() => unEntry('sodium-ion', 'alone', on('2024-12-31'))).toThrow(/no row/);
  });

  it('requires the measure of the chemistry', () => {
    expect(() => check({ wh: null })).toThrow(/^wh: missing/);
    expect(() => check({ mode: 'sea', chemistry: 'lithium-metal', wh: null })).toThrow(/^lithiumGrams: missing/);
  });

  it.each([{ wh: '0' }, { wh: 'x' }, { stateOfCharge: '101' }, { stateOfCharge: '-1' }, { netKg: '0' }])(
    'is not confused with what is wrong: %j',
    (more) => expect(() => check(more)).toThrow(new RegExp(`^${Object.keys(more)[0]}:`)),
  );
});

describe('a lithium battery by road or sea', () => {
  const of = (more: Partial<BatteryShipment>) => {
    const { un, instruction, fullyRegulated, labels, cargoAircraftOnly } = check({ mode: 'sea', ...more });
    return [un, instruction, fullyRegulated, labels.length, cargoAircraftOnly];
  };
  const EXEMPT = [null, false, 1, false];
  const CLASS_9 = ['P903', true, 1, false];

  it('is free of the other provisions up to the content of special provision 188, included', () => {
    expect(of({ wh: '100' })).toEqual(['UN3481', ...EXEMPT]);
    expect(of({ wh: '100.01' })).toEqual(['UN3481', ...CLASS_9]);
    expect(of({ item: 'cell', wh: '20', packing: 'contained-in' })).toEqual(['UN3481', ...EXEMPT]);
    expect(of({ item: 'cell', wh: '20.01', mode: 'road' })).toEqual(['UN3481', ...CLASS_9]);
    const metal = (item: 'cell' | 'battery', lithiumGrams: string) =>
      of({ chemistry: 'lithium-metal', packing: 'alone', wh: null, item, lithiumGrams });
    expect(metal('cell', '1')).toEqual(['UN3090', ...EXEMPT]);
    expect(metal('cell', '1.001')).toEqual(['UN3090', ...CLASS_9]);
    expect(metal('battery', '2')).toEqual(['UN3090', ...EXEMPT]);
    expect(metal('battery', '2.001')).toEqual(['UN3090', ...CLASS_9]);
  });

  it('by itself is limited to 30 kg gross per package, but not in or with equipment', () => {
    expect(of({ packing: 'alone', grossKg: '30' })).toEqual(['UN3480', ...EXEMPT]);
    expect(of({ packing: 'alone', grossKg: '30.001' })).toEqual(['UN3480', ...CLASS_9]);
    for (const packing of ['packed-with', 'contained-in'] as const)
      expect(of({ packing, grossKg: '300' })).toEqual(['UN3481', ...EXEMPT]);
  });

  it('may have any charge, and is stopped by a missing test summary and by damage', () => {
    expect(codes({ mode: 'road', packing: 'alone', stateOfCharge: '100' })).toEqual([]);
    expect(codes({ mode: 'sea', testSummaryOnFile: false, damaged: true })).toEqual(['UN38_3_SUMMARY', 'DAMAGED']);
  });

  it('says what was not read in the texts in force', () => {
    const noticeCodes = (more: Partial<BatteryShipment>) => check(more).notices.map(({ code }) => code);
    expect(noticeCodes({ mode: 'road' })).toContain('unverified');
    expect(noticeCodes({ mode: 'sea' })).not.toContain('unverified');
    expect(noticeCodes({ mode: 'sea', wh: '120' })).toContain('unverified');
  });

  it.each<Partial<BatteryShipment>>([
    { grossKg: '0' },
    { grossKg: '-1' },
    { grossKg: '1e3' },
    { lithiumGrams: '0', chemistry: 'lithium-metal' },
  ])('refuses numbers that are none: %j', (more) =>
    expect(() => check({ mode: 'sea', ...more })).toThrow(new RegExp(`^${Object.keys(more)[0]}:`)),
  );
});

it('the rows do not overlap', () => {
  const tables = CHEMISTRIES.flatMap((chemistry) => PACKINGS.map((packing) => unTable(chemistry, packing)));
  const small = Object.values(SMALL_BY_SURFACE).flatMap((tables) => Object.values(tables));
  const surface = [...small, PACKED_BY_SURFACE, MARK_EXCEPTION, DAMAGED_BY_SURFACE];
  const all = [...Object.values(AIR_CHARGE), ...tables, AIRCRAFT_NET, PI_965_IB_NET, SMALL, ...surface];
  expect(all.flatMap((table) => faultsOf(table))).toEqual([]);
});
