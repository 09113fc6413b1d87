import type { Actor } from '#domain/actor.ts';
import type { Address } from '#domain/address.ts';
import { chooseCarrier, isUsable, waitFor } from '#domain/carrier.ts';
import type { Connection } from '#domain/connection.ts';
import { needsCustoms } from '#domain/customs.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import type { Leg } from '#domain/leg.ts';
import { type Location, shippingAddress } from '#domain/location.ts';
import { move } from '#domain/move.ts';
import type { Order } from '#domain/order.ts';
import { buyersTaxIds } from '#domain/order-facts.ts';
import { type LabelRequest, type Shipment, shipmentMachine } from '#domain/shipment.ts';
import { variantId } from '#domain/variant.ts';
import { clearBlock, findBlock, RECHECK_MS, reportBlock } from '../case/block.ts';
import { changeShipment } from '../change.ts';
import { noteCurrencies } from '../connection/note-currencies.ts';
import { clearException, openException } from '../exception/open.ts';
import { findLocation, getLeg, getOrder, getShipment } from '../get.ts';
import { shipToOf } from '../leg/submit.ts';
import { addressOfLocation } from '../location/address.ts';
import { askToProceed } from '../order/ask-to-proceed.ts';
import { clearLegHold, setLegHold } from '../order/leg-hold.ts';
import type { Ports } from '../ports.ts';
import { withAccount } from '../usable-connection.ts';
import { countOrVoid } from './count.ts';
import { type LabelFacts, labelFacts, skusOf } from './label-facts.ts';
import { reportTrouble, STEP } from './report-trouble.ts';

export interface Labelled {
  shipment: Shipment;
  /** The order was found to have changed: that is taken in first. */
  reconcile: boolean;
}

/** The facts of a package's label as they are now, for an order and a location as they were read. */
const factsNow = async (
  ports: Ports,
  leg: Leg,
  shipment: Shipment,
  { to, location }: { to: Address; location: Location | null },
): Promise<LabelFacts> => {
  const { workspaceId } = leg;
  const from = shippingAddress(location);
  const asks = from !== null && needsCustoms(from, to);
  const variants = asks
    ? await ports.store.variants.findMany(
        workspaceId,
        skusOf(leg).map((sku) => variantId(workspaceId, sku)),
      )
    : [];
  return labelFacts(leg, shipment, { from, to, variants: new Map(variants.map((variant) => [variant.sku, variant])) });
};

/** The leg's holds for what only it lacks, in line with the facts. */
const settleHolds = async (ports: Ports, actor: Actor, order: Order, leg: Leg, facts: LabelFacts): Promise<void> => {
  const held = facts.kind === 'held' ? facts.hold : null;
  let current = order;
  for (const code of ['address', 'product'] as const)
    if (held?.code !== code) current = await clearLegHold(ports, actor, current, code, leg._id);
  if (!held) return;
  if (held.code === 'address')
    await addressOfLocation(ports, actor, { workspaceId: leg.workspaceId, code: leg.location });
  await setLegHold(ports, actor, current, { ...held, legId: leg._id });
};

type Chosen = { connection: Connection } | { waitsFor: 'live' | 'carrier' };

/**
 * Who is asked for the label: the one that was asked before, else by the location's rule. A carrier that cannot be asked now makes the
 * package wait; another never takes its work unseen.
 */
const findCarrier = async (
  ports: Ports,
  actor: Actor,
  shipment: Shipment,
  { code, location }: { code: string; location: Location | null },
): Promise<Chosen> => {
  const { workspaceId } = shipment;
  const remembered = await ports.cached.connectionsOf(workspaceId, 'logistics');
  // As they are now: one that was paused a moment ago is asked for nothing any more.
  const all = await ports.store.connections.findMany(
    workspaceId,
    remembered.map(({ _id }) => _id),
  );
  const asked = all.find(({ _id }) => _id === shipment.carrierId);
  const choice = asked
    ? isUsable(asked)
      ? { kind: 'carrier' as const, connectionId: asked._id }
      : waitFor(asked)
    : shipment.carrierId === null
      ? chooseCarrier(all, location ?? { code, carriers: [], fallback: false })
      : {
          kind: 'none' as const,
          why: 'the carrier that was asked for its label is gone: void the package and pack it anew',
        };
  switch (choice.kind) {
    case 'carrier': {
      const connection = all.find(({ _id }) => _id === choice.connectionId);
      if (!connection) throw new Failure('bug', `no connection ${choice.connectionId}`);
      if (shipment.waitsFor === 'carrier')
        await clearException(ports, actor, { workspaceId, cause: 'carrier_ambiguous', subjectId: code });
      return { connection: await withAccount(ports, connection) };
    }
    case 'waits':
      ports.log.info({ shipmentId: shipment._id, why: choice.why }, 'label.waits');
      return { waitsFor: choice.for };
    case 'ambiguous':
      await openException(ports, actor, {
        workspaceId,
        cause: 'carrier_ambiguous',
        subject: { kind: 'location', id: code },
        orderId: null,
        detail: choice.why,
        retry: null,
      });
      return { waitsFor: 'carrier' };
    case 'none':
      await reportTrouble(ports, actor, shipment, 'label_refused', choice.why);
      throw new Failure('rejected', choice.why);
  }
};

/**
 * Gives a package its label, from fresh facts: bought once under the shipment's id, adopted when it was bought before, and not while
 * the order may not proceed, a case holds it back, its location has no address or a customs form lacks a fact. It is sent from the
 * location of its leg, by that location's carrier. A package that came with tracking needs none.
 */
export const labelShipment = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, shipmentId }: { workspaceId: string; shipmentId: string },
): Promise<Labelled> => {
  const { clock, gateway } = ports;
  const shipment = await getShipment(ports, workspaceId, shipmentId);
  const as = (one: Shipment): Labelled => ({ shipment: one, reconcile: false });
  if (shipment.state !== 'planned' || shipment.voiding) return as(shipment);
  const leg = await getLeg(ports, workspaceId, shipment.legId);
  if (!(await countOrVoid(ports, actor, shipment, { leg })))
    return as(await getShipment(ports, workspaceId, shipmentId));
  if (shipment.parcel === null || shipment.tracking !== null) return as(shipment);
  const wait = (waitsFor: NonNullable<Shipment['waitsFor']>, dueAtMs: number | null) =>
    changeShipment(ports, workspaceId, shipmentId, (current) =>
      current.state === 'planned' ? { waitsFor, dueAtMs } : null,
    );
  const held = () => wait('hold', clock.now() + RECHECK_MS);
  const { location: code } = leg;
  const locationNow = () => findLocation(ports, workspaceId, code);
  // A hold of the leg's own would shut the question that follows, also when its fact has been entered since.
  if (shipment.waitsFor === 'hold') {
    const order = await getOrder(ports, workspaceId, shipment.orderId);
    const shipTo = shipToOf(order);
    if (shipTo) {
      const known = await factsNow(ports, leg, shipment, { to: shipTo, location: await locationNow() });
      await settleHolds(ports, actor, order, leg, known);
    }
  }
  const answer = await askToProceed(ports, actor, { workspaceId, orderId: shipment.orderId, legId: leg._id });
  if (answer.kind === 'reconcile') return { shipment: await held(), reconcile: true };
  if (answer.kind === 'wait') return as(await wait(answer.waitsFor, answer.dueAtMs ?? clock.now() + RECHECK_MS));
  const to = shipToOf(answer.order);
  if (to === null) return as(await held());
  const location = await locationNow();
  const facts = await factsNow(ports, leg, shipment, { to, location });
  if (facts.kind === 'held') {
    await settleHolds(ports, actor, answer.order, leg, facts);
    const waiting = await held();
    // Entered while this was written down: whoever entered it saw no package that waits.
    const again = await factsNow(ports, leg, shipment, { to, location: await locationNow() });
    return as(again.kind === 'ready' ? await wait('hold', clock.now() + ports.grace()) : waiting);
  }
  const block = await findBlock(ports, workspaceId, 'dispatch', { orderId: shipment.orderId });
  if (block) {
    const waiting = await changeShipment(ports, workspaceId, shipmentId, (current) =>
      current.state === 'planned' ? { troubled: true, waitsFor: 'case', dueAtMs: clock.now() + RECHECK_MS } : null,
    );
    const retry = { job: STEP.label_refused, payload: { workspaceId, shipmentId } };
    await reportBlock(ports, actor, block, { kind: 'shipment', id: shipmentId }, retry);
    return as(waiting);
  }
  const chosen = await findCarrier(ports, actor, shipment, { code, location });
  if ('waitsFor' in chosen) {
    const waiting = await wait(chosen.waitsFor, clock.now() + RECHECK_MS);
    // Resumed, or named, while this was written down.
    const again = await findCarrier(ports, actor, shipment, { code, location: await locationNow() });
    return as('connection' in again ? await wait(chosen.waitsFor, clock.now() + ports.grace()) : waiting);
  }
  const { connection } = chosen;
  // Written down before the call: a repeat and a void ask the same carrier.
  const given = await changeShipment(
    ports,
    workspaceId,
    shipmentId,
    (current) =>
      current.state === 'planned' && !current.voiding && current.carrierId !== connection._id
        ? { carrierId: connection._id }
        : null,
    shipment,
  );
  if (given.state !== 'planned' || given.carrierId !== connection._id) return as(given);
  const { from, contents } = facts;
  const request: LabelRequest = {
    reference: shipmentId,
    from,
    to,
    parcel: shipment.parcel,
    contents,
    taxIds: contents === null ? [] : buyersTaxIds(answer.order),
    service: null,
  };
  try {
    const label = await gateway.call(connection, 'labels.buy', { request });
    await noteCurrencies(ports, connection, [label.currency]);
    const labelled = await changeShipment(
      ports,
      workspaceId,
      shipmentId,
      (current) =>
        current.state === 'planned'
          ? move(
              shipmentMachine,
              current,
              'labelled',
              {
                counted: true,
                tracking: label.tracking,
                waitsFor: null,
                label: {
                  connectionId: connection._id,
                  externalId: label.externalId,
                  costMinor: label.costMinor,
                  currency: label.currency,
                  url: label.url,
                },
                dueAtMs: clock.now() + ports.grace(),
              },
              { actor, atMs: clock.now() },
            )
          : null,
      given,
    );
    if (shipment.troubled) {
      await clearException(ports, actor, { workspaceId, cause: 'label_refused', subjectId: shipmentId });
      await clearBlock(ports, actor, workspaceId, shipmentId);
    }
    return as(labelled);
  } catch (error) {
    if (isFailure(error, 'rejected')) {
      // Nothing was bought: whoever the location names then may be asked.
      await changeShipment(ports, workspaceId, shipmentId, (current) =>
        current.state === 'planned' ? { carrierId: null } : null,
      );
      await reportTrouble(ports, actor, shipment, 'label_refused', error.message);
    }
    throw error;
  }
};
