import type { Connection } from '#domain/connection.ts';
import type { Ports } from '../ports.ts';
import { currencyNotices } from '../rate/notices.ts';

/**
 * Keeps in mind which currencies a connection uses, as soon as one becomes known. One that the ECB does not publish is named in the log
 * and, from then on, wherever the connection is shown.
 */
export const noteCurrencies = async (
  ports: Pick<Ports, 'store' | 'clock' | 'rates' | 'log'>,
  connection: Connection,
  seen: readonly (string | null | undefined)[],
): Promise<Connection> => {
  const { _id, workspaceId, name, currencies: known = [] } = connection;
  const currencies = [...new Set([...known, ...seen.filter((currency) => typeof currency === 'string')])];
  if (currencies.length === known.length) return connection;
  // Should another write at the same time, its currency is seen again with what comes next.
  await ports.store.connections.change(_id, {}, { currencies });
  for (const { currency, text } of await currencyNotices(ports, { workspaceId, currencies }))
    ports.log.warn({ connectionId: _id, currency }, `${name}: ${text}`);
  return { ...connection, currencies };
};
