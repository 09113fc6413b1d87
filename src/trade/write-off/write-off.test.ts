import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../decimal.ts';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { checkDeemedReceipt } from '../tax-refund/deemed-receipt.ts';
import type { WriteOffFile } from './case-file.ts';
import { matchFile } from './match.ts';
import { settlementOf } from './receivable.ts';
import { ON_BOARD_DAYS, TOLERANCE } from './rules.ts';
import { lineStatusOn, type StateFacts, WRITE_OFF_STATES, writeOffMachine } from './state.ts';

const day = plainDate;
const TODAY = day('2026-11-24');
const ASKED = { on: day('2026-03-15'), today: TODAY };

describe('the tolerance', () => {
  const settled = (fob: string, received: string[], fees: string[] = []) =>
    settlementOf({ currency: 'USD', fob, received, fees }, ASKED);

  it('counts bank charges as paid', () => {
    expect(settled('50000.00', ['29985.00', '19985.00'])).toMatchObject({
      received: '49970.00',
      short: '30.00',
      settled: true,
    });
    expect(settled('50000.00', ['49000.00'], ['1000.00'])).toMatchObject({ short: '0.00', settled: true });
  });

  it('ends exactly at the limit, short or over', () => {
    const limits = ['49750.00', '49749.99', '50250.00', '50250.01'].map((paid) => settled('50000.00', [paid]).settled);
    expect(limits).toEqual([true, false, true, false]);
    // Below 10,000 the minimum of 50 is larger than the share.
    expect(['950.00', '949.99'].map((paid) => settled('1000.00', [paid]).settled)).toEqual([true, false]);
    expect(['9950.00', '9949.99'].map((paid) => settled('10000.00', [paid]).settled)).toEqual([true, false]);
  });

  it('is printed so that a line is settled exactly when what is short is no more than it', () => {
    const cents = fc.integer({ min: 1, max: 5_000_000 });
    fc.assert(
      fc.property(cents, fc.integer({ min: -30_000, max: 30_000 }), (fob, off) => {
        const money = (amount: number) => new Exact(Math.max(amount, 1)).div(100).toFixed(2);
        const { short, tolerance, settled: paid } = settled(money(fob), [money(fob + off)]);
        expect(paid).toBe(new Exact(short).abs().lte(tolerance));
      }),
    );
    expect(settled('12345.67', ['12283.94'])).toMatchObject({ short: '61.73', tolerance: '61.72', settled: false });
  });

  it('is in a currency that has a code', () => {
    for (const currency of ['__proto__', 'constructor', 'usd', ''])
      expect(() => settlementOf({ currency, fob: '100', received: ['100'] }, ASKED)).toThrow('currency');
  });

  it('never counts zero as a payment', () => expect(settled('40.00', []).settled).toBe(false));

  it('takes the rows without faults', () => expect([TOLERANCE, ON_BOARD_DAYS].flatMap(faultsOf)).toEqual([]));
});

const facts = (over: Partial<StateFacts> = {}): StateFacts => ({
  exportDate: day('2026-03-15'),
  money: 'short',
  papersAgree: true,
  claim: { refunded: '30000.00' },
  finalPayment: null,
  deemedReceived: false,
  closed: false,
  ...over,
});
const stateOf = (over: Partial<StateFacts>, today: string) => lineStatusOn(facts(over), day(today)).state;

describe('the state of a line', () => {
  it('changes on the day after the deadline, and the refund must be paid back', () => {
    expect(stateOf({}, '2027-04-30')).toBe('open');
    expect(lineStatusOn(facts(), day('2027-05-01'))).toMatchObject({ state: 'clawback', repay: '30000.00' });
    expect(lineStatusOn(facts({ money: 'in' }), day('2027-05-01'))).toMatchObject({ state: 'matched', repay: '0.00' });
    expect(lineStatusOn(facts({ money: 'in', papersAgree: false }), day('2027-05-01'))).toMatchObject({
      state: 'open',
      repay: '0.00',
    });
    expect(stateOf({ finalPayment: day('2028-06-30') }, '2028-06-30')).toBe('open');
    expect(stateOf({ finalPayment: day('2028-06-30') }, '2028-07-01')).toBe('clawback');
  });

  it('is a domestic sale after 36 months without a claim, for exports since 2026', () => {
    expect(stateOf({ claim: null }, '2029-03-15')).toBe('clawback');
    expect(stateOf({ claim: null }, '2029-03-16')).toBe('deemed_domestic');
    expect(stateOf({ claim: null, money: 'in' }, '2029-03-16')).toBe('deemed_domestic');
    expect(stateOf({}, '2029-03-16')).toBe('clawback');
    expect(stateOf({ claim: null, exportDate: day('2025-12-31') }, '2030-01-01')).toBe('clawback');
  });

  it('is draft before export, exported or filed until money is checked, and closed only when allowed', () => {
    expect(stateOf({}, '2026-03-14')).toBe('draft');
    expect(stateOf({ exportDate: null }, '2026-11-24')).toBe('draft');
    expect(stateOf({ money: 'unknown', claim: null }, '2026-11-24')).toBe('exported');
    expect(stateOf({ money: 'unknown' }, '2026-11-24')).toBe('filed');
    expect(stateOf({ deemedReceived: true }, '2027-05-01')).toBe('deemed_received');
    expect(stateOf({ closed: true, money: 'in' }, '2026-11-24')).toBe('closed');
    expect(stateOf({ closed: true }, '2026-11-24')).toBe('open');
  });

  it('moves only as the table allows while days go by', () => {
    const days = ['2026-03-14', '2026-03-15', '2027-04-30', '2027-05-01', '2029-03-15', '2029-03-16'];
    for (const money of ['unknown', 'short', 'in'] as const)
      for (const claim of [null, { refunded: '1.00' }])
        for (const deemedReceived of [false, true]) {
          const states = days.map((today) => stateOf({ money, claim, deemedReceived }, today));
          for (const [index, state] of states.slice(1).entries())
            writeOffMachine.check(states[index] ?? 'draft', state);
        }
    expect([...writeOffMachine.states].sort()).toEqual([...WRITE_OFF_STATES].sort());
  });
});

const FIRST = '310120260000000001';
const SECOND = '310120260000000002';

const line = (
  declaration: string,
  over: Partial<WriteOffFile['lines'][number]> = {},
): WriteOffFile['lines'][number] => ({
  declaration,
  line: 1,
  exportDate: day('2026-03-15'),
  currency: 'USD',
  fob: '30000.00',
  hs: '8517620000',
  quantity: '1000',
  unit: '台',
  contract: 'C-1',
  deemed: null,
  closed: false,
  claim: { filedOn: day('2026-05-12'), refunded: '20000.00' },
  ...over,
});
const receipt = (
  id: string,
  credited: string,
  over: Partial<WriteOffFile['receipts'][number]> = {},
): WriteOffFile['receipts'][number] => ({
  id,
  date: day('2026-06-01'),
  currency: 'USD',
  credited,
  bankFee: '0',
  payer: 'Acme GmbH',
  uses: [],
  contract: 'C-1',
  ...over,
});
const invoice = (
  number: string,
  quantity: string,
  over: Partial<WriteOffFile['invoices'][number]> = {},
): WriteOffFile['invoices'][number] => ({
  invoice: number,
  line: 1,
  hs: '8517620000',
  quantity,
  unit: '台',
  uses: [],
  contract: 'C-1',
  ...over,
});
const file = (over: Partial<WriteOffFile> = {}): WriteOffFile => ({
  company: 'trading',
  lines: [line(FIRST), line(SECOND, { exportDate: day('2026-04-02'), fob: '20000.00', quantity: '500' })],
  contracts: [{ number: 'C-1', buyer: 'ACME  GmbH', finalPayment: null }],
  invoices: [invoice('24312000000000000001', '1500')],
  receipts: [receipt('R-1', '49950.00', { bankFee: '50.00' })],
  transports: [{ kind: 'bill-of-lading', number: 'BL-1', onBoard: day('2026-03-18'), declarations: [FIRST, SECOND] }],
  ...over,
});

describe('matching a file', () => {
  it('hangs one receipt and one invoice on several declarations, the fee shared to the cent', () => {
    const { lines, unusedReceipts, unusedInvoices } = matchFile(file(), TODAY);
    expect(lines.map(({ state, received, fees, short, complete }) => [state, received, fees, short, complete])).toEqual(
      [
        ['matched', '29970.00', '30.00', '0.00', true],
        ['matched', '19980.00', '20.00', '0.00', true],
      ],
    );
    expect(lines.map(({ invoices }) => invoices.map(({ quantity }) => quantity))).toEqual([['1000'], ['500']]);
    expect([unusedReceipts, unusedInvoices]).toEqual([[], []]);
  });

  it('lets several receipts settle one declaration, the oldest export first, and names what is left', () => {
    const receipts = [
      receipt('R-2', '21000.00'),
      receipt('R-1', '20000.00', { date: day('2026-05-01') }),
      receipt('R-3', '12000.00', { date: day('2026-07-01') }),
    ];
    const { lines, unusedReceipts } = matchFile(file({ receipts }), TODAY);
    expect(lines.map((each) => each.receipts.map(({ id, credited }) => [id, credited]))).toEqual([
      [
        ['R-1', '20000.00'],
        ['R-2', '10000.00'],
      ],
      [
        ['R-2', '11000.00'],
        ['R-3', '9000.00'],
      ],
    ]);
    expect(unusedReceipts).toEqual([{ id: 'R-3', amount: '3000' }]);
  });

  it('says which link is missing and what to do', () => {
    const bare = file({ contracts: [], invoices: [], receipts: [], transports: [], lines: [line(FIRST)] });
    const [match] = matchFile(bare, TODAY).lines;
    expect(match).toMatchObject({ state: 'open', collectBy: '2027-04-30', short: '30000.00', complete: false });
    expect(match?.findings.map(({ severity, link }) => `${severity} ${link}`)).toEqual([
      'missing contract',
      'missing transport',
      'missing vat-invoice',
      'missing receipt',
    ]);
    expect(match?.findings.at(-1)?.message).toContain('USD 30000.00 has not come; collect it by 2027-04-30');
    const [late] = matchFile(bare, day('2027-05-01')).lines;
    expect(late).toMatchObject({ state: 'clawback', repay: '20000.00' });
    expect(
      matchFile({ ...bare, company: 'manufacturer' }, TODAY).lines[0]?.findings.map(({ link }) => link),
    ).not.toContain('vat-invoice');
  });

  it('does not match on money alone: HS code, unit and quantity have to agree', () => {
    const said = (over: Partial<WriteOffFile['invoices'][number]>, quantity = '1000') =>
      matchFile(
        file({
          lines: [line(FIRST)],
          invoices: [invoice('I-1', '2000', { ...over, uses: [{ declaration: FIRST, line: 1, quantity }] })],
          receipts: [receipt('R-1', '30000.00')],
        }),
        TODAY,
      ).lines[0];
    expect(said({})?.state).toBe('matched');
    expect(said({ contract: null }, '999')).toMatchObject({ state: 'open', complete: false });
    expect(said({ unit: '个' })?.findings.map(({ severity }) => severity)).toEqual(['differs']);
    expect(said({ hs: '8517620001' })?.findings[0]?.message).toContain('is not 8517620000');
    expect(said({ unit: ' 台 ' })?.state).toBe('matched');
  });

  it('flags a third-party payer, an on-board date far from the export date and a house document', () => {
    const warned = (over: Partial<WriteOffFile>) =>
      matchFile(file({ lines: [line(FIRST)], invoices: [invoice('I-1', '1000')], ...over }), TODAY).lines[0];
    const third = warned({ receipts: [receipt('R-1', '30000.00', { payer: 'Umbrella Ltd' })] });
    expect(third).toMatchObject({ state: 'matched', complete: true });
    expect(third?.findings[0]?.message).toContain('Umbrella Ltd');
    const boarded = (onBoard: string) =>
      warned({
        transports: [{ kind: 'house-bill-of-lading', number: 'H-1', onBoard: day(onBoard), declarations: [FIRST] }],
      })?.findings.length;
    expect(['2026-04-14', '2026-04-15', '2026-02-13', '2026-02-12'].map(boarded)).toEqual([1, 2, 1, 2]);
  });

  it('counts a listed reason only with its proofs', () => {
    const proofs = [...checkDeemedReceipt('buyer-insolvent', [], ASKED).missing];
    const deemed = (evidence: string[]) =>
      matchFile(
        file({
          lines: [line(FIRST, { deemed: { reason: 'buyer-insolvent', evidence } })],
          receipts: [],
          invoices: [invoice('I', '1000')],
        }),
        day('2027-05-01'),
      ).lines[0];
    expect(deemed(proofs)).toMatchObject({ state: 'deemed_received', repay: '0.00', complete: true });
    expect(deemed([])).toMatchObject({ state: 'clawback', complete: false });
  });

  it('refuses what would be used twice, and references to nothing', () => {
    const use = { declaration: FIRST, line: 1, amount: '20000.00' };
    const refused: [Partial<WriteOffFile>, string][] = [
      [{ receipts: [receipt('R-1', '1.00'), receipt('R-1', '1.00')] }, 'receipt R-1 is there twice'],
      [{ lines: [line(FIRST), line(FIRST)] }, 'is there twice'],
      [{ invoices: [invoice('I', '1'), invoice('I', '1')] }, 'is there twice'],
      [
        { receipts: [receipt('R-1', '30000.00', { uses: [use, { ...use, declaration: SECOND }] })] },
        '40000 of it is used',
      ],
      [{ receipts: [receipt('R-1', '30000.00', { uses: [{ ...use, line: 2 }] })] }, 'which is not in the file'],
      [{ receipts: [receipt('R-1', '30000.00', { currency: 'EUR', uses: [use] })] }, 'converted by the bank'],
      [{ receipts: [receipt('R-1', '30000.001')] }, 'more decimals than USD'],
      [{ receipts: [receipt('R-1', '-1')] }, 'is negative'],
      [{ receipts: [receipt('R-1', '900000000000000000.00')] }, 'receipts.0.credited: is too large'],
      [{ lines: [line(FIRST), line(SECOND, { fob: '0.00' })] }, 'lines.1.fob'],
      [{ lines: [line('12345')] }, '18-digit'],
      [{ lines: [] }, 'lines'],
    ];
    for (const [over, message] of refused) expect(() => matchFile(file(over), TODAY)).toThrow(message);
  });

  it('uses no unit of money or quantity twice, and does not care for the order of the papers', () => {
    const cents = fc.integer({ min: 1, max: 5_000_000 }).map((n) => new Exact(n).div(100).toFixed(2));
    const pieces = fc.integer({ min: 1, max: 2_000 }).map(String);
    const contract = fc.constantFrom('C-1', 'C-2');
    const papers = fc.record({
      lines: fc.array(fc.record({ fob: cents, quantity: pieces, contract }), { minLength: 1, maxLength: 6 }),
      receipts: fc.array(fc.record({ credited: cents, bankFee: cents, contract }), { maxLength: 6 }),
      invoices: fc.array(fc.record({ quantity: pieces, contract }), { maxLength: 6 }),
      seed: fc.integer(),
    });
    const shuffled = <T>(items: readonly T[], seed: number): T[] =>
      items
        .map((item, index) => ({ item, key: (Math.imul(index + 1, 2_654_435_761) ^ seed) >>> 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item);
    const total = (texts: readonly string[]) => texts.reduce((sum, text) => sum.plus(text), new Exact(0)).toFixed(2);
    fc.assert(
      fc.property(papers, ({ seed, ...made }) => {
        const whole = file({
          lines: made.lines.map((each, index) => line(`3101202600000001${String(index).padStart(2, '0')}`, each)),
          receipts: made.receipts.map((each, index) => receipt(`R-${index}`, each.credited, each)),
          invoices: made.invoices.map((each, index) => invoice(`I-${index}`, each.quantity, each)),
          transports: [],
        });
        const result = matchFile(whole, TODAY);
        const paid = result.lines.flatMap(({ receipts }) => receipts);
        for (const { id, credited, bankFee } of whole.receipts) {
          const mine = paid.filter((each) => each.id === id);
          const left = result.unusedReceipts.filter((each) => each.id === id).map(({ amount }) => amount);
          expect(total([...mine.flatMap((each) => [each.credited, each.fee]), ...left])).toBe(
            total([credited, bankFee]),
          );
          expect(new Exact(total(mine.map((each) => each.credited))).lte(credited)).toBe(true);
        }
        for (const { invoice: number, quantity } of whole.invoices) {
          const of = (each: { invoice: string }) => each.invoice === `${number}/1`;
          const used = result.lines
            .flatMap(({ invoices }) => invoices.filter(of))
            .concat(result.unusedInvoices.filter(of));
          expect(total(used.map((each) => each.quantity))).toBe(total([quantity]));
        }
        for (const each of result.lines) expect(each.short.startsWith('-')).toBe(false);
        const turned = {
          lines: shuffled(whole.lines, seed),
          receipts: shuffled(whole.receipts, seed),
          invoices: shuffled(whole.invoices, seed),
        };
        expect(matchFile({ ...whole, ...turned }, TODAY)).toEqual(result);
      }),
      { numRuns: 60 },
    );
  });
});
