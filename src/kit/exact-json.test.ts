import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact } from './exact-json.ts';

describe('JSON with all its digits', () => {
  it('keeps every digit of a whole number, wherever it stands', () => {
    const beyond = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).filter((n) => n > 2n ** 53n || n < -(2n ** 53n));
    const around = fc.constantFrom<(n: bigint) => string>(
      (n) => `${n}`,
      (n) => `{"id":${n}}`,
      (n) => `{"id": ${n} }`,
      (n) => `[1,${n}]`,
      (n) => `[[\n${n}]]`,
    );
    fc.assert(
      fc.property(beyond, around, (n, write) => {
        expect(JSON.stringify(parseExact(write(n)))).toContain(`"${n}"`);
      }),
    );
  });

  it('reads everything else as JSON.parse does', () => {
    const small = fc.json().filter((text) => !/\d{16}/.test(text));
    fc.assert(
      fc.property(small, (text) => {
        expect(parseExact(text)).toEqual(JSON.parse(text));
      }),
    );
    const text = '{"a":"1234567890123456789","b":9007199254740991,"c":12345678901234567.5,"d":1e40}';
    expect(parseExact(text)).toEqual(JSON.parse(text));
    expect(() => parseExact('{"a":12345678901234567')).toThrow(SyntaxError);
  });
});
