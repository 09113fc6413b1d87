import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Checked } from './checked.ts';
import { checkGln, checkGtin, checkSscc, gs1Key, gtin14 } from './gs1.ts';
import { checkIban, ibanLength } from './iban.ts';
import { checkEori, checkIoss, checkUscc, checkVatNumber } from './party.ts';
import { awbNumber, checkAwb, checkContainer, checkImo, checkS10, containerNumber, s10Number } from './transport.ts';

const reason = (checked: Checked): string => (checked.valid ? 'valid' : checked.reason);
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

describe('a GS1 key', () => {
  it.each([
    ['400638133393', '4006381333931'],
    ['9638507', '96385074'],
    ['1061414100041', '10614141000415'],
    ['10614141234567890', '106141412345678908'],
    ['03600029145', '036000291452'],
  ])('%s is completed to %s', (body, full) => {
    expect(gs1Key(body)).toBe(full);
  });

  it('is checked by kind', () => {
    expect(checkGtin('4006381333931')).toEqual({ valid: true, check: '1', full: '4006381333931' });
    expect(checkGtin('4006381333932')).toMatchObject({ valid: false, check: '1' });
    expect(checkGln('4006381333931').valid).toBe(true);
    expect(checkSscc('(00) 106141412345678908').valid).toBe(true);
    expect(checkSscc('4006381333931').valid).toBe(false);
    expect(checkGtin('0000000000000').valid).toBe(false);
  });

  it('tells of the leading zero that a spreadsheet ate, and compares across lengths', () => {
    expect(reason(checkGtin('36000291452'))).toContain('036000291452');
    expect(gtin14('036000291452')).toBe(gtin14('0036000291452'));
    expect(gtin14('1')).toBeNull();
  });

  it('notices any single wrong digit', () => {
    fc.assert(
      fc.property(digits(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
        const key = gs1Key(body);
        const wrong = key.slice(0, at) + ((Number(key[at]) + by) % 10) + key.slice(at + 1);
        return /^0+$/.test(key) || (checkGtin(key).valid && !checkGtin(wrong).valid);
      }),
    );
  });

  it('refuses to complete what is not a body', () => {
    for (const body of ['', '12345', '40063813339A', '4006381333931234567890'])
      expect(() => gs1Key(body)).toThrow(/body/);
  });
});

describe('numbers of transport', () => {
  it('are completed with their check digits', () => {
    expect([
      containerNumber('CSQU305438'),
      containerNumber('MSKU123456'),
      containerNumber('CSQU100008'),
      awbNumber('125', '1234567'),
      s10Number('RR', '12345678', 'GB'),
      s10Number('RR', '12345671', 'CN'),
      s10Number('RR', '12345674', 'CN'),
    ]).toEqual([
      ...['CSQU3054383', 'MSKU1234565', 'CSQU1000080', '125-12345675'],
      ...['RR123456785GB', 'RR123456710CN', 'RR123456745CN'],
    ]);
  });

  it('are accepted as they are completed, also in print', () => {
    fc.assert(
      fc.property(digits(8), digits(7), digits(6), (eight, seven, six) => {
        expect(checkS10(s10Number('EE', eight, 'CN')).valid).toBe(true);
        expect(checkAwb(awbNumber('999', seven)).valid).toBe(true);
        expect(checkContainer(containerNumber(`ABCU${six}`)).valid).toBe(true);
      }),
    );
    expect(checkContainer('csqu 305438-3')).toEqual({ valid: true, check: '3', full: 'CSQU3054383' });
    expect(checkAwb('12512345675')).toEqual({ valid: true, check: '5', full: '125-12345675' });
    expect(checkS10('RR 1234 5678 5 GB').valid).toBe(true);
  });

  it('a ship is checked by its last digit', () => {
    expect([checkImo('9074729').valid, checkImo('IMO 9486910').valid]).toEqual([true, true]);
    expect(checkImo('9074728')).toMatchObject({ valid: false, check: '9' });
    expect([checkImo('0000000').valid, checkImo('907472').valid]).toEqual([false, false]);
  });

  it('are refused with the field when they cannot be completed', () => {
    expect(() => containerNumber('CSQX305438')).toThrow(/body/);
    expect(() => awbNumber('12', '1234567')).toThrow(/prefix/);
    expect(() => awbNumber('125', '12345678')).toThrow(/serial7/);
    expect(() => s10Number('R', '12345678', 'GB')).toThrow(/service/);
    expect(() => s10Number('RR', '1234567', 'GB')).toThrow(/serial8/);
    expect(() => s10Number('RR', '12345678', 'gb')).toThrow(/country/);
  });
});

describe('numbers of parties', () => {
  it('a unified social credit code has a check character modulo 31', () => {
    expect(checkUscc('9144030071526726XG')).toEqual({ valid: true, check: 'G', full: '9144030071526726XG' });
    expect(checkUscc('91350100M000100Y43').valid).toBe(true);
    expect(checkUscc('91350100M000100Y44')).toMatchObject({ valid: false, check: '3' });
    expect(checkUscc('91350100I000100Y43')).toMatchObject({ valid: false, check: null });
  });

  it('an IBAN has the length, structure and check digits of its country', () => {
    expect(checkIban('GB82 WEST 1234 5698 7654 32')).toMatchObject({ valid: true, full: 'GB82WEST12345698765432' });
    for (const iban of ['DE89370400440532013000', 'NO9386011117947', 'MT84MALT011000012345MTLCAST001S'])
      expect(checkIban(iban).valid).toBe(true);
    expect(checkIban('GB83WEST12345698765432')).toMatchObject({ valid: false, check: '82' });
    expect(reason(checkIban('GB82WEST1234569876543'))).toContain('22 characters');
    expect(reason(checkIban('GB82123412345698765432'))).toContain('form of GB');
    expect(reason(checkIban('US64SVBKUS6S3300958879'))).toContain('registry');
    expect([ibanLength('NO'), ibanLength('LC'), ibanLength('US')]).toEqual([15, 32, null]);
  });

  it('check digits of an IBAN that are congruent but never issued are refused', () => {
    // 00, 01 and 99 leave the remainder of 97, 98 and 02.
    const base = '12345698765432';
    for (let bank = 0; bank < 97; bank++) {
      const account = `WEST${base.slice(0, 11)}${String(bank).padStart(3, '0')}`;
      for (const pair of ['00', '01', '99']) expect(checkIban(`GB${pair}${account}`).valid).toBe(false);
    }
  });

  it.each(['ATU12345678', 'BE0123456789', 'EL123456789', 'ESX1234567X', 'IE1S12345L', 'NL123456789B01', 'XI123456789'])(
    'the VAT number %s is of its form',
    (number) => expect(checkVatNumber(number)).toEqual({ valid: true, check: null, full: number }),
  );

  it.each(['GR123456789', 'GB123456789', 'AT12345678', 'ES123456789', 'DE12345678', ''])(
    'the VAT number “%s” is not',
    (number) => expect(checkVatNumber(number).valid).toBe(false),
  );

  it('EORI and IOSS numbers are checked by form', () => {
    expect([checkEori('DE123456789012345').valid, checkEori('GB123456789000').valid]).toEqual([true, true]);
    expect([checkEori('EL123456789').valid, checkEori('GB12345').valid, checkEori('US123').valid]).toEqual([
      ...[false, false, false],
    ]);
    expect(checkIoss('IM2760000742').valid).toBe(true);
    expect([checkIoss('IN2760000742').valid, checkIoss('IM1234567890').valid, checkIoss('IM276').valid]).toEqual([
      ...[false, false, false],
    ]);
  });
});

describe('whatever is handed in', () => {
  it('is answered, never crashed or hung on', () => {
    const checks = [checkGtin, checkGln, checkSscc, checkS10, checkAwb, checkContainer, checkImo, checkUscc];
    const more = [checkIban, checkVatNumber, checkEori, checkIoss];
    const odd = ['', ' ', '\u0301'.repeat(20), '０１２３４５６７', 'x'.repeat(10_000), '1'.repeat(10_000), '🚢', 'İ'];
    for (const text of odd) for (const check of [...checks, ...more]) expect(check(text).valid).toBe(false);
  });
});
