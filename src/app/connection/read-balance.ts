import type { Actor } from '#domain/actor.ts';
import type { Connection } from '#domain/connection.ts';
import { Failure, isFailure } from '#domain/failure.ts';
import { fromMinor } from '#domain/money.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { convertMoney } from '../rate/convert.ts';
import { readyConnection } from '../usable-connection.ts';
import { dailyCost, WINDOW_DAYS } from './daily-cost.ts';
import type { ConnectionRef } from './ref.ts';

/** How many of the newest legs tell what a day costs. */
const MOST_LEGS = 2_000;

/** What a day of purchases there costs, in this currency at today's rates. What has no rate today is left out. */
const dailyCostAt = async (ports: Ports, connection: Connection, to: string): Promise<number> => {
  const { workspaceId, _id: partner } = connection;
  const nowMs = ports.clock.now();
  const legs = await ports.store.legs.recent(workspaceId, MOST_LEGS);
  const complete = legs.length < MOST_LEGS;
  const day = new Date(nowMs).toISOString().slice(0, 10);
  let sum = 0;
  for (const currency of new Set(legs.map(({ costCurrency }) => costCurrency))) {
    const amount = dailyCost(legs, { partner, currency, nowMs, complete });
    if (amount === 0) continue;
    try {
      sum += (await convertMoney(ports, { workspaceId, amount, from: currency, to, day })).to.amount;
    } catch (error) {
      if (!isFailure(error, 'no_row')) throw error;
    }
  }
  return sum;
};

/**
 * Reads what is left at a supplier to pay with. It warns before that runs out: below what a day of purchases costs, or below what the
 * settings say. An exception and not a mark of the connection, for somebody has to act before the next purchase is refused. Throws
 * `conflict` for a supplier that does not tell.
 */
export const readBalance = async (
  ports: Ports,
  actor: Actor,
  { workspaceId, connectionId }: ConnectionRef,
): Promise<Connection> => {
  const { store, gateway, clock } = ports;
  const stored = await store.connections.find(workspaceId, connectionId);
  const connection = await readyConnection(ports, stored, connectionId);
  if (!gateway.can(connection, 'balance.read'))
    throw new Failure('conflict', `${connection.name} does not tell what is left there to pay with`);
  const { amountMinor, currency, warnBelowMinor } = await gateway.call(connection, 'balance.read', {});
  const nowMs = clock.now();
  const balance = { amountMinor, currency, atMs: nowMs };
  await store.connections.change(connectionId, {}, { balance });
  const daily = await dailyCostAt(ports, connection, currency);
  const text = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
  const why =
    warnBelowMinor !== null && amountMinor < warnBelowMinor
      ? `the settings ask for ${text(warnBelowMinor)}`
      : amountMinor < daily
        ? `a day of purchases costs ${text(daily)} on the mean of ${WINDOW_DAYS} days, without postage`
        : null;
  if (why === null) await clearException(ports, actor, { workspaceId, cause: 'balance_low', subjectId: connectionId });
  else
    await openException(ports, actor, {
      workspaceId,
      cause: 'balance_low',
      subject: { kind: 'connection', id: connectionId },
      orderId: null,
      detail: `${connection.name}: ${text(amountMinor)} are left, and ${why}.`,
      retry: null,
    });
  return { ...connection, balance };
};
