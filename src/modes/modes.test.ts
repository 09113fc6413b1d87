import { describe, expect, it } from 'vitest';
import { Failure } from '#domain/failure.ts';
import type { LegLine } from '#domain/leg.ts';
import { MODE_NAMES, type Terms } from '#domain/offer.ts';
import { MODES } from './index.ts';

// What holds for every order, shelf and refund is in test/laws/modes.law.ts.

const LINE: LegLine = {
  lineId: 'l0',
  externalId: 'x0',
  sku: 'SKU',
  title: '',
  quantity: 2,
  totalMinor: 1_000,
  externalSku: '',
  unitCost: '4.50',
  reservation: 'l0',
  ready: true,
  shipped: 0,
  cancelled: 0,
  returned: 0,
  asked: 0,
  received: 0,
};

describe.each(MODE_NAMES)('the mode %s', (name) => {
  it('is filed under its own name', () => {
    const mode = MODES[name];
    expect(mode.name).toBe(name);
    expect(mode.title).not.toBe('');
  });
});

describe('the modes', () => {
  it('give the merchant and the principal their say: who decides on what', () => {
    const leg = { lines: [LINE], currency: 'GBP', costCurrency: 'GBP' };
    const noRate = (minor: number, from: string, to: string): number =>
      from === to ? minor : expect.fail(`no rate from ${from} to ${to}`);
    const strict = { currency: 'GBP', creditLimitMinor: 999, mandateLimitMinor: 999, marginFloorBps: 1_001 };
    const asked = (given: Partial<Terms>) =>
      MODE_NAMES.flatMap((name) =>
        MODES[name]
          .approvals(leg, { ...strict, safetyStock: 0, ...given }, noRate)
          .map(({ kind, party, amount, limit }) => [name, kind, party, amount, limit]),
      );
    expect(asked({})).toEqual([
      ['wholesale', 'credit_limit', 'us', 1_000, 999],
      ['agent_operated', 'mandate', 'principal', 1_000, 999],
      ['oem_dropship', 'margin_floor', 'us', 1_000, 1_001],
    ]);
    expect(asked({ creditLimitMinor: 1_000, mandateLimitMinor: 1_000, marginFloorBps: 1_000 })).toEqual([]);
  });

  it('compare amounts in another currency through its rate, and decide nothing where there is none', () => {
    const euros = {
      currency: 'EUR',
      creditLimitMinor: 1_600,
      mandateLimitMinor: 1_600,
      marginFloorBps: 0,
      safetyStock: 0,
    };
    const line = { ...LINE, quantity: 1, unitCost: '9.50' };
    // 1 EUR = 160 JPY: 1,000 yen are 6.25 EUR, and a cost of 9.50 EUR is 1,520 yen.
    const rate = (minor: number, from: string, to: string): number => {
      if (from === to) return minor;
      if (from === 'JPY' && to === 'EUR') return Math.round((minor / 160) * 100);
      if (from === 'EUR' && to === 'JPY') return Math.round((minor / 100) * 160);
      return expect.fail(`no rate from ${from} to ${to}`);
    };
    const leg = { lines: [line], currency: 'JPY', costCurrency: 'EUR' };
    const asked = (terms: Partial<Terms>) =>
      MODE_NAMES.flatMap((name) =>
        MODES[name].approvals(leg, { ...euros, ...terms }, rate).map(({ kind, amount }) => [kind, amount]),
      );
    expect(asked({})).toEqual([['margin_floor', -5_200]]);
    expect(asked({ creditLimitMinor: 624, mandateLimitMinor: 624, marginFloorBps: -5_200 })).toEqual([
      ['credit_limit', 625],
      ['mandate', 625],
    ]);
    const none = () => {
      throw new Failure('no_row', 'no rate');
    };
    for (const name of ['wholesale', 'agent_operated', 'oem_dropship'] as const)
      expect(() => MODES[name].approvals(leg, euros, none)).toThrow('no rate');
  });

  it('send what comes back to whoever owned it, as the table of modes says', () => {
    expect(MODE_NAMES.map((name) => [name, MODES[name].stockOwner, MODES[name].returnsTo()])).toEqual([
      ['wholesale', 'us', 'us'],
      ['self_produced', 'us', 'us'],
      ['agent_operated', 'principal', 'principal'],
      ['oem_dropship', 'supplier', 'supplier'],
    ]);
  });
});
