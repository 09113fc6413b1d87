import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMember } from '#domain/eu-members.ts';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { checkLicences, type Licence, type LicenceQuestion } from './licence-register.ts';
import { checkRequirements } from './matrix.ts';
import { languagesLacking, MEMBER_LANGUAGES } from './member-languages.ts';
import type { Destination, ProductFacts } from './product-facts.ts';
import * as rules from './rules.ts';

const day = plainDate;
const today = day('2026-11-25');

const address = { postalAddress: '1 Street, 10115 City', electronicAddress: 'safety@example.com' };
const facts: ProductFacts = {
  categories: ['general'],
  hs: '392410',
  consumer: true,
  flags: { children: false, radio: false, energyLabelled: false, cpscRegulated: false, svhc: false },
  manufacturer: { name: 'Maker', country: 'CN', ...address },
  responsible: [{ role: 'gpsr', name: 'Person', country: 'DE', ...address }],
  listing: { picture: true, type: 'cup', identifier: 'CUP-1' },
  warnings: { languages: ['de', 'fr'] },
  evidence: [
    { kind: 'LUCID', country: 'DE', id: 'DE1', expires: null },
    { kind: 'UIN', country: 'FR', id: 'FR1', expires: null },
  ],
  cpsc: null,
};
const mark = (kind: ProductFacts['evidence'][number]['kind'], more: { country?: string; expires?: string } = {}) => ({
  kind,
  country: more.country ?? null,
  id: null,
  expires: more.expires === undefined ? null : day(more.expires),
});

const ask = (more: Partial<ProductFacts>, country: string, date = '2026-11-25', at: Partial<Destination> = {}) =>
  checkRequirements(
    { ...facts, ...more },
    { country, foreignTradeZone: false, marketplace: null, ...at },
    { on: day(date), today },
  );
const codes = (...question: Parameters<typeof ask>) => ask(...question).findings.map(({ code }) => code);

describe('GPSR', () => {
  it('passes a listing that shows everything', () => {
    expect(ask({}, 'DE')).toMatchObject({ findings: [], blocked: false });
  });

  it('stops a maker outside the Union without a responsible person in it, and no maker within', () => {
    expect(codes({ responsible: [] }, 'DE')).toEqual(['GPSR_19_1_B']);
    expect(ask({ responsible: [] }, 'DE').blocked).toBe(true);
    expect(codes({ responsible: [], manufacturer: { name: 'Maker', country: 'PL', ...address } }, 'DE')).toEqual([]);
  });

  it('takes no other role, no person elsewhere and none without both addresses for it', () => {
    const [person] = facts.responsible;
    if (!person) throw new Error('no person');
    expect(codes({ responsible: [{ ...person, role: 'cosmetics' }] }, 'DE')).toEqual(['GPSR_19_1_B']);
    expect(codes({ responsible: [{ ...person, country: 'GB' }] }, 'DE')).toEqual(['GPSR_19_1_B']);
    expect(codes({ responsible: [{ ...person, electronicAddress: ' ' }] }, 'DE')).toEqual(['GPSR_19_1_B']);
  });

  it('takes the operator of Art. 4 of Regulation 2019/1020 for goods under it, as Art. 19(1)(b) does', () => {
    const [person] = facts.responsible;
    if (!person) throw new Error('no person');
    const responsible = [{ ...person, role: 'market_surveillance' as const }];
    for (const category of ['electronics', 'toys', 'batteries'] as const)
      expect(codes({ categories: [category], responsible }, 'DE')).not.toContain('GPSR_19_1_B');
    expect(codes({ responsible }, 'DE')).toEqual(['GPSR_19_1_B']);
    const silent = [{ ...person, role: 'market_surveillance' as const, electronicAddress: null }];
    expect(codes({ categories: ['toys'], responsible: silent }, 'DE')).toContain('GPSR_19_1_B');
  });

  it('wants the manufacturer, the identity and warnings in the language of the buyer', () => {
    expect(codes({ manufacturer: null }, 'DE')).toEqual(['GPSR_19_1_A']);
    expect(codes({ listing: { ...facts.listing, picture: false } }, 'DE')).toEqual(['GPSR_19_1_C']);
    for (const type of ['', ' ', '–', '\u0301\u0301'])
      expect(codes({ listing: { ...facts.listing, type } }, 'DE')).toEqual(['GPSR_19_1_C']);
    expect(codes({ listing: { ...facts.listing, type: '杯子' } }, 'DE')).toEqual([]);
    expect(codes({ warnings: { languages: ['zh'] } }, 'DE')).toEqual(['GPSR_19_1_D']);
    expect(codes({ warnings: null }, 'DE')).toEqual([]);
    expect(ask({}, 'BE').findings).toMatchObject([{ code: 'GPSR_19_1_D', todo: 'add them in nl' }]);
  });

  it('begins on 2024-12-13, applies in Northern Ireland, and neither in Great Britain nor to food', () => {
    expect(codes({ responsible: [] }, 'DE', '2024-12-12')).toEqual([]);
    expect(codes({ responsible: [] }, 'DE', '2024-12-13')).toEqual(['GPSR_19_1_B']);
    expect(codes({ responsible: [], warnings: null }, 'XI')).toEqual(['GPSR_19_1_B']);
    expect(codes({ responsible: [] }, 'GB')).toEqual(['GB_PRODUCER_ADDRESS']);
    expect(codes({ responsible: [], categories: ['food'] }, 'DE')).toEqual([]);
  });

  it('checks the marketplace’s own duties', () => {
    const marketplace = {
      authorityContact: true,
      consumerContact: false,
      safetyGateRegistered: false,
      actsOnNotices: false,
    };
    expect(codes({}, 'DE', '2026-11-25', { marketplace })).toEqual(['GPSR_22_1', 'GPSR_22_2', 'GPSR_22_12']);
  });
});

describe('evidence', () => {
  const radio = { categories: ['electronics'], flags: { ...facts.flags, radio: true } } satisfies Partial<ProductFacts>;

  it('depends on market and category, and is marked as general knowledge', () => {
    expect(codes({ ...radio, evidence: [] }, 'DE')).toEqual([
      'EU_MSR_4',
      'EU_CE_ELECTRONICS',
      'EU_WEEE',
      'EU_EPR_PACKAGING',
    ]);
    expect(codes(radio, 'JP')).toEqual(['JP_PSE', 'JP_GITEKI']);
    expect([codes(radio, 'US'), codes(radio, 'KR'), codes(radio, 'AU')]).toEqual([['US_FCC'], ['KR_KC'], ['AU_RCM']]);
    expect(codes(radio, 'CA')).toEqual(['CA_ISED', 'CA_BILINGUAL']);
    expect(codes({}, 'SA')).toEqual(['SA_PCOC', 'SA_SCOC']);
    expect(ask(radio, 'KR').notices.map(({ code }) => code)).toEqual(['general_knowledge', 'advice']);
  });

  it('of one country does not count in another, and ends after its last day', () => {
    const weee = (country: string, expires: string) =>
      codes(
        { ...radio, evidence: [...facts.evidence, mark('CE'), mark('WEEE', { country, expires })] },
        'DE',
        '2026-11-25',
      );
    expect(weee('DE', '2026-11-25')).toEqual(['EU_MSR_4']);
    expect(weee('DE', '2026-11-24')).toContain('EU_WEEE');
    expect(weee('FR', '2027-11-25')).toContain('EU_WEEE');
  });

  it('of cosmetics has its own responsible person', () => {
    const cream = {
      categories: ['cosmetics'],
      evidence: [...facts.evidence, mark('CPNP')],
    } satisfies Partial<ProductFacts>;
    expect(codes(cream, 'DE')).toEqual(['EU_COSMETICS_RP']);
    expect(codes(cream, 'GB')).toEqual(['GB_COSMETICS_RP', 'GB_PRODUCER_ADDRESS', 'GB_SCPN']);
  });

  it('of a person counts only with both name and postal address', () => {
    const [person] = facts.responsible;
    if (!person) throw new Error('no person');
    const codesOf = (category: 'toys' | 'cosmetics', over: object, country = 'DE') =>
      codes(
        {
          categories: [category],
          responsible: [
            person,
            { ...person, role: category === 'toys' ? 'market_surveillance' : 'cosmetics', country, ...over },
          ],
        },
        country,
      );
    for (const over of [{ postalAddress: null }, { postalAddress: ' ' }, { name: '' }]) {
      expect(codesOf('toys', over)).toContain('EU_MSR_4');
      expect(codesOf('cosmetics', over)).toContain('EU_COSMETICS_RP');
      expect(codesOf('cosmetics', over, 'GB')).toContain('GB_COSMETICS_RP');
    }
    expect(codesOf('toys', { electronicAddress: null })).not.toContain('EU_MSR_4');
  });

  it('of batteries follows Regulation 2023/1542: an operator, the CE mark, then symbol and register', () => {
    const on = (date: string) =>
      codes({ categories: ['batteries'] }, 'DE', date).filter((code) => !code.startsWith('GPSR'));
    expect(['2024-02-17', '2024-02-18', '2024-08-18', '2025-08-17', '2025-08-18'].map(on)).toEqual([
      [],
      ['EU_MSR_4'],
      ['EU_MSR_4', 'EU_BATTERY_CE'],
      ['EU_MSR_4', 'EU_BATTERY_CE'],
      ['EU_MSR_4', 'EU_BATTERY_CE', 'EU_BATTERY_LABEL', 'EU_BATTERY_REGISTER'],
    ]);
    const unverified = (date: string) =>
      ask({ categories: ['batteries'] }, 'DE', date).notices.filter(({ code }) => code === 'unverified').length;
    expect([unverified('2026-08-17'), unverified('2026-08-18')]).toEqual([0, 1]);
    const registered = [...facts.evidence, mark('BATTERY_REGISTER', { country: 'FR' })];
    expect(codes({ categories: ['batteries'], evidence: registered }, 'DE')).toContain('EU_BATTERY_REGISTER');
    expect(codes({ categories: ['batteries'], evidence: registered }, 'FR')).not.toContain('EU_BATTERY_REGISTER');
  });

  it('on SVHC is required when it is unknown', () => {
    const flags = { ...facts.flags, svhc: null };
    expect(ask({ flags, categories: ['chemicals'] }, 'DE').findings).toMatchObject([
      { code: 'EU_REACH_33', severity: 'warn' },
    ]);
    expect(codes({ flags: { ...facts.flags, svhc: true }, evidence: [...facts.evidence, mark('SCIP')] }, 'DE')).toEqual(
      [],
    );
  });

  it('only ever helps', () => {
    const kinds = fc.subarray(['CE', 'WEEE', 'EN71', 'CPNP', 'SCIP', 'FIBRE_COMPOSITION', 'BATTERY_LABEL'] as const);
    const categories = fc.subarray(['electronics', 'toys', 'batteries', 'textiles', 'cosmetics'] as const, {
      minLength: 1,
    });
    fc.assert(
      fc.property(categories, kinds, fc.constantFrom('DE', 'FR', 'IT'), (some, held, country) => {
        const without = codes({ categories: some }, country);
        const evidence = [...facts.evidence, ...held.map((kind) => mark(kind, { country }))];
        return codes({ categories: some, evidence }, country).every((code) => without.includes(code));
      }),
    );
  });
});

describe('CPSC eFiling', () => {
  const toy = { categories: ['toys'], hs: '950300', evidence: [mark('CPC')] } satisfies Partial<ProductFacts>;
  const elements = {
    productId: 'T1',
    citations: '16 CFR 1250',
    manufactureDate: '2026-05',
    manufacturePlace: 'Shantou',
    testDate: '2026-05-20',
    laboratory: 'Lab 1',
    contact: 'a@example.com',
  };

  it('accepts paper until 2026-07-07 and blocks from the next day', () => {
    expect(codes(toy, 'US', '2026-07-07')).toEqual([]);
    expect(codes(toy, 'US', '2026-07-08')).toEqual(['US_CPSC_EFILING']);
    expect(codes({ ...toy, cpsc: { certificateId: 'C1', elements } }, 'US', '2026-07-08')).toEqual([]);
  });

  it('names the data elements that are missing', () => {
    const { laboratory, contact, ...rest } = elements;
    const [finding] = ask({ ...toy, cpsc: { certificateId: 'C1', elements: rest } }, 'US', '2026-07-08').findings;
    expect([laboratory, contact, finding?.what]).toEqual([
      'Lab 1',
      'a@example.com',
      'hold: the certificate lacks laboratory, contact',
    ]);
  });

  it('comes later out of a foreign trade zone, and not to a shoe for adults unless it is flagged', () => {
    expect(codes(toy, 'US', '2027-01-07', { foreignTradeZone: true })).toEqual([]);
    expect(codes(toy, 'US', '2027-01-08', { foreignTradeZone: true })).toEqual(['US_CPSC_EFILING']);
    const shoe = { categories: ['footwear'], hs: '640319' } satisfies Partial<ProductFacts>;
    expect(codes(shoe, 'US')).toEqual([]);
    expect(codes({ ...shoe, flags: { ...facts.flags, cpscRegulated: true } }, 'US')).toEqual([
      'US_CPSC_EFILING',
      'US_GCC',
    ]);
  });
});

describe('a destination', () => {
  it('without requirements on file is said to be so', () => {
    for (const country of ['NO', 'CH', 'BR', 'MX', 'NZ', 'ZZ'])
      expect(() => ask({}, country)).toThrow(/no row.*requirements/);
  });
  it('with requirements on file names the laws that are not checked', () => {
    expect(ask({}, 'US').notices.at(-1)).toMatchObject({
      code: 'advice',
      message: expect.stringContaining('Proposition 65'),
    });
    for (const country of ['DE', 'XI', 'GB', 'JP', 'KR', 'AU', 'CA', 'SA'])
      expect(ask({}, country).notices.some(({ message }) => message.includes('not looked at'))).toBe(true);
  });
  it('and the facts are checked by field', () => {
    expect(() => ask({}, 'toString')).toThrow(/^destination.country:/);
    expect(() => ask({ categories: [] }, 'DE')).toThrow(/^facts.categories:/);
    expect(() => ask({ hs: '1' }, 'DE')).toThrow(/^facts.hs:/);
  });
});

describe('languages', () => {
  const lacking = (country: string, given: string[]) => languagesLacking(country, given, { on: today, today }).lacking;
  it('are all needed, or one of them, by country', () => {
    expect([lacking('FI', ['fi']), lacking('IE', ['en']), lacking('LU', ['de-LU']), lacking('LU', ['en'])]).toEqual([
      ['sv'],
      [],
      [],
      ['fr', 'de', 'lb'],
    ]);
    expect(() => lacking('US', ['en'])).toThrow(/no row/);
  });
  it('are on file for the 27 member states and Northern Ireland', () => {
    const countries = Object.keys(MEMBER_LANGUAGES.rows[0]?.value ?? {});
    expect([countries.length, countries.filter(isMember).length, isMember('XI')]).toEqual([28, 27, false]);
  });
});

it('the rows of every requirement do not overlap, and no two have one name', () => {
  const { GPSR_RULES, CPSC_EFILING, EVIDENCE_RULES } = rules;
  const tables = [
    ...Object.values(GPSR_RULES),
    ...Object.values(CPSC_EFILING),
    ...EVIDENCE_RULES.map(({ table }) => table),
    rules.MSR_4,
    rules.MSR_4_BATTERIES,
    rules.COSMETICS_RP,
    rules.UK_COSMETICS_RP,
    rules.REACH_33,
  ];
  expect(tables.flatMap((table) => faultsOf(table))).toEqual([]);
  expect(new Set(tables.map(({ id }) => id)).size).toBe(tables.length);
});

describe('the register of licences', () => {
  const all = { hsPrefixes: [], countries: [], brands: [] };
  const licence: Licence = {
    id: 'L1',
    kind: 'import_licence',
    scope: { hsPrefixes: ['8517'], countries: ['BR'], brands: ['Éclair'] },
    from: day('2026-01-01'),
    expires: day('2026-12-31'),
    evidence: 'doc-1',
  };
  const question: LicenceQuestion = {
    item: { hs: '851713', country: 'BR', brand: 'éclair ' },
    needs: [{ kind: 'import_licence', scope: { ...all, countries: ['BR'] }, because: 'ANATEL' }],
    licences: [licence],
    on: day('2026-06-01'),
    warnDays: 30,
  };
  const found = (more: Partial<LicenceQuestion>) => checkLicences({ ...question, ...more }).map(({ code }) => code);

  it('is content with a licence that covers goods, country, brand and day', () => {
    expect(found({})).toEqual([]);
    expect(found({ needs: [] })).toEqual([]);
  });

  it.each([
    ['LICENCE_MISSING', { licences: [] }],
    ['LICENCE_MISSING', { item: { hs: '851830', country: 'BR', brand: 'Éclair' } }],
    ['LICENCE_MISSING', { item: { hs: '851713', country: 'BR', brand: null } }],
    ['LICENCE_MISSING', { licences: [{ ...licence, kind: 'export_licence' as const }] }],
    ['LICENCE_NOT_YET', { on: day('2025-12-31') }],
    ['LICENCE_EXPIRED', { on: day('2027-01-01') }],
    ['LICENCE_NO_EVIDENCE', { licences: [{ ...licence, evidence: null }] }],
    ['LICENCE_EXPIRING', { on: day('2026-12-31') }],
    ['LICENCE_EXPIRING', { on: day('2026-12-01') }],
  ] as const)('says %s', (code, more) => {
    expect(found({ ...more, licences: [...('licences' in more ? more.licences : question.licences)] })).toEqual([code]);
  });

  it('blocks what is missing and warns of what ends', () => {
    expect(checkLicences({ ...question, licences: [] })[0]).toMatchObject({ severity: 'block', licence: null });
    expect(checkLicences({ ...question, on: day('2026-12-15') })[0]).toMatchObject({ severity: 'warn', licence: 'L1' });
    expect(found({ on: day('2026-11-30') })).toEqual([]);
  });

  it('lets a renewal speak for what ended', () => {
    const renewed = { ...licence, id: 'L2', from: day('2027-01-01'), expires: null };
    expect(found({ licences: [licence, renewed], on: day('2027-01-01') })).toEqual([]);
  });

  it('uses the longest-lasting of equal ones in either order, and none that ends before it begins', () => {
    const longer = { ...licence, id: 'L2', expires: day('2027-12-31') };
    for (const licences of [
      [licence, longer],
      [longer, licence],
    ])
      expect(checkLicences({ ...question, licences, on: day('2026-12-31') })).toEqual([]);
    const twisted = { ...licence, from: day('2026-12-31'), expires: day('2026-01-01') };
    expect(() => found({ licences: [twisted] })).toThrow(/^licences.0.expires:/);
  });

  it('refuses a scope that is none, by field', () => {
    expect(() => checkLicences({ ...question, item: { hs: '85', country: 'BR', brand: null } })).toThrow(/^item.hs:/);
  });
});
