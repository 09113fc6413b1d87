import { expect, it } from 'vitest';
import { toCarrierName } from './carriers.ts';
import { isShown, noteOf } from './mapper.ts';

it.each([
  ['RoyalMail', 'Royal Mail'],
  ['DHLExpress', 'DHL Express'],
  ['usps', 'USPS'],
  ['CJPacket Ordinary', 'CJPacket Ordinary'],
  ['', ''],
])('a buyer reads the carrier %s as %s', (word, name) => {
  expect(toCarrierName(word)).toBe(name);
});

it('a message to the buyer names no carrier where there is none', () => {
  expect(noteOf({ carrier: ' ', number: 'N1', url: '' }, 's-1')).toBe('Shipped, tracking number N1 [s-1]');
  expect(noteOf({ carrier: 'RoyalMail', number: 'N1', url: 'https://t.example/N1' }, 's-1')).toBe(
    'Shipped with Royal Mail, tracking number N1 https://t.example/N1 [s-1]',
  );
});

it('a package that was told of under another spelling of its carrier is told of', () => {
  const told = { carrier: 'RoyalMail', number: 'N1', url: '' };
  expect(isShown(told, { ...told, carrier: 'Royal Mail' })).toBe(true);
  expect(isShown(told, { ...told, carrier: 'UPS' })).toBe(false);
});
