import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { systemActor } from '#domain/actor.ts';
import type { CaseStandingView } from '#http/views-cases.ts';
import { type ApiClient, isProblem } from '#simulator/api-client.ts';
import { externalSkuOf } from '#simulator/business.ts';
import {
  creditMessage,
  EXPORT_STORIES,
  type ExportCaseStory,
  putExportLists,
  SANCTIONED,
  type StoryFacts,
} from '#simulator/export-cases.ts';
import type { Step } from '#trade/case-file/facts.ts';
import { plainDate } from '#trade/plain-date.ts';
import { closed, orderWhen, place, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';

type Standing = z.infer<typeof CaseStandingView>;
type ModeName = ExportCaseStory['newCase']['mode'];

const START = Date.UTC(2026, 10, 25, 9);
const ON = plainDate('2026-11-25');
const UNITS = 3;

let stand: Stand;
beforeAll(async () => {
  stand = await openStand({ items: [], act: false, rate: 2_000, startMs: START });
  await putExportLists(stand.api, ON);
});
afterAll(() => stand?.close());

const refusal = async (work: Promise<unknown>): Promise<{ status: number; detail: string; codes: string[] }> => {
  try {
    await work;
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { detail, reasons = [] } = error.body as { detail: string; reasons?: { code: string }[] };
    return { status: error.status, detail, codes: reasons.map(({ code }) => code) };
  }
  throw new Error('it was not refused');
};

interface Told {
  story: ExportCaseStory;
  id: string;
  sku: string;
  order: string;
  api: ApiClient;
}

const post = (told: Told, door: string, body: object = {}, api = told.api) =>
  api.post(`/v1/cases/${told.id}/${door}`, body) as Promise<Standing>;
const give = <S extends Step>(told: Told, step: S, facts: StoryFacts[S], ifVersion: number | null = null) =>
  told.api.put(`/v1/cases/${told.id}/facts/${step}`, { facts, ifVersion }) as Promise<Standing>;
const read = (told: Told) => told.api.get(`/v1/cases/${told.id}`) as Promise<Standing>;
const stateOf = ({ steps }: Standing, of: Step) => steps.find(({ step }) => step === of)?.state;
const codesOf = ({ steps }: Standing, of: Step) =>
  (steps.find(({ step }) => step === of)?.reasons ?? [])
    .filter(({ severity, overridden }) => severity === 'block' && overridden === null)
    .map(({ code }) => code);

/** What the storefront itself shows of a SKU, read from its own book. */
const shownOf = (sku: string): number | undefined =>
  stand.world.db
    .table<{ sku: string; quantity: number }>('shopify_listings')
    .all()
    .find((listing) => listing.sku === sku)?.quantity;

const wholeOf = (told: Told, what: string, ready: (whole: Whole) => boolean) =>
  orderWhen(stand, told.order, what, ready);

/** Offers by mode: who stands behind the goods, and on whose shelf they are. */
const OFFER: Readonly<Record<ModeName, () => { partner: string; location: string }>> = {
  wholesale: () => ({ partner: stand.business.connections.feed, location: 'warehouse' }),
  self_produced: () => ({ partner: 'brand-works', location: 'brand' }),
  agent_operated: () => ({ partner: 'principal', location: 'principal' }),
  oem_dropship: () => ({
    partner: stand.business.connections.cj,
    location: `supplier:${stand.business.connections.cj}`,
  }),
};
const KEY: Partial<Record<ModeName, 'warehouse' | 'factory' | 'principal'>> = {
  wholesale: 'warehouse',
  self_produced: 'factory',
  agent_operated: 'principal',
};

/** A buyer orders a thing that is not on offer yet; a case is opened for the order; then the thing is offered. */
const open = async (mode: ModeName): Promise<Told> => {
  const sku = `EXPORT-${mode}`;
  const order = `EX-${mode}`;
  const item = { sku, title: `For export, ${mode}`, price: '12.00' };
  stand.world.storefronts[0]?.world.addListing({ ...item, quantity: 40 });
  const supply = { externalSku: externalSkuOf(sku), title: item.title, unitCost: '5.00', quantity: 1_000 };
  stand.world.cj.addItem(supply);
  stand.world.feed.addItem(supply);
  place(stand, order, [{ item, quantity: UNITS }]);
  const { order: known } = await orderWhen(stand, order, 'unmapped', (w) => w.order.state === 'awaiting_mapping');
  const story = EXPORT_STORIES[mode]({ on: ON, sku, orderId: known.id });
  const made = (await stand.api.post('/v1/cases', story.newCase)) as Standing;
  const again = (await stand.api.post('/v1/cases', story.newCase)) as Standing;
  expect(again.case).toEqual(made.case);
  expect(made.steps.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'open'));
  const { cached } = stand.platform.app.ports;
  await until('the case to be seen', async () =>
    (await cached.openCases('main')).some(({ _id }) => _id === made.case.id),
  );
  const { partner, location } = OFFER[mode]();
  // On the shelf before the order looks for it, or it would be made to order.
  if (!location.startsWith('supplier:'))
    await stand.api.post('/v1/stock/movements', {
      location,
      movements: [{ sku, kind: 'opening', quantity: 50, reference: 'opening' }],
    });
  await stand.api.put('/v1/offers', {
    offers: [
      {
        sku,
        mode,
        title: item.title,
        partner,
        location,
        externalSku: supply.externalSku,
        unitCost: '5.00',
        currency: 'GBP',
      },
    ],
  });
  for (const place of ['shopify', 'cj', 'feed'] as const)
    await stand.api.post(`/v1/connections/${stand.business.connections[place]}/sync`, {});
  return { story, id: made.case.id, sku, order, api: stand.api };
};

/** A package of all of it, as the one whose shelf it is on sends it. */
const pack = async (told: Told, { legs: [leg] }: Whole) => {
  const key = KEY[told.story.newCase.mode];
  if (!leg || !key) throw new Error('nobody of ours packs this');
  return stand.client(stand.business.keys[key]).post(`/v1/legs/${leg.id}/shipments`, {
    reference: 'package-1',
    lines: leg.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    parcel: { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 },
  });
};

const screenAll = async (told: Told): Promise<Standing> => {
  const { market } = told.story.facts;
  const [first] = SANCTIONED;
  const listed = { id: 'agent', role: 'buyer' as const, party: { name: first.name, kind: 'organisation' as const } };
  const suspect = await give(told, 'market', { ...market, parties: [...market.parties, listed] });
  expect(codesOf(suspect, 'market')).toEqual(
    Array.from({ length: market.parties.length + 1 }, () => 'PARTY_UNSCREENED'),
  );
  const blocked = await post(told, 'screen');
  expect(codesOf(blocked, 'market')).toEqual(['PARTY_BLOCKED']);
  expect(blocked.screenings['agent']).toMatchObject({ verdict: 'blocked', listsUsed: [{ id: 'un.consolidated' }] });
  // Without the listed one nothing has to be screened again.
  const clean = await give(told, 'market', market);
  expect(stateOf(clean, 'market')).toBe('passed');
  return clean;
};

/** Once its market and rights are in order the goods are for sale again. */
const comesBack = async ({ sku }: Told): Promise<void> => {
  await until(`${sku} to be for sale`, () => (shownOf(sku) ?? 0) > 0);
};

const printed = async ({ api, id }: Told, kind: string): Promise<string> => {
  const bytes = await api.bytes(`/v1/cases/${id}/papers/${kind}/pdf?language=both`);
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1');
};

/** Papers are refused while one field is missing, and are printed, all of them, when none is. */
const printsPapers = async (told: Told): Promise<void> => {
  const { logistics } = told.story.facts;
  const { references: _, ...shipment } = logistics.shipment;
  const short = await give(told, 'logistics', { ...logistics, shipment });
  expect(new Set(codesOf(short, 'logistics'))).toEqual(new Set(['DOCUMENT_INCOMPLETE']));
  const refused = await refusal(printed(told, 'commercial_invoice'));
  expect(refused).toMatchObject({ status: 409, codes: expect.arrayContaining(['DOCUMENT_INCOMPLETE']) });
  expect(refused.detail).toContain('references.invoiceNo');
  expect(stateOf(await give(told, 'logistics', logistics), 'logistics')).toBe('passed');
  for (const kind of logistics.documents) expect([kind, await printed(told, kind)]).toEqual([kind, '%PDF-']);
};

/** The refund of the tax is claimed: not without papers, not with one missing, then once. */
const writesOff = async (told: Told): Promise<void> => {
  const { settlement } = told.story.facts;
  expect(await refusal(post(told, 'claim'))).toMatchObject({ status: 409, codes: ['NOT_GIVEN'] });
  const bare = await give(told, 'settlement', { ...settlement, file: null });
  expect(codesOf(bare, 'settlement')).toEqual(['PROOF_MISSING']);
  if (!settlement.file) throw new Error('the story has papers');
  const unpaid = await give(told, 'settlement', { ...settlement, file: { ...settlement.file, receipts: [] } });
  expect(codesOf(unpaid, 'settlement')).toEqual(['PROOF_MISSING']);
  expect(await refusal(post(told, 'claim'))).toMatchObject({ status: 409, codes: ['PROOF_MISSING'] });
  expect(stateOf(await give(told, 'settlement', settlement), 'settlement')).toBe('passed');
  await post(told, 'claim');
  const { history } = await post(told, 'claim');
  expect(history.filter(({ what }) => what === 'refund claimed')).toHaveLength(1);
};

/** The buyer gets one unit back: held back while more is asked than was captured, then paid, once. */
const refunds = async (told: Told): Promise<void> => {
  const { order } = await wholeOf(told, 'to be there', () => true);
  const facts = { currency: 'GBP', capturedMinor: order.totalMinor, refundedMinor: order.totalMinor - 1_000 };
  const tooMuch = await give(told, 'after_sales', { ...facts, askedMinor: 1_200 });
  expect(codesOf(tooMuch, 'after_sales')).toEqual(['REFUND_ABOVE_CAPTURED']);
  // Nobody expects a refund any more; what is really paid is held against what was captured all the same.
  expect(stateOf(await give(told, 'after_sales', facts), 'after_sales')).toBe('passed');
  const { id } = (await told.api.post('/v1/returns', {
    reference: `R-${told.order}`,
    orderNumber: told.order,
    sku: told.sku,
    quantity: 1,
    currency: 'GBP',
    totalMinor: 1_200,
    reason: 'came broken',
  })) as { id: string };
  const paid = () => stand.world.sandboxes.shopify.effects('refunds').filter(({ reference }) => reference === id);
  const exceptionOf = async (state: string) => {
    const { items } = (await told.api.get(`/v1/exceptions?state=${state}&limit=500`)) as {
      items: { cause: string; orderId: string; detail: string; subject: { kind: string } }[];
    };
    return items.find(
      ({ cause, orderId, subject }) => cause === 'export_blocked' && orderId === order.id && subject.kind === 'return',
    );
  };
  const held = await until('the refund to be held back', () => exceptionOf('open'));
  expect(held.detail).toContain('more than the 10.00 left');
  expect(paid()).toEqual([]);
  const corrected = await give(told, 'after_sales', { ...facts, refundedMinor: 0, askedMinor: 1_200 });
  expect(stateOf(corrected, 'after_sales')).toBe('passed');
  const { returns } = await wholeOf(told, 'to be refunded', (whole) =>
    whole.returns.some(({ state }) => state === 'applied'),
  );
  expect(returns).toHaveLength(1);
  expect(paid()).toHaveLength(1);
  expect(await exceptionOf('open')).toBeUndefined();
};

const closes = async (told: Told): Promise<void> => {
  const standing = await post(told, 'state', { state: 'closed', note: 'written off' });
  expect(standing.case.state).toBe('closed');
  expect(standing.steps.every(({ state }) => state === 'passed' || state === 'overridden')).toBe(true);
  expect(await refusal(give(told, 'contract', { payment: 'prepaid' }))).toMatchObject({ status: 409 });
};

describe('an export case, from the market sheet to the write-off', () => {
  it('wholesale: a trading company under a letter of credit', async () => {
    const told = await open('wholesale');
    const { facts } = told.story;
    await until('it to be off sale', () => shownOf(told.sku) === 0);
    const whole = await wholeOf(told, 'to have a leg', ({ legs }) => legs[0]?.state === 'accepted');
    const first = await refusal(pack(told, whole));
    expect(first).toMatchObject({
      status: 409,
      codes: ['NOT_GIVEN', 'NOT_GIVEN', 'NOT_GIVEN', 'NOT_GIVEN', 'NOT_GIVEN'],
    });

    await screenAll(told);
    const unlicensed = await give(told, 'rights', { ...facts.rights, licences: [] });
    expect(codesOf(unlicensed, 'rights')).toEqual(['LICENCE_MISSING']);
    expect(shownOf(told.sku)).toBe(0);
    expect(stateOf(await give(told, 'rights', facts.rights), 'rights')).toBe('passed');
    await comesBack(told);

    const uninspected = await give(told, 'quality', { ...facts.quality, reports: [] });
    expect(codesOf(uninspected, 'quality')).toEqual(['INSPECTION_MISSING']);
    const [report] = facts.quality.reports ?? [];
    if (!report) throw new Error('the story is inspected');
    const findings = { ...report.report.findings, major: { units: 315, defects: 40 } };
    const failed = await give(told, 'quality', {
      ...facts.quality,
      reports: [{ ...report, report: { ...report.report, findings } }],
    });
    expect(codesOf(failed, 'quality')).toEqual(['INSPECTION_FAILED']);
    expect(stateOf(await give(told, 'quality', facts.quality), 'quality')).toBe('passed');

    // Not until a credit has come, agrees with the contract, and somebody has read it.
    const without = await give(told, 'contract', { ...facts.contract, messages: '' });
    expect(codesOf(without, 'contract')).toEqual(['CREDIT_MISSING']);
    expect(await refusal(post(told, 'accept-credit'))).toMatchObject({ status: 409 });
    const discrepant = await give(told, 'contract', {
      ...facts.contract,
      messages: creditMessage(ON, { discrepant: true }),
    });
    expect(codesOf(discrepant, 'contract')).toEqual(
      expect.arrayContaining(['LATEST_SHIPMENT', 'SIGNED_BY_APPLICANT', 'CREDIT_UNREVIEWED']),
    );
    const accepted = await post(told, 'accept-credit');
    expect(codesOf(accepted, 'contract')).not.toContain('CREDIT_UNREVIEWED');
    expect((await refusal(pack(told, whole))).codes).toContain('LATEST_SHIPMENT');
    const amended = await give(told, 'contract', facts.contract);
    expect(codesOf(amended, 'contract')).toEqual(['CREDIT_UNREVIEWED']);
    expect(stateOf(await post(told, 'accept-credit'), 'contract')).toBe('passed');

    await printsPapers(told);
    expect(await refusal(pack(told, whole))).toMatchObject({ status: 409, codes: ['NOT_GIVEN'] });
    const old = await give(told, 'clearance', { ...facts.clearance, storedAs: 'HS2017' });
    expect(codesOf(old, 'clearance')).toEqual(['HS_INVALID']);
    expect(stateOf(await give(told, 'clearance', facts.clearance), 'clearance')).toBe('passed');
    await pack(told, whole);
    await wholeOf(told, 'to be closed', closed);
    await refunds(told);
    await writesOff(told);
    await closes(told);
  });

  it('self-produced: parcels into the Union, where somebody’s word opens a gate and stays on record', async () => {
    const told = await open('self_produced');
    const { facts } = told.story;
    await until('it to be off sale', () => shownOf(told.sku) === 0);
    const whole = await wholeOf(told, 'to have a leg', ({ legs }) => legs[0]?.state === 'accepted');
    await screenAll(told);
    const products = facts.rights.products.map((product) => ({
      ...product,
      facts: { ...product.facts, evidence: product.facts.evidence.filter(({ kind }) => kind !== 'WEEE') },
    }));
    const unregistered = await give(told, 'rights', { ...facts.rights, products });
    expect(codesOf(unregistered, 'rights')).toEqual(['EU_WEEE']);
    await give(told, 'rights', facts.rights);
    await comesBack(told);
    await give(told, 'contract', facts.contract);
    await give(told, 'clearance', facts.clearance);

    await give(told, 'quality', { ...facts.quality, reports: [] });
    expect(await refusal(pack(told, whole))).toMatchObject({ status: 409, codes: ['INSPECTION_MISSING'] });
    const word = { step: 'quality', code: 'INSPECTION_MISSING', subject: 'LF-LOT-31', reason: 'inspected at the line' };
    const { key } = (await stand.api.post('/v1/keys', { name: 'clerk', scopes: ['cases:read', 'cases:write'] })) as {
      key: string;
    };
    expect(await refusal(post(told, 'overrides', word, stand.client(key)))).toMatchObject({ status: 403 });
    expect(await refusal(post(told, 'overrides', { ...word, subject: 'another lot' }))).toMatchObject({ status: 409 });
    const overridden = await post(told, 'overrides', word);
    expect(stateOf(overridden, 'quality')).toBe('overridden');
    expect(overridden.history.at(-1)).toMatchObject({ by: 'start', what: 'overridden' });
    expect(overridden.history.at(-1)?.detail).toContain('inspected at the line');
    await pack(told, whole);
    await wholeOf(told, 'to be closed', closed);

    await printsPapers(told);
    const charged = (facts.logistics.batteries ?? []).map((battery) => ({ ...battery, testSummaryOnFile: false }));
    const untested = await give(told, 'logistics', { ...facts.logistics, batteries: charged });
    expect(codesOf(untested, 'logistics')).toEqual(['UN38_3_SUMMARY']);
    await give(told, 'logistics', facts.logistics);
    await refunds(told);
    await writesOff(told);
    await closes(told);
  });

  it('agent-operated: duty paid needs an importer of record; two people do not overwrite each other', async () => {
    const told = await open('agent_operated');
    const { facts } = told.story;
    await until('it to be off sale', () => shownOf(told.sku) === 0);
    const whole = await wholeOf(told, 'to have a leg', ({ legs }) => legs[0]?.state === 'accepted');
    await screenAll(told);
    const expired = (facts.rights.licences ?? []).map((licence) => ({ ...licence, expires: '2026-11-24' }));
    const late = await give(told, 'rights', { ...facts.rights, licences: expired });
    expect(codesOf(late, 'rights')).toEqual(['LICENCE_EXPIRED']);
    await give(told, 'rights', facts.rights);
    await comesBack(told);

    const { version } = (await read(told)).case;
    const outcomes = await Promise.allSettled([
      give(told, 'contract', { payment: 'open_account' }, version),
      give(told, 'quality', facts.quality, version),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [lost] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(lost).toMatchObject({ status: 409 });
    await give(told, 'quality', facts.quality);
    await give(told, 'contract', facts.contract);

    const nobody = { ...facts.clearance.consignment, importerOfRecord: false };
    const unready = await give(told, 'clearance', { ...facts.clearance, consignment: nobody });
    expect(codesOf(unready, 'clearance')).toEqual(['NO_IMPORTER_OF_RECORD']);
    expect(await refusal(pack(told, whole))).toMatchObject({ status: 409, codes: ['NO_IMPORTER_OF_RECORD'] });
    await give(told, 'clearance', facts.clearance);

    // Packed while the gates were open, and shut again before its label is bought.
    const { app } = stand.platform;
    const actor = systemActor('test');
    const leg = await app.ports.store.legs.find('main', whole.legs[0]?.id ?? '');
    if (!leg) throw new Error('the order has a leg');
    const lines = leg.lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
    const parcel = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
    const { _id: packageId } = await app.shipLeg(actor, { leg, reference: 'package-1', lines, parcel, tracking: null });
    await give(told, 'clearance', { ...facts.clearance, consignment: nobody });
    expect(await app.labelShipment(actor, { workspaceId: 'main', shipmentId: packageId })).toMatchObject({
      shipment: { state: 'planned', label: null },
    });
    await give(told, 'clearance', facts.clearance);
    await wholeOf(told, 'to be closed', closed);
    await printsPapers(told);
    await refunds(told);
    await writesOff(told);
    await closes(told);
  });

  it('drop shipping: the factory is not told to ship before the gates are open, and then at once', async () => {
    const told = await open('oem_dropship');
    const { facts } = told.story;
    const whole = await wholeOf(told, 'to be held back', ({ legs }) => legs[0]?.waitsFor === 'case');
    const [leg] = whole.legs;
    expect(leg).toMatchObject({ kind: 'purchase', state: 'planned' });
    const sent = () => stand.world.sandboxes.cj.effects('purchases').filter(({ reference }) => reference === leg?.id);
    expect(sent()).toEqual([]);
    await until('it to be off sale', () => shownOf(told.sku) === 0);
    await screenAll(told);
    const unbranded = await give(told, 'rights', { ...facts.rights, licences: [] });
    expect(codesOf(unbranded, 'rights')).toEqual(['LICENCE_MISSING']);
    await give(told, 'rights', facts.rights);
    await comesBack(told);
    expect(codesOf(await give(told, 'quality', { lots: [] }), 'quality')).toEqual(['INSPECTION_UNDECIDED']);
    await give(told, 'quality', facts.quality);
    await give(told, 'contract', facts.contract);
    expect(sent()).toEqual([]);
    await give(told, 'clearance', facts.clearance);
    await wholeOf(told, 'to be sent by the factory', closed);
    expect(sent()).toHaveLength(1);
    await printsPapers(told);
    await refunds(told);
    await writesOff(told);
    await closes(told);
  });
});

describe('a case over time', () => {
  const tell = async (number: string, facts: Partial<StoryFacts>): Promise<Told> => {
    const { newCase } = EXPORT_STORIES.wholesale({ on: ON, sku: 'none', orderId: '' });
    const story = { ...EXPORT_STORIES.wholesale({ on: ON, sku: 'none', orderId: '' }) };
    const made = (await stand.api.post('/v1/cases', { ...newCase, number, skus: [], orderId: '' })) as Standing;
    const told = { story, id: made.case.id, sku: '', order: '', api: stand.api };
    for (const step of ['market', 'rights', 'contract'] as const) {
      const given = facts[step];
      if (given) await stand.api.put(`/v1/cases/${told.id}/facts/${step}`, { facts: given });
    }
    return told;
  };

  it('gives each reminder once, however often the job runs', async () => {
    const { contract } = EXPORT_STORIES.wholesale({ on: ON, sku: 'none', orderId: '' }).facts;
    const told = await tell('EX-REMIND', { contract });
    const about = async () => {
      const { items } = (await stand.api.get('/v1/exceptions?state=open&limit=500')) as {
        items: { id: string; cause: string; subject: { id: string }; detail: string }[];
      };
      return items.filter(({ cause, subject }) => cause === 'case_deadline' && subject.id.startsWith(told.id));
    };
    const [given] = await until('the reminder', async () => {
      const found = await about();
      return found.length > 0 ? found : null;
    });
    expect(given?.detail).toContain('EX-REMIND');
    expect(given?.detail).toContain('Present the documents');
    for (const { id } of await about()) await stand.api.post(`/v1/exceptions/${id}/resolve`, { note: 'on the way' });
    const { app } = stand.platform;
    await app.remindCases('main');
    await app.remindCases('main');
    expect(await about()).toEqual([]);
    const { reminders } = await read(told);
    expect(reminders.find(({ given: was }) => was)?.key).toMatch(/^present /);
    expect(reminders.some(({ given: was }) => !was)).toBe(true);
  });

  it('warns of a rule past its day of review, in the answer, on the page and in the terminal, and still answers', async () => {
    const { rights } = EXPORT_STORIES.self_produced({ on: ON, sku: 'LF-20', orderId: '' }).facts;
    const told = await tell('EX-REVIEW', { rights });
    const notices = async () =>
      (await read(told)).steps.find(({ step }) => step === 'rights')?.notices.map(({ code }) => code) ?? [];
    expect(await notices()).toContain('general_knowledge');
    expect(await notices()).not.toContain('review_overdue');
    stand.world.clock.setRate(1);
    stand.world.clock.advanceTo(Date.UTC(2027, 6, 2, 9));
    await until('the new day', async () => (await notices()).includes('review_overdue'));
    const { key } = (await stand.api.post('/v1/keys', { name: 'viewer', scopes: ['reports:read', 'cases:read'] })) as {
      key: string;
    };
    const page = await fetch(`${stand.url}/cases/${told.id}`, { headers: { authorization: `Bearer ${key}` } });
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain('Due for review');
    expect(text).toContain('due for review since 2027-06-30');
    expect(text).toContain('进出口权与准入');
    const { number } = (await read(told)).case;
    // A case is named as people name it, or by its id.
    for (const word of [number, told.id]) {
      const typed = ['src/cli/main.ts', 'case', 'show', word, '--key', key, '--url', stand.url];
      const { stdout } = await promisify(execFile)(process.execPath, typed);
      expect(stdout).toMatch(/ ! .*due for review since 2027-06-30/);
    }
    const listed = async (query: string) =>
      ((await stand.api.get(`/v1/cases?${query}`)) as { items: { id: string }[] }).items.map(({ id }) => id);
    expect(await listed(`number=${encodeURIComponent(number)}`)).toEqual([told.id]);
    expect(await listed(`number=${encodeURIComponent(number)}&state=cancelled`)).toEqual([]);
    expect(await listed('number=nobody')).toEqual([]);
  });
});
