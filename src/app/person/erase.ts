import type { Actor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { addressOfNobody, type Erasure, erasureMachine, personalValues, redactor } from '#domain/erasure.ts';
import { Failure } from '#domain/failure.ts';
import { customerSubject, idOf } from '#domain/ids.ts';
import { born, move, noted } from '#domain/move.ts';
import { withoutWishes } from '#domain/observe-order.ts';
import type { Order } from '#domain/order.ts';
import { caseOver, orderOver } from '#domain/over.ts';
import type { CaseFile } from '#trade/case-file/case-file.ts';
import { changeOrder, difference } from '../change.ts';
import { fileEvents } from '../event/file.ts';
import { pagesOf } from '../every-page.ts';
import { finishDeliveries } from '../inbox/finish.ts';
import type { Document, Documents, Ports } from '../ports.ts';

/** Who: by e-mail, whatever its case, by orders, or as the customer of one storefront. */
export type PersonRef =
  | { by: 'email'; email: string }
  | { by: 'orders'; orderIds: readonly string[] }
  | { by: 'customer'; connectionId: string; externalId: string; orders: readonly string[] };

/** What becomes of closed case files that name the person. The law may ask to keep them: somebody has to say. */
export type CasesChoice = 'ask' | 'keep' | 'erase';

export interface ErasurePreview {
  orders: { id: string; number: string; open: boolean }[];
  cases: { id: string; number: string; open: boolean }[];
}

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

const isOf = (person: PersonRef, order: Order): boolean => {
  switch (person.by) {
    case 'email':
      return [order.buyer, order.shipTo, order.billTo].some((part) => part && same(part.email, person.email));
    case 'orders':
      return person.orderIds.includes(order._id) || person.orderIds.includes(order.number);
    case 'customer':
      return (
        order.connectionId === person.connectionId &&
        (order.buyer.externalId === person.externalId || person.orders.includes(order.externalId))
      );
  }
};

/** The orders of a person; a walk over all of the workspace, as nobody is looked up by e-mail but here. */
const ordersOf = async ({ store }: Ports, workspaceId: string, person: PersonRef): Promise<Order[]> => {
  const found: Order[] = [];
  for await (const page of pagesOf(store.orders, workspaceId, {}))
    found.push(...page.filter((order) => isOf(person, order)));
  if (person.by === 'orders')
    for (const [number, same] of Map.groupBy(found, (order) => order.number))
      if (same.length > 1 && person.orderIds.includes(number))
        throw new Failure('conflict', `Several orders are called ${number}: name them by their ids.`, {
          safe: { orders: same.map(({ _id }) => _id) },
        });
  return found;
};

const casesOf = async ({ store }: Ports, workspaceId: string, orders: readonly Order[]): Promise<CaseFile[]> =>
  orders.length === 0
    ? []
    : await store.cases.listAny(
        workspaceId,
        'orderId',
        orders.map(({ _id }) => _id),
      );

/** What would be erased, and what stands against it. */
export const previewErasure = async (
  ports: Ports,
  { workspaceId, person }: { workspaceId: string; person: PersonRef },
): Promise<ErasurePreview> => {
  const orders = await ordersOf(ports, workspaceId, person);
  return previewOf(orders, await casesOf(ports, workspaceId, orders));
};

const previewOf = (orders: readonly Order[], cases: readonly CaseFile[]): ErasurePreview => ({
  orders: orders.map((order) => ({ id: order._id, number: order.number, open: !orderOver(order) })),
  cases: cases.map((file) => ({ id: file._id, number: file.number, open: !caseOver(file) })),
});

const refuseWhile = ({ orders, cases }: ErasurePreview, choice: CasesChoice): void => {
  const named = (all: readonly { number: string }[]) => all.map(({ number }) => number).join(', ');
  const openOrders = orders.filter(({ open }) => open);
  if (openOrders.length > 0)
    throw new Failure('conflict', `Orders of this person are open: ${named(openOrders)}. Close or cancel them first.`, {
      safe: { orders: openOrders.map(({ id }) => id) },
    });
  const openCases = cases.filter(({ open }) => open);
  if (openCases.length > 0)
    throw new Failure('conflict', `Case files of this person are open: ${named(openCases)}. Close them first.`, {
      safe: { cases: openCases.map(({ id }) => id) },
    });
  if (choice === 'ask' && cases.length > 0)
    throw new Failure(
      'conflict',
      `Case files name this person: ${named(cases)}. Customs and tax law may ask you to keep them: say cases “keep” or “erase”.`,
      { safe: { cases: cases.map(({ id }) => id) } },
    );
};

/** The fields that `next` says otherwise. A write of what is there already would change nothing, and would pass for refused. */
const otherwise = <T extends object>(current: T, next: T): Partial<T> => {
  const changes = difference(current, next);
  for (const field in changes)
    if (JSON.stringify(changes[field]) === JSON.stringify(current[field])) delete changes[field];
  return changes;
};

/** How often a document that others write is tried: nobody writes one that is over for long. */
const ROUNDS = 100;

/** Changes each document until nothing of it has to be changed any more; how many were changed. */
const sweep = async <T extends Document>(
  documents: Documents<T>,
  workspaceId: string,
  given: readonly T[],
  next: (document: T) => T,
): Promise<number> => {
  const change = async (first: T): Promise<boolean> => {
    let current: T | null = first;
    for (let round = 0; round < ROUNDS && current !== null; round += 1) {
      const changes: Partial<T> = otherwise(current, next(current));
      if (Object.keys(changes).length === 0) return false;
      const guard: Partial<T> = {};
      for (const field in changes) guard[field] = current[field];
      if ((await documents.change(current._id, guard, changes)) === 'changed') return true;
      current = await documents.find(workspaceId, current._id);
    }
    if (current !== null) throw new Failure('unavailable', `${current._id} is too busy`);
    return false;
  };
  let changed = 0;
  for (const document of given) if (await change(document)) changed += 1;
  return changed;
};

/** All of an order, however many: nothing may be left behind a limit. */
const every = async <T extends Document & { orderId: string | null }>(
  documents: Documents<T>,
  workspaceId: string,
  orderId: string,
): Promise<T[]> => {
  const where: Partial<T> = {};
  where.orderId = orderId;
  const found: T[] = [];
  for await (const page of pagesOf(documents, workspaceId, where)) found.push(...page);
  return found;
};

const blank = (address: Address | null): Address | null => address && addressOfNobody(address);

/** Fields whose earlier values tell of the buyer, whatever they are. */
const PERSONAL_CHANGES: ReadonlySet<string> = new Set(['buyer', 'shipTo', 'billTo', 'note', 'facts', 'shopHolds']);
/** A side of a line's change without what the buyer wished for. */
const withoutFacts = (side: unknown): unknown =>
  typeof side === 'object' && side !== null && 'facts' in side ? { ...side, facts: null } : side;

/** The order with nothing in it that tells who bought it. Amounts, goods, country and times stay. */
const withoutBuyer = (order: Order, redact: <T>(value: T) => T): Order => ({
  ...redact(order),
  externalId: order.externalId,
  number: order.number,
  buyer: { externalId: null, name: '', email: '' },
  shipTo: blank(order.shipTo),
  billTo: blank(order.billTo),
  note: '',
  ...(order.facts ? { facts: { ...order.facts, taxIds: [], poNumber: '', tags: [], attributes: [] } } : {}),
  ...(order.shopHolds ? { shopHolds: order.shopHolds.map((hold) => ({ ...hold, note: '' })) } : {}),
  lines: redact(order).lines.map(withoutWishes),
  bodyHash: '',
  versions: order.versions.map((version) => ({
    ...version,
    changes: version.changes.map((change) =>
      PERSONAL_CHANGES.has(change.field)
        ? { ...change, from: null, to: null }
        : redact({ ...change, from: withoutFacts(change.from), to: withoutFacts(change.to) }),
    ),
  })),
  holds: order.holds.map((hold) => ({ ...hold, note: '' })),
  released: order.released.map((release) => ({ ...release, note: '' })),
  cancels: order.cancels.map((request) => ({ ...request, note: '' })),
});

/** News that nobody has filed yet is told without what a person said. */
const quiet = <T extends { news?: Order['news'] }>(document: T): T =>
  document.news?.some(({ personal }) => personal)
    ? { ...document, news: document.news.map(({ personal: _, ...news }) => news) }
    : document;

/**
 * Writes down that a person is to be erased: whose orders, and what becomes of closed case files. `runErasure` does it. Refused while an
 * order or a case file of the person is open, and, unless `cases` says what becomes of them, while closed case files name it. Asked for
 * again it is the same erasure. Throws `not_found` and `conflict`.
 */
export const requestErasure = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; person: PersonRef; cases: CasesChoice },
): Promise<Erasure> => {
  const { store, clock, grace } = ports;
  const { workspaceId, person } = given;
  const orders = await ordersOf(ports, workspaceId, person);
  if (orders.length === 0) throw new Failure('not_found', 'There is no order of this person in the workspace.');
  refuseWhile(previewOf(orders, await casesOf(ports, workspaceId, orders)), given.cases);

  const orderIds = orders.map(({ _id }) => _id).toSorted();
  const wanted: Erasure = {
    _id: idOf('er', workspaceId, ...orderIds),
    workspaceId,
    orderIds,
    cases: given.cases === 'erase' ? 'erase' : 'keep',
    counts: {},
    state: 'requested',
    createdAtMs: clock.now(),
    doneAtMs: null,
    dueAtMs: clock.now() + grace(),
  };
  const by = { actor, atMs: clock.now(), data: { orders: orderIds } };
  if (await store.erasures.insert(born(erasureMachine, wanted, by))) return wanted;
  await store.erasures.change(wanted._id, { state: 'requested' }, { cases: wanted.cases });
  return getErasure(ports, workspaceId, wanted._id);
};

const getErasure = async ({ store }: Ports, workspaceId: string, erasureId: string): Promise<Erasure> => {
  const found = await store.erasures.find(workspaceId, erasureId);
  if (!found) throw new Failure('not_found', `There is no erasure ${erasureId}.`);
  return found;
};

/**
 * Takes the person of an erasure out of everything that the workspace stores: name, addresses, e-mail and telephone numbers. The figures
 * stay: amounts, goods, times, country. Cut off anywhere, the next run ends it. Backups that were made before still name the person, and
 * so do the storefront, supplier and carrier.
 */
export const runErasure = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, erasureId }: { workspaceId: string; erasureId: string },
): Promise<Erasure> => {
  const { store, clock } = ports;
  const erasure = await getErasure(ports, workspaceId, erasureId);
  if (erasure.state === 'done') return erasure;
  const { orderIds } = erasure;
  const orders = await store.orders.findMany(workspaceId, orderIds);

  // What was told is filed first: then nothing that a document holds is filed after the events were swept.
  while ((await fileEvents(ports, actor, { workspaceId })).more);
  const legs = (
    await Promise.all(orderIds.map((orderId) => store.legs.list(workspaceId, { orderId }, { limit: 1_000 })))
  ).flat();
  const seen = orders.flatMap((order) =>
    order.versions.flatMap(({ changes }) => changes.flatMap(({ from, to }) => [from, to])),
  );
  const { values, telling } = personalValues(
    [...orders.map(({ buyer }) => buyer), ...seen.filter(isBuyer)],
    [
      ...orders.flatMap(({ shipTo, billTo }) => [shipTo, billTo]),
      ...legs.map(({ shipTo }) => shipTo),
      ...seen.filter(isAddress),
    ],
  );
  const redact = redactor(values);
  const counts: Record<string, number> = {};
  const count = (name: string, changed: number): void => {
    if (changed > 0) counts[name] = (counts[name] ?? 0) + changed;
  };

  // What belongs to the orders, whatever it says.
  await store.orderBodies.deleteMany(orderIds);
  for (const orderId of orderIds) {
    const own = legs.filter((leg) => leg.orderId === orderId);
    count(
      'legs',
      await sweep(store.legs, workspaceId, own, (leg) =>
        quiet({ ...redact(leg), shipTo: blank(leg.shipTo), reason: '' }),
      ),
    );
    const packages = await every(store.shipments, workspaceId, orderId);
    count(
      'shipments',
      await sweep(store.shipments, workspaceId, packages, (shipment) => {
        const { label, ...rest } = redact(shipment);
        // The label shows the address; its page is the carrier's.
        return quiet({ ...rest, label: label && label.url !== '' ? { ...label, url: '' } : shipment.label });
      }),
    );
    const returns = await every(store.returns, workspaceId, orderId);
    count('returns', await sweep(store.returns, workspaceId, returns, (one) => quiet({ ...redact(one), reason: '' })));
    const exceptions = await every(store.exceptions, workspaceId, orderId);
    count(
      'exceptions',
      await sweep(store.exceptions, workspaceId, exceptions, (one) => quiet({ ...redact(one), note: '' })),
    );
    for await (const page of pagesOf(store.events, workspaceId, { orderId }))
      count('events', await sweep(store.events, workspaceId, page, (event) => ({ ...event, personal: null })));
  }
  const approvals = await store.approvals.listAny(
    workspaceId,
    'legId',
    legs.map((leg) => leg._id),
  );
  count(
    'approvals',
    await sweep(store.approvals, workspaceId, approvals, (one) => quiet({ ...redact(one), note: '' })),
  );
  if (erasure.cases === 'erase')
    count('cases', await sweep(store.cases, workspaceId, await casesOf(ports, workspaceId, orders), redact));

  // What belongs to nothing of the person's and may still name it.
  const redactTelling = redactor(telling);
  const everywhere = async <T extends Document>(name: string, documents: Documents<T>, where: Partial<T> = {}) => {
    for await (const page of pagesOf(documents, workspaceId, where))
      count(name, await sweep(documents, workspaceId, page, redactTelling));
  };
  await everywhere('exceptions', store.exceptions);
  await everywhere('answers', store.answers);
  await everywhere('inbox', store.inbox);
  await everywhere('returns', store.returns);
  await everywhere('charges', store.charges);
  await everywhere('setAside', store.setAside);
  for await (const page of pagesOf(store.events, workspaceId, { orderId: null }))
    count(
      'events',
      await sweep(store.events, workspaceId, page, (event) =>
        event.personal && redactTelling(event.personal) !== event.personal ? { ...event, personal: null } : event,
      ),
    );

  // The orders last: they say what there is to look for.
  for (const { _id: orderId } of orders)
    await changeOrder(ports, workspaceId, orderId, (current) => {
      if (current.erasedAtMs !== undefined) return null;
      const {
        _id: _,
        workspaceId: __,
        state: ___,
        news: ____,
        newsSeq: _____,
        ...blanked
      } = withoutBuyer(current, redact);
      return noted(
        quiet(current),
        'order.erased',
        { ...blanked, erasedAtMs: clock.now() },
        { actor, atMs: clock.now() },
      );
    });
  count('orders', orders.length);
  // Until its order was blanked the storefront could bring one again.
  await store.orderBodies.deleteMany(orderIds);
  const by = { actor, atMs: clock.now(), data: { documents: counts } };
  const changes = move(erasureMachine, erasure, 'done', { counts, doneAtMs: clock.now(), dueAtMs: null }, by);
  await store.erasures.change(erasureId, { state: erasure.state }, changes);
  return getErasure(ports, workspaceId, erasureId);
};

const isAddress = (value: unknown): value is Address =>
  typeof value === 'object' && value !== null && 'line1' in value && 'country' in value;
const isBuyer = (value: unknown): value is Order['buyer'] =>
  typeof value === 'object' && value !== null && 'externalId' in value && 'email' in value;

/** How long a customer waits whose order is open, until it is looked at again. */
const AGAIN_MS = 86_400_000;

/**
 * The same for a customer whom a storefront asks us to erase. While an order or a case file of theirs is open it is looked at again once
 * a day. Closed case files stay, as the law may ask to keep them.
 */
export const eraseCustomer = async (
  ports: Ports,
  actor: Actor,
  given: { workspaceId: string; connectionId: string; externalId: string },
): Promise<'erased' | 'waits'> => {
  const { store, clock } = ports;
  const { workspaceId, connectionId, externalId } = given;
  const asked = await store.inbox.list(
    workspaceId,
    { subject: customerSubject(connectionId, externalId) },
    { limit: 1_000 },
  );
  // A guest has no id there: then the orders tell who it is.
  const orderIds = asked.flatMap(({ meaning }) => meaning.reference.split(' ').filter((id) => id !== ''));
  const person: PersonRef = { by: 'customer', connectionId, externalId, orders: orderIds };
  const { orders, cases } = await previewErasure(ports, { workspaceId, person });
  const waits = [...orders, ...cases].some(({ open }) => open);
  if (!waits && orders.length > 0) {
    const { _id: erasureId } = await requestErasure(ports, actor, { workspaceId, person, cases: 'keep' });
    await runErasure(ports, actor, { workspaceId, erasureId });
  }
  if (waits) {
    const again = { dueAtMs: clock.now() + AGAIN_MS };
    const waiting = asked.filter(({ state }) => state === 'new');
    await store.inbox.changeMany(waiting.map(({ _id: id }) => ({ id, guard: {}, changes: again })));
  } else await finishDeliveries(ports, asked);
  return waits ? 'waits' : 'erased';
};
