import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { type Leg, type PurchaseLeg, type Unpaid, unpaidOf } from '#domain/leg.ts';
import { fromMinor } from '#domain/money.ts';
import type { PurchaseReport } from '#domain/purchase.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';

/** What is known of a payment that a supplier waits for, after this report; null where it waits for none. */
export const unpaidAfter = (known: Unpaid | null, report: PurchaseReport, nowMs: number): Unpaid | null => {
  if (!report.unpaid) return null;
  const rests = known?.pay === 'byHand' && (known.restsUntilMs ?? 0) > nowMs;
  return {
    amountMinor: report.costMinor ?? known?.amountMinor ?? null,
    currency: report.currency ?? known?.currency ?? null,
    reason: report.reason || (known?.reason ?? ''),
    pay: known === null || (known.pay === 'byHand' && !rests) ? 'none' : known.pay,
    restsUntilMs: rests ? (known?.restsUntilMs ?? null) : null,
  };
};

const sumOf = ({ amountMinor, currency }: Unpaid): string =>
  amountMinor === null || currency === null ? 'its payment' : `${fromMinor(amountMinor, currency)} ${currency}`;

/** Tells of a purchase that its supplier has taken down and nobody has paid; with a step to try again where we can pay it. */
export const openUnpaid = async (
  ports: Ports,
  actor: Actor,
  { connection, leg, unpaid }: { connection: Connection; leg: PurchaseLeg; unpaid: Unpaid },
): Promise<void> => {
  const { workspaceId, _id: legId } = leg;
  await openException(ports, actor, {
    workspaceId,
    cause: 'purchase_unpaid',
    subject: { kind: 'leg', id: legId },
    orderId: leg.orderId,
    detail: `Order ${leg.orderNumber}: ${connection.name} waits for ${sumOf(unpaid)}. ${unpaid.reason}`.trim(),
    retry: ports.gateway.can(connection, 'purchases.pay') ? { job: 'leg.pay', payload: { workspaceId, legId } } : null,
  });
};

/** True where a report says something of the payment that was not told yet. What is told and only goes on is not told again. */
export const isNews = (known: Unpaid | null, unpaid: Unpaid): boolean =>
  known === null || known.reason !== unpaid.reason || (known.pay === 'byHand' && unpaid.pay !== 'byHand');

/** Closes what was told of a payment once the supplier waits for none: it was paid, cancelled or refused. */
export const clearUnpaid = async (ports: Ports, actor: Actor, { workspaceId, _id }: Leg): Promise<void> =>
  clearException(ports, actor, { workspaceId, cause: 'purchase_unpaid', subjectId: _id });

export const sameUnpaid = (one: Unpaid | null, other: Unpaid | null): boolean =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.amountMinor === other.amountMinor &&
    one.currency === other.currency &&
    one.reason === other.reason &&
    one.pay === other.pay &&
    one.restsUntilMs === other.restsUntilMs);

/** Whether a payment is to be made, or may have been: it is looked at soon. */
export const isPaying = (unpaid: Unpaid | null): boolean => unpaid?.pay === 'wanted' || unpaid?.pay === 'sent';

/** The leg with what was said of its payment; null when its supplier waits for none any more. */
export const withPayment = (leg: Leg, changes: Partial<Unpaid>): { unpaid: Unpaid } | null => {
  const unpaid = unpaidOf(leg);
  return unpaid === null ? null : { unpaid: { ...unpaid, ...changes } };
};
