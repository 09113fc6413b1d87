import type { Actor } from '#domain/actor.ts';
import { dayOf, daysBetween, type PlainDate } from '#domain/plain-date.ts';
import { ECB_SCOPE } from '#domain/rate.ts';
import { expectedRateDay } from '#domain/target-days.ts';
import { pagesOf } from '../every-page.ts';
import { clearException, openException } from '../exception/open.ts';
import type { Ports } from '../ports.ts';
import { findRate, newestRateDay, unpublished } from './find.ts';

/** Older than this is told, unless orders are held sooner: then a day before. */
const TELL_AFTER_DAYS = 3;

/** A currency whose rates somebody has to put by hand. */
export interface CurrencyNotice {
  kind: 'currency_unpublished';
  currency: string;
  text: string;
}

/**
 * Those of `currencies` that cannot be converted into the workspace's, or it into them, because the ECB publishes no rate and none was put
 * by hand: to be said where one is first used, before an order is held for it.
 */
export const currencyNotices = async (
  ports: Pick<Ports, 'store' | 'clock' | 'rates'>,
  { workspaceId, currencies }: { workspaceId: string; currencies: readonly string[] },
): Promise<CurrencyNotice[]> => {
  const home = (await ports.store.workspaces.find(workspaceId, workspaceId))?.terms.currency;
  const used = [...new Set(currencies)].filter((currency) => currency !== home);
  if (home === undefined || used.length === 0) return [];
  const unknown = new Set(await unpublished(ports, [home, ...used]));
  const day = dayOf(ports.clock.now());
  const notices = new Map<string, CurrencyNotice>();
  for (const from of unknown.size === 0 ? [] : used) {
    if (!unknown.has(from) && !unknown.has(home)) continue;
    if ((await findRate(ports, { workspaceId, from, to: home, day })).kind !== 'none') continue;
    const currency = unknown.has(from) ? from : home;
    const other = currency === from ? home : from;
    const text = `The ECB publishes no rate of ${currency}: put one by hand, at least every ${ports.rates.maxAgeDays} days (rate put ${currency} ${other} RATE, or POST /v1/rates). Orders that need it are held until then.`;
    notices.set(currency, { kind: 'currency_unpublished', currency, text });
  }
  return [...notices.values()];
};

/** The same for the currencies of all connections of a workspace, and for others. */
export const workspaceCurrencyNotices = async (
  ports: Pick<Ports, 'store' | 'clock' | 'rates'>,
  { workspaceId, also }: { workspaceId: string; also: readonly string[] },
): Promise<CurrencyNotice[]> => {
  const currencies = [...also];
  for await (const page of pagesOf(ports.store.connections, workspaceId, {}))
    for (const { state, currencies: seen = [] } of page) if (state !== 'removed') currencies.push(...seen);
  return currencyNotices(ports, { workspaceId, currencies });
};

export interface RateNotice {
  kind: 'rates_stale';
  source: 'ecb' | 'own';
  newestDay: PlainDate | null;
  ageDays: number;
  text: string;
}

/**
 * What a workspace should know about its rates before an order is held for one: the newest is more than three days old, and a newer one
 * should be there. Where the fetch is on that is the ECB's, which publishes nothing at weekends and on TARGET's closing days: a long
 * weekend is no notice. Where it is off, the workspace's own rates, if it has any.
 */
export const rateNotices = async (
  { store, clock, rates }: Pick<Ports, 'store' | 'clock' | 'rates'>,
  { workspaceId }: { workspaceId: string },
): Promise<RateNotice[]> => {
  const now = clock.now();
  const today = dayOf(now);
  const tellAfter = Math.min(TELL_AFTER_DAYS, rates.maxAgeDays - 1);
  const isEcb = rates.source === 'ecb';
  const newestDay = await newestRateDay({ store, clock }, isEcb ? ECB_SCOPE : workspaceId);
  const source = isEcb ? 'ecb' : 'own';
  if (newestDay === null) {
    if (!isEcb) return [];
    const workspace = await store.workspaces.find(workspaceId, workspaceId);
    const ageDays = workspace ? daysBetween(dayOf(workspace.createdAtMs), today) : 0;
    if (ageDays <= tellAfter) return [];
    const text = `No ECB rate is on file, ${ageDays} days after the workspace was made.`;
    return [{ kind: 'rates_stale', source, newestDay, ageDays, text }];
  }
  const ageDays = daysBetween(newestDay, today);
  if (ageDays <= tellAfter || (isEcb && newestDay >= expectedRateDay(now))) return [];
  const text = `The newest ${isEcb ? 'ECB rate' : 'rate on file'} is ${ageDays} days old (${newestDay}). Orders in other currencies are held when it is more than ${rates.maxAgeDays} days old.`;
  return [{ kind: 'rates_stale', source, newestDay, ageDays, text }];
};

/** Opens the one exception `rates_stale` of a workspace while there is such a notice, and closes it when there is none. */
export const noticeStaleRates = async (
  ports: Ports,
  actor: Actor,
  { workspaceId }: { workspaceId: string },
): Promise<readonly RateNotice[]> => {
  const notices = await rateNotices(ports, { workspaceId });
  const [stale] = notices;
  if (stale)
    await openException(ports, actor, {
      workspaceId,
      cause: 'rates_stale',
      subject: { kind: 'rates', id: stale.source },
      orderId: null,
      detail: stale.text,
      retry: null,
    });
  for (const source of ['ecb', 'own'] as const)
    if (stale?.source !== source)
      await clearException(ports, actor, { workspaceId, cause: 'rates_stale', subjectId: source });
  return notices;
};
