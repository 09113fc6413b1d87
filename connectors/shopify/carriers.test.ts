import { describe, expect, it } from 'vitest';
import { toCompany } from './carriers.ts';
import { toTrackingInfo } from './mapper.ts';

describe('a carrier, in Shopify’s words', () => {
  it.each([
    ['USPS', 'USPS'],
    ['usps', 'USPS'],
    ['RoyalMail', 'Royal Mail'],
    ['DHLExpress', 'DHL Express'],
    ['FEDEX', 'FedEx'],
    ['DPDUK', 'DPD UK'],
    ['LaserShipV2', 'Lasership'],
    ['Lietuvos Pastas', 'Lietuvos Paštas'],
    ['yun express', 'YunExpress'],
    ['エコ配', 'エコ配'],
    // Shopify does not know these: they go as they are.
    ['CJPacket Ordinary', 'CJPacket Ordinary'],
    [' Ada’s van ', 'Ada’s van'],
    ['', ''],
    [' - ', '-'],
  ])('%s is %s', (word, company) => {
    expect(toCompany(word)).toBe(company);
    expect(toCompany(company)).toBe(company);
  });

  it('that has no name is sent without one, and an unknown one with its link', () => {
    expect(toTrackingInfo({ carrier: ' ', number: 'N1', url: '' })).toEqual({ number: 'N1' });
    const link = 'https://track.example/N1';
    expect(toTrackingInfo({ carrier: 'CJPacket', number: 'N1', url: link })).toEqual({
      company: 'CJPacket',
      number: 'N1',
      url: link,
    });
  });
});
