import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { checkIncoterm, readIncoterm } from './incoterm-choice.ts';
import { INCOTERMS_2020, type Incoterm, incotermRule } from './incoterms-2020.ts';
import { pricesFromCif, pricesFromFob, refundBase } from './price-conversion.ts';

const asOf = { on: plainDate('2026-08-01'), today: plainDate('2026-11-24') };
const rule = (name: Incoterm) => incotermRule(name, asOf).value;

describe('the eleven rules', () => {
  const those = (has: (name: Incoterm) => boolean) => INCOTERMS_2020.filter(has);
  it('divide the tasks between seller and buyer', () => {
    expect(those((name) => rule(name).exportClearance === 'buyer')).toEqual(['EXW']);
    expect(those((name) => rule(name).importClearance === 'seller')).toEqual(['DDP']);
    expect(those((name) => rule(name).mainCarriage === 'buyer')).toEqual(['EXW', 'FCA', 'FAS', 'FOB']);
    expect(those((name) => rule(name).deliveryAtDestination)).toEqual(['DAP', 'DPU', 'DDP']);
    expect(those((name) => rule(name).unloading === 'seller')).toEqual(['DPU']);
    expect(those((name) => rule(name).mode === 'sea')).toEqual(['FAS', 'FOB', 'CFR', 'CIF']);
    expect([rule('CIP').insurance, rule('CIF').insurance, rule('CFR').insurance]).toEqual(['ICC (A)', 'ICC (C)', null]);
  });
  it('say that they are general knowledge', () => {
    expect(incotermRule('FOB', asOf).notices.map(({ code }) => code)).toEqual(['general_knowledge']);
  });
  it('are read by name; a former rule names its replacement', () => {
    expect(readIncoterm('CIF')).toBe('CIF');
    expect(() => readIncoterm('DAT')).toThrow('DPU took its place');
    for (const bad of ['cif', '', 'toString', 'F'.repeat(10_000), null, 3])
      expect(() => readIncoterm(bad)).toThrow('one of');
  });
});

describe('the fitness of a rule', () => {
  const findings = (name: Incoterm, rest: Record<string, unknown> = {}) =>
    checkIncoterm(
      {
        rule: name,
        place: 'Hamburg',
        transport: 'sea',
        containerised: false,
        exportRefund: false,
        importerOfRecord: true,
        importTaxNumber: true,
        ...rest,
      },
      asOf,
    ).findings.map(({ code }) => code);

  it('warns of a container under a rule that passes risk at the ship', () => {
    for (const name of ['FOB', 'CIF'] as const) expect(findings(name, { containerised: true })).toContain('container');
    expect(findings('FCA', { containerised: true })).toEqual([]);
  });
  it('refuses a sea rule for other transport', () => {
    expect(findings('CIF', { transport: 'air' })).toContain('mode');
    expect(findings('CIP', { transport: 'air' })).toEqual(['two_places']);
  });
  it('warns that EXW leaves no proof of export, and DDP no importer of record', () => {
    expect(findings('EXW', { exportRefund: true })).toEqual(['export_proof']);
    expect(findings('DDP', { importerOfRecord: false, importTaxNumber: false })).toEqual([
      'importer_of_record',
      'import_tax',
    ]);
    expect(findings('DDP')).toEqual([]);
  });
  it('requires a named place, and an on-board bill under FCA when the credit requires one', () => {
    expect(findings('FCA', { place: ' ', onBoardRequired: true })).toEqual(['place', 'on_board']);
  });
});

describe('prices', () => {
  const from = (fob: string, freight: string, premiumRate: string, markup?: string, currency = 'USD') =>
    pricesFromFob({ fob, freight, premiumRate, markup, currency }, asOf);

  it('go from FOB to CIF with a premium on the amount insured', () => {
    const { cfr, cif, premium, insured } = from('10000', '1200', '0.005');
    expect([cfr, cif, premium, insured].map(String)).toEqual(['11200', '11261.94', '61.94', '12388.13']);
  });
  it('never show less cover than 110 % of the rounded price', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 0, max: 300 }), (cents, bps) => {
        const { cif, leastCover } = from((cents / 100).toFixed(2), '12.34', (bps / 10_000).toFixed(4));
        expect(leastCover.gte(cif.times('1.1')) && leastCover.minus(cif.times('1.1')).lt('0.01')).toBe(true);
      }),
    );
  });
  it('add up as displayed: CFR plus premium is CIF, in both directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 10_000_000 }), fc.integer({ min: 0, max: 900 }), (cents, bps) => {
        const quotation = { freight: '12.34', premiumRate: (bps / 1_000).toFixed(3), markup: '1', currency: 'USD' };
        const amount = (cents / 100).toFixed(2);
        for (const { cfr, cif, premium } of [
          pricesFromFob({ ...quotation, fob: amount }, asOf),
          pricesFromCif({ ...quotation, cif: amount, freight: '0' }, asOf),
        ])
          expect(cfr.plus(premium).toFixed()).toBe(cif.toFixed());
      }),
    );
  });
  it('have a currency that is in force', () => {
    expect(() => from('1000', '100', '0.005', '1.10', 'BGN')).toThrow('it became EUR');
    expect(() => from('1000', '100', '0.005', '1.10', 'ABC')).toThrow('no row: the currency ABC');
  });
  it('come back from CIF to FOB within a cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 10_000_000 }), fc.integer({ min: 0, max: 300 }), (cents, bps) => {
        const [fob, freight, premiumRate] = [(cents / 100).toFixed(2), '12.34', (bps / 10_000).toFixed(4)];
        const { cif } = from(fob, freight, premiumRate);
        const back = pricesFromCif({ cif: cif.toFixed(2), freight, premiumRate, currency: 'USD' }, asOf);
        expect(back.fob.minus(fob).abs().lte('0.01')).toBe(true);
      }),
    );
  });
  it('round to the currency, and refuse a premium that is the whole price', () => {
    expect(from('1000', '100', '0.005', '1.10', 'JPY').cif.toFixed()).toBe('1106');
    expect(() => from('1000', '100', '0.95')).toThrow('premiumRate');
    expect(() => from('1000', '100', '0.01', '0.9')).toThrow('markup');
    expect(() => from('-1', '100', '0.01')).toThrow('fob');
    expect(from('1000', '0', '0.01', '1.00').notices.map(({ code }) => code)).toContain('advice');
  });
  it('give the base of the refund: CIF less freight and insurance, in CNY', () => {
    const base = (freight: string) =>
      refundBase({ cif: '100000', freight, insurance: '550', currency: 'USD', fxCny: '7.10' });
    expect([base('3000').fob.toFixed(2), base('3000').fobCny.toFixed(2)]).toEqual(['96450.00', '684795.00']);
    expect(() => base('100000')).toThrow('cif');
  });
});
