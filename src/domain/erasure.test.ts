import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Address } from './address.ts';
import { ERASED, personalValues, redactor } from './erasure.ts';

const ADA = Address.parse({
  name: 'Ada Example',
  line1: '1 Market Street',
  city: 'Leeds',
  region: 'West Yorkshire',
  postalCode: 'LS1 1AA',
  country: 'GB',
  phone: '+44 113 000 0000',
  email: 'ada@buyers.example',
});
const { values, telling } = personalValues([{ name: 'A. Example', email: 'ADA@second.example' }], [ADA, null]);

describe('the personal values of an order', () => {
  it('are names, addresses, e-mails and telephone numbers, the latter as digits too', () => {
    expect([...values].toSorted()).toEqual(
      [
        '+44 113 000 0000',
        '1 Market Street',
        '441130000000',
        'A. Example',
        'ADA@second.example',
        'Ada Example',
        'LS1 1AA',
        'Leeds',
        'ada@buyers.example',
      ].toSorted(),
    );
  });

  it('tell one person wherever they are met, but for towns, post codes and single names', () => {
    for (const value of ['Leeds', 'LS1 1AA']) expect(telling.has(value)).toBe(false);
    for (const value of ['Ada Example', 'ada@buyers.example', '441130000000', '1 Market Street'])
      expect(telling.has(value)).toBe(true);
    expect(personalValues([{ name: 'Li', email: '' }], []).telling.size).toBe(0);
    expect(personalValues([{ name: '王小明', email: '' }], []).telling).toEqual(new Set(['王小明']));
  });
});

describe('the redactor', () => {
  const redact = redactor(values);
  const noteOf = (of: ReadonlySet<string>, note: string) => redactor(of)({ note }).note;

  it('takes a value out of longer texts, in any case, and leaves other words whole', () => {
    expect(redact({ note: 'refused for ADA EXAMPLE, 1 market street (ada@buyers.example)' }).note).toBe(
      `refused for ${ERASED}, ${ERASED} (${ERASED})`,
    );
    expect(noteOf(new Set(['Ann']), 'Ann of Annapolis, Joann')).toBe(`${ERASED} of Annapolis, Joann`);
    expect(noteOf(new Set(['王小明', '김철수']), '寄给王小明先生, 김철수에게')).toBe(
      `寄给${ERASED}先生, ${ERASED}에게`,
    );
  });

  it('touches nothing but what people say: a person may be called like a state, a place or a workspace', () => {
    const nasty = redactor(new Set(['main', 'refunded', 'berlin', 'MUG 1', 'resolved', 'order.route']));
    const given = {
      _id: 'main',
      workspaceId: 'main',
      state: 'refunded',
      location: 'berlin',
      lines: [{ sku: 'MUG 1', title: 'MUG 1' }],
      retry: { job: 'order.route', payload: { workspaceId: 'main' } },
      versions: [{ changes: [{ field: 'rawStatus', from: 'resolved', to: 'refunded' }] }],
      note: 'main',
    };
    expect(nasty(given)).toEqual({ ...given, lines: [{ sku: 'MUG 1', title: ERASED }], note: ERASED });
  });

  it('leaves no value behind in them, wherever they lie, and changes nothing else', () => {
    const word = fc.constantFrom('order', 'Ada', 'of', '12', 'Market', ...values);
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(fc.record({ note: text, b: fc.record({ detail: text, n: fc.integer() }) })), (given) => {
        const after = redact(given);
        const told = JSON.stringify(after).toLowerCase();
        for (const value of values) expect(told).not.toContain(value.toLowerCase());
        expect(after.map(({ b }) => b.n)).toEqual(given.map(({ b }) => b.n));
        const without = { note: 'order of 12', b: { detail: 'Ada', n: 1 } };
        expect(redact(without)).toBe(without);
      }),
    );
  });

  it('takes names as they are, not as patterns', () => {
    expect(noteOf(new Set(['a+b (c).*']), 'name: a+b (c).*!')).toBe(`name: ${ERASED}!`);
  });
});
