import type { Actor } from '#domain/actor.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { legIdOf, reservationKey } from '#domain/ids.ts';
import { LEG_MACHINES, type Leg, type LegLine, newLeg, newLegLine } from '#domain/leg.ts';
import { born } from '#domain/move.ts';
import type { Terms } from '#domain/offer.ts';
import type { Order } from '#domain/order.ts';
import { MODES, type OfferedLine } from '#modes';
import type { Ports } from '../ports.ts';
import { converterFor } from '../rate/converter.ts';
import { applyStock } from '../stock/apply.ts';
import { freeId } from './reserve.ts';

export interface WrittenLegs {
  /** Legs that have still to be moved on. */
  legIds: string[];
  /** … and those of them that lack nothing, and go to their supplier. */
  submitIds: string[];
}

/** Nobody has to agree to it, as far as the rates on file tell. */
const needsNoApproval = (leg: Leg, terms: Terms | null, convert: ReturnType<typeof converterFor>): boolean => {
  if (terms === null) return false;
  try {
    return MODES[leg.mode].approvals(leg, terms, convert).length === 0;
  } catch (error) {
    if (isFailure(error, 'no_row')) return false;
    throw error;
  }
};

/** A leg that nobody has to agree to and that lacks nothing starts where it would have been moved to at once. */
const withFirstState = (leg: Leg, free: boolean): Leg => {
  if (!free) return leg;
  if (leg.kind === 'work') return { ...leg, state: 'awaiting', waitsFor: 'factory', dueAtMs: null };
  const whole = leg.kind === 'fulfilment' && leg.lines.every((line) => line.ready);
  return whole ? { ...leg, state: 'accepted', dueAtMs: null } : leg;
};

/** What a shelf held when the plan was made is ready from the start; nobody can take it since. */
const legLine = (line: OfferedLine, set: number, short: ReadonlySet<string>): LegLine =>
  newLegLine({
    lineId: line.id,
    externalId: line.externalId,
    sku: line.offer.sku,
    title: line.title,
    quantity: line.quantity,
    totalMinor: line.totalMinor,
    externalSku: line.offer.externalSku || line.offer.sku,
    unitCost: line.offer.unitCost,
    reservation: reservationKey(line.id, set),
    ready: MODES[line.offer.mode].shelf !== null && !short.has(line.id),
  });

/**
 * A rival run may have held what this plan lets be made, or may still come to: the plan that was saved decides, and nothing is reserved for
 * these lines under its set any more. Before the legs are written down, so that nothing made for them goes back.
 */
const releaseMade = async (ports: Ports, order: Order, legs: readonly Leg[]): Promise<void> => {
  const work = legs.filter(({ kind }) => kind === 'work');
  if (work.length === 0) return;
  const ids = work.map(({ _id }) => _id);
  const there = new Set((await ports.store.legs.findMany(order.workspaceId, ids)).map(({ _id }) => _id));
  await applyStock(
    ports,
    order.workspaceId,
    work
      .filter(({ _id }) => !there.has(_id))
      .flatMap((leg) =>
        leg.lines.map((line) => ({
          location: leg.location,
          sku: line.sku,
          op: {
            kind: 'release' as const,
            id: freeId(line.reservation),
            key: line.reservation,
            quantity: line.quantity,
            reference: order.number,
            last: true,
          },
        })),
      ),
  );
};

/** The legs of the saved plan, made once: from the plan and nothing else, whoever writes them down. */
export const writeLegs = async (ports: Ports, actor: Actor, order: Order): Promise<WrittenLegs> => {
  const { store, clock } = ports;
  const { plan } = order;
  if (!plan) throw new Failure('bug', `order ${order._id} has no plan`);
  const nowMs = clock.now();
  const short = new Set(plan.short);
  const lineOf = new Map(order.lines.map((line) => [line.id, line]));
  const workspace = await ports.cached.workspace(order.workspaceId);
  const terms = workspace?.terms ?? null;
  const convert = converterFor(order);
  const made = plan.legs.map((planned, index) => {
    const own = planned.items.flatMap(({ lineId, quantity, totalMinor }): OfferedLine[] => {
      const line = lineOf.get(lineId);
      if (!line?.offer) return [];
      return [{ id: lineId, externalId: line.externalId, title: line.title, quantity, totalMinor, offer: line.offer }];
    });
    const leg = newLeg({
      _id: legIdOf(order._id, plan.number, index),
      workspaceId: order.workspaceId,
      kind: planned.kind,
      mode: planned.mode,
      partner: planned.partner,
      location: planned.location,
      currency: order.currency,
      costCurrency: own[0]?.offer.currency ?? order.currency,
      shipTo: order.shipTo,
      lines: own.map((line) => legLine(line, plan.unitSet, short)),
      dueAtMs: nowMs + ports.grace(),
      atMs: nowMs,
      order: {
        _id: order._id,
        number: order.number,
        connectionId: order.connectionId,
        externalId: order.externalId,
        plan: plan.number,
      },
    });
    const free = needsNoApproval(leg, terms, convert);
    return { leg: withFirstState(leg, free), free };
  });
  const by = { actor, atMs: nowMs };
  await releaseMade(
    ports,
    order,
    made.map(({ leg }) => leg),
  );
  await store.legs.insertMany(made.map(({ leg }) => born(LEG_MACHINES[leg.kind], leg, by)));
  // From here on each leg looks after itself.
  if (order.dueAtMs !== null) await store.orders.change(order._id, { version: order.version }, { dueAtMs: null });
  const open = made.filter(({ leg }) => leg.state === 'planned');
  const goes = ({ leg, free }: (typeof made)[number]) => leg.kind === 'purchase' && free;
  return {
    legIds: open.filter((one) => !goes(one)).map(({ leg }) => leg._id),
    submitIds: open.filter(goes).map(({ leg }) => leg._id),
  };
};
