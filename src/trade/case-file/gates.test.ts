import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HsEdition } from '../classification/hs-edition.ts';
import { plainDate } from '../plain-date.ts';
import { SCREENING_VERSION } from '../screening/screen.ts';
import { type CaseFile, NO_FACTS, type StoredScreening } from './case-file.ts';
import { remindersOf } from './deadlines.ts';
import { FACTS, STEP_TITLES, STEPS, type Step } from './facts.ts';
import type { GateContext } from './finding.ts';
import { type Act, blocksBefore, GATES_BEFORE, gate, stepsOf } from './gates.ts';
import { screenedText } from './market-gate.ts';

const DAY = plainDate('2026-11-25');
const LIST = { id: 'made.up', date: DAY, sha256: 'ab'.repeat(32) };
const HS2022: HsEdition = {
  id: 'HS2022',
  from: plainDate('2022-01-01'),
  to: plainDate('2027-12-31'),
  codes: new Map([['482010', 'notebooks']]),
};
const context = (changes: Partial<GateContext> = {}): GateContext => ({
  asOf: { on: DAY, today: DAY },
  editions: [HS2022],
  lists: [LIST],
  hash: (text) => `#${text}`,
  ...changes,
});

const FACTS_GIVEN = {
  market: FACTS.market.parse({
    parties: [
      { id: 'a', role: 'buyer', party: { name: 'Hoshino Bunbogu' } },
      { id: 'b', role: 'supplier', party: { name: 'Inkstone Factory' } },
    ],
  }),
  quality: FACTS.quality.parse({ lots: ['L-1', 'L-2'] }),
  contract: FACTS.contract.parse({ payment: 'prepaid' }),
  clearance: FACTS.clearance.parse({
    consignment: {
      jurisdiction: 'JP',
      country: 'JP',
      currency: 'JPY',
      lines: [{ hs: '482010', quantity: 1, value: '800' }],
    },
  }),
  after_sales: FACTS.after_sales.parse({ currency: 'GBP', capturedMinor: 100 }),
  settlement: FACTS.settlement.parse({ claim: null }),
};

const PARTY = { name: 'Hoshino Bunbogu', line1: '1-2-3 Reidai', city: 'Osaka', postalCode: '530-0001', country: 'JP' };
const SHIPMENT = {
  reference: 'PK-1',
  exporter: { ...PARTY, name: 'Inkstone Factory', country: 'CN' },
  importer: PARTY,
  references: { invoiceNo: 'CI-1' },
  dates: { invoice: DAY },
  currency: 'JPY',
  reasonForExport: 'sale',
  incoterm: { rule: 'DAP', place: 'Osaka' },
  lines: [
    {
      lineNo: 1,
      descriptionEn: 'Paper notebooks',
      hs: '482010',
      hsEdition: 'HS2022',
      origin: 'CN',
      quantity: 6,
      unitPrice: '800',
      netGrams: 1_560,
    },
  ],
  packages: [{ id: 'P1', kind: 'PARCEL', grossGrams: 1_720, contents: [{ lineNo: 1, quantity: 6 }] }],
};
const RIGHTS = {
  destination: { country: 'JP', foreignTradeZone: false, marketplace: null },
  products: [
    {
      sku: 'PK-A5',
      facts: {
        categories: ['general'],
        hs: '482010',
        consumer: true,
        manufacturer: null,
        responsible: [],
        flags: { children: false, radio: false, energyLabelled: false, cpscRegulated: false, svhc: false },
        warnings: null,
        evidence: [],
        cpsc: null,
        listing: { picture: true, type: 'Notebook', identifier: 'PK-A5' },
      },
    },
  ],
};

const screened = (id: 'a' | 'b', verdict: StoredScreening['verdict']): [string, StoredScreening] => {
  const party = FACTS_GIVEN.market.parties.find((each) => each.id === id)?.party;
  return [
    id,
    {
      verdict,
      screenedOn: DAY,
      threshold: 0.88,
      engineVersion: SCREENING_VERSION,
      listsUsed: [LIST],
      hits: [],
      of: `#${screenedText(party)}`,
    },
  ];
};

const file = (changes: Partial<CaseFile> = {}): CaseFile => ({
  _id: 'cs_1',
  workspaceId: 'w',
  number: 'EX-1',
  title: 'Notebooks',
  mode: 'oem_dropship',
  orderId: '',
  subject: { kind: 'order', id: 'O-1' },
  skus: [],
  connectionIds: [],
  destination: 'JP',
  state: 'open',
  facts: { ...NO_FACTS, ...FACTS_GIVEN },
  screenings: {},
  creditAccepted: '',
  overrides: [],
  history: [],
  reminded: [],
  version: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
  ...changes,
});
/** An override by somebody who has seen the reason as it is in `of`. */
const override = (step: Step, code: string, subject: string, of = file()) => {
  const seen = gate(step, of, context()).reasons.find((reason) => reason.code === code && reason.subject === subject);
  return { step, code, subject, what: seen?.what ?? '', reason: 'seen by counsel', by: 'desk', atMs: 0 };
};
const codesOf = (step: Step, of: CaseFile, asOf = context()) =>
  gate(step, of, asOf).reasons.map(({ code, subject }) => `${code} ${subject}`.trim());

describe('the gates of a case file', () => {
  it('are shut while nothing is entered, all eight, and each says so', () => {
    const steps = stepsOf(file({ facts: NO_FACTS }), context());
    expect(steps.map(({ step, state }) => [step, state])).toEqual(STEPS.map((step) => [step, 'open']));
    expect(steps.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual(STEPS.map(() => 'NOT_GIVEN'));
    expect(Object.keys(STEP_TITLES)).toEqual([...STEPS]);
  });

  it('stand before an act, which is held back by those and no others', () => {
    const empty = file({ facts: NO_FACTS });
    fc.assert(
      fc.property(fc.constantFrom<Act>('list', 'dispatch', 'papers', 'refund', 'claim'), (act) => {
        // Goods are packed before dispatch; papers alone require everything to be entered first.
        const wanted = GATES_BEFORE[act].filter((step) => act !== 'dispatch' || step !== 'logistics');
        expect(blocksBefore(act, empty, context()).map(({ step }) => step)).toEqual(wanted);
      }),
    );
  });

  it('answer the same for the same file, day and lists, and change neither', () => {
    const given = file({ screenings: Object.fromEntries([screened('a', 'review')]) });
    const before = structuredClone(given);
    expect(stepsOf(given, context())).toEqual(stepsOf(given, context()));
    expect(given).toEqual(before);
  });

  it('pass with an override, which covers one reason only', () => {
    const reasons = STEPS.flatMap((step) => gate(step, file(), context()).reasons).filter(
      ({ severity }) => severity === 'block',
    );
    expect(reasons.length).toBeGreaterThan(3);
    fc.assert(
      fc.property(fc.subarray(reasons), (chosen) => {
        const overrides = chosen.map(({ step, code, subject }) => override(step, code, subject));
        const held = stepsOf(file({ overrides }), context())
          .flatMap((state) => state.reasons)
          .filter(({ severity, overridden }) => severity === 'block' && overridden === null);
        const rest = reasons.filter((reason) => !chosen.includes(reason));
        expect(held.map(({ code, subject }) => `${code} ${subject}`)).toEqual(
          rest.map(({ code, subject }) => `${code} ${subject}`),
        );
      }),
    );
    const elsewhere = override('market', 'INSPECTION_MISSING', 'L-1');
    expect(gate('quality', file({ overrides: [elsewhere] }), context()).state).toBe('blocked');
  });

  it('shut again when what was seen is another thing by now', () => {
    const screenings = Object.fromEntries([screened('a', 'review'), screened('b', 'clear')]);
    const seen = file({ screenings });
    const overrides = [override('market', 'PARTY_TO_REVIEW', 'a', seen)];
    expect(gate('market', file({ screenings, overrides }), context()).state).toBe('overridden');
    const [entry] = overrides;
    const other = entry ? [{ ...entry, what: 'Another Party Ltd resembles somebody' }] : [];
    expect(gate('market', file({ screenings, overrides: other }), context()).state).toBe('blocked');
  });

  it('block again when a closer match appears than the one reviewed', () => {
    const found = (score: number): Partial<CaseFile> => {
      const hit = {
        listId: 'made.up',
        entryId: '7',
        name: 'Hoshino Bunbogo',
        score,
        why: [],
        effect: 'review' as const,
      };
      const [id, first] = screened('a', 'review');
      return { screenings: Object.fromEntries([[id, { ...first, hits: [hit] }], screened('b', 'clear')]) };
    };
    const overrides = [override('market', 'PARTY_TO_REVIEW', 'a', file(found(0.9)))];
    expect(gate('market', file({ ...found(0.9), overrides }), context()).state).toBe('overridden');
    expect(gate('market', file({ ...found(0.97), overrides }), context()).state).toBe('blocked');
  });

  it('are overridden, not passed, when only an override lets them pass', () => {
    const overrides = [
      override('quality', 'INSPECTION_MISSING', 'L-1'),
      override('quality', 'INSPECTION_MISSING', 'L-2'),
    ];
    expect(gate('quality', file({ overrides }), context()).state).toBe('overridden');
    expect(blocksBefore('dispatch', file({ overrides }), context()).map(({ step }) => step)).not.toContain('quality');
  });

  it('hold for each party: unscreened, blocked, to review, screened against an older state of a list', () => {
    expect(codesOf('market', file())).toEqual(['PARTY_UNSCREENED a', 'PARTY_UNSCREENED b']);
    const both = Object.fromEntries([screened('a', 'blocked'), screened('b', 'review')]);
    expect(codesOf('market', file({ screenings: both }))).toEqual(['PARTY_BLOCKED a', 'PARTY_TO_REVIEW b']);
    const clear = Object.fromEntries([screened('a', 'clear'), screened('b', 'clear')]);
    expect(gate('market', file({ screenings: clear }), context()).state).toBe('passed');
    const newer = context({ lists: [{ ...LIST, sha256: 'cd'.repeat(32) }] });
    expect(codesOf('market', file({ screenings: clear }), newer)).toEqual([
      'SCREENING_OUTDATED a',
      'SCREENING_OUTDATED b',
    ]);
  });

  it('block an overridden listed party until it was screened against the current lists', () => {
    const screenings = Object.fromEntries([screened('a', 'blocked'), screened('b', 'clear')]);
    const overrides = [override('market', 'PARTY_BLOCKED', 'a', file({ screenings }))];
    expect(gate('market', file({ screenings, overrides }), context()).state).toBe('overridden');
    const newer = context({ lists: [{ ...LIST, sha256: 'cd'.repeat(32) }] });
    expect(gate('market', file({ screenings, overrides }), newer).state).toBe('blocked');
  });

  it('want everybody who receives the goods by their papers among the parties', () => {
    const screenings = Object.fromEntries([screened('a', 'clear'), screened('b', 'clear')]);
    const addressed = (name: string) => {
      const shipment = { ...SHIPMENT, importer: { ...PARTY, name: 'HOSHINO  Bunbogu' }, notify: { ...PARTY, name } };
      const logistics = FACTS.logistics.parse({ documents: ['packing_list'], shipment });
      return codesOf('market', file({ screenings, facts: { ...file().facts, logistics } }));
    };
    expect(addressed('Inkstone Factory')).toEqual([]);
    expect(addressed('Somebody Else Ltd')).toEqual(['PARTY_NOT_NAMED Somebody Else Ltd']);
  });

  it('cover every SKU of the case and its destination country', () => {
    const rights = FACTS.rights.parse(RIGHTS);
    const of = (changes: Partial<CaseFile>) => codesOf('rights', file({ ...changes, facts: { ...NO_FACTS, rights } }));
    expect(of({ skus: ['PK-A5'] })).toEqual([]);
    expect(of({ skus: ['PK-A5', 'PK-A6'] })).toEqual(['PRODUCT_MISSING PK-A6']);
    expect(of({ destination: 'KR' })).toEqual(['DESTINATION_DIFFERS JP']);
    expect(codesOf('clearance', file({ destination: 'KR' }))).toEqual(['DESTINATION_DIFFERS JP']);
  });

  it('use the latest inspection of a lot, in whatever order they were filed, and none in the future', () => {
    const report = (on: string, defects: number) => ({
      on,
      report: {
        standard: 'ISO2859-1',
        lot: 'L-1',
        lotSize: 500,
        level: 'II',
        classes: { major: '2.5' },
        findings: { major: { units: 50, defects } },
      },
    });
    const of = (...reports: unknown[]) => {
      const quality = FACTS.quality.parse({ lots: ['L-1'], reports });
      return codesOf('quality', file({ facts: { ...file().facts, quality } }));
    };
    const [good, bad] = [report('2026-11-20', 0), report('2026-11-10', 30)];
    expect(of(good, bad)).toEqual([]);
    expect(of(bad, good)).toEqual([]);
    expect(of({ ...good, on: '2026-11-09' }, bad)).toEqual(['INSPECTION_FAILED L-1']);
    expect(of({ ...good, on: '2026-11-26' })).toEqual(['INSPECTION_MISSING L-1']);
  });

  it('open for the papers when each of them can be made, and for a dispatch when nothing sent may not be carried', () => {
    const battery = {
      mode: 'air',
      chemistry: 'lithium-ion',
      item: 'cell',
      packing: 'contained-in',
      wh: '9.62',
      damaged: false,
      stateOfCharge: '28',
      indicatedCapacity: null,
      netKg: '0.096',
      testSummaryOnFile: false,
    };
    const of = (changes: object) => {
      const logistics = FACTS.logistics.parse({ documents: ['cn22'], shipment: SHIPMENT, ...changes });
      const given = file({ facts: { ...file().facts, logistics } });
      const codes = (act: Act) =>
        blocksBefore(act, given, context()).flatMap(({ step, code }) => (step === 'logistics' ? [code] : []));
      return { papers: codes('papers'), dispatch: codes('dispatch') };
    };
    const sdr = { currency: 'JPY', date: '2026-11-20', source: 'Made up', sdrPerUnit: '0.0048' };
    expect(of({})).toEqual({ papers: ['DOCUMENT_INCOMPLETE'], dispatch: [] });
    const contradiction = { ...SHIPMENT, stated: { pieces: 7 } };
    expect(of({ sdr, shipment: contradiction })).toEqual({ papers: ['DOCUMENT_REFUSED'], dispatch: [] });
    expect(of({ sdr })).toEqual({ papers: [], dispatch: [] });
    expect(of({ sdr, shipment: { ...SHIPMENT, packages: [] } })).toMatchObject({ dispatch: [] });
    const charged = of({ sdr, batteries: [battery] });
    expect(charged).toEqual({ papers: ['UN38_3_SUMMARY'], dispatch: ['UN38_3_SUMMARY'] });
  });

  it('take a party that was changed after its screening as not screened', () => {
    const screenings = Object.fromEntries([screened('a', 'clear'), screened('b', 'clear')]);
    const market = FACTS.market.parse({
      parties: [
        { id: 'a', role: 'buyer', party: { name: 'Hoshino Bunbogu', countries: ['JP'] } },
        { id: 'b', role: 'supplier', party: { name: 'Inkstone Factory' } },
      ],
    });
    const changed = file({ screenings, facts: { ...file().facts, market } });
    expect(codesOf('market', changed)).toEqual(['PARTY_UNSCREENED a']);
  });

  it('block a party that blocked ones own to one half, and not at less', () => {
    const owned = (pct: string) => {
      const market = FACTS.market.parse({ ...FACTS_GIVEN.market, ownership: { b: { a: pct } } });
      const screenings = Object.fromEntries([screened('a', 'blocked'), screened('b', 'clear')]);
      return codesOf('market', file({ screenings, facts: { ...file().facts, market } }));
    };
    expect(owned('50')).toEqual(['PARTY_BLOCKED a', 'PARTY_OWNED b']);
    expect(owned('49.9')).toEqual(['PARTY_BLOCKED a']);
  });

  it('require owners to be parties, because nobody would screen them otherwise', () => {
    const market = FACTS.market.parse({ ...FACTS_GIVEN.market, ownership: { b: { fund: '60' } } });
    const screenings = Object.fromEntries([screened('a', 'clear'), screened('b', 'clear')]);
    expect(codesOf('market', file({ screenings, facts: { ...file().facts, market } }))).toEqual([
      'PARTY_UNSCREENED fund',
    ]);
  });

  it('refuse a code of another edition, even if the edition in force has the same code', () => {
    expect(gate('clearance', file(), context()).state).toBe('passed');
    const clearance = FACTS.clearance.parse({ ...FACTS_GIVEN.clearance, storedAs: 'HS2017' });
    expect(codesOf('clearance', file({ facts: { ...file().facts, clearance } }))).toEqual(['HS_INVALID 1']);
    expect(codesOf('clearance', file(), context({ editions: [] }))).toEqual(['NO_ROW']);
  });

  it('let a refund go up to what was captured and not a minor unit beyond', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), (capturedMinor, refundedMinor, askedMinor) => {
        const after_sales = FACTS.after_sales.parse({ currency: 'GBP', capturedMinor, refundedMinor, askedMinor });
        const { state } = gate('after_sales', file({ facts: { ...file().facts, after_sales } }), context());
        expect(state).toBe(askedMinor > capturedMinor - refundedMinor ? 'blocked' : 'passed');
      }),
    );
  });

  it('count the refund that is really paid, after those paid before, in the currency that was captured', () => {
    const after_sales = FACTS.after_sales.parse({ currency: 'GBP', capturedMinor: 1_000, refundedMinor: 100 });
    const given = file({ facts: { ...file().facts, after_sales } });
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(1_000), (minor, refundedMinor) => {
        const refund = { currency: 'GBP', minor, refundedMinor };
        const blocks = blocksBefore('refund', given, context({ refund }));
        expect(blocks.length > 0).toBe(minor > 1_000 - Math.max(100, refundedMinor));
      }),
    );
    const other = { currency: 'EUR', minor: 1, refundedMinor: 0 };
    expect(codesOf('after_sales', given, context({ refund: other }))).toEqual(['REFUND_CURRENCY']);
  });
});

describe('the days of a case file', () => {
  it('come from what the rules know, and a day they do not know silences nothing else', () => {
    const settlement = FACTS.settlement.parse({
      claim: null,
      file: {
        company: 'manufacturer',
        lines: [
          {
            declaration: '310420100000000001',
            line: 1,
            exportDate: '1990-01-02',
            currency: 'USD',
            fob: '1.00',
            hs: '482010',
            quantity: '1',
            unit: 'PCS',
            contract: 'C',
            claim: null,
            deemed: null,
            closed: false,
          },
        ],
        contracts: [],
        invoices: [],
        receipts: [],
        transports: [],
      },
    });
    const after_sales = FACTS.after_sales.parse({
      currency: 'GBP',
      capturedMinor: 1,
      law: 'EU',
      delivered: '2026-11-11',
    });
    const given = file({ facts: { ...file().facts, settlement, after_sales } });
    expect(remindersOf(given, context().asOf).map(({ key, on }) => [key, on])).toEqual([
      ['withdrawal 2026-11-25 T-0', '2026-11-25'],
    ]);
  });

  it('are sent again when the date moves: a renewed licence is a new reminder', () => {
    const licence = (expires: string) => ({
      id: 'L-1',
      kind: 'brand_authorisation',
      from: '2026-01-01',
      expires,
      evidence: 'a.pdf',
      scope: { hsPrefixes: [], countries: [], brands: [] },
    });
    const keys = (expires: string) => {
      const rights = FACTS.rights.parse({ ...RIGHTS, licences: [licence(expires)] });
      return remindersOf(file({ facts: { ...file().facts, rights } }), context().asOf).map(({ key }) => key);
    };
    expect(keys('2027-01-31').length).toBeGreaterThan(1);
    expect(keys('2027-01-31').filter((key) => keys('2028-01-31').includes(key))).toEqual([]);
  });
});
