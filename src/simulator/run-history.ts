import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { startActors } from './actors.ts';
import { apiClient } from './api-client.ts';
import { type Item, openBusiness, putOnSale } from './business.ts';
import { allCounts, type CountsByProcess, readCounts } from './call-counts.ts';
import { classify } from './history/classify.ts';
import { checkReport, type Report } from './history/figures.ts';
import { planStory, type StoryEvent } from './history/plan-story.ts';
import { readHistory, type Span } from './history/read-history.ts';
import { startProduct } from './product.ts';
import { makeReport } from './report.ts';
import { openWorld } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface HistoryOptions {
  history: string;
  span: Span;
  folder: string;
  fresh: boolean;
  say(line: string): void;
  signal: AbortSignal;
}

/** How the story's time runs: fast while the product keeps up, slowly while it does not, so that limits still refill. */
const PACE = { running: 2_400, waiting: 120 } as const;
/** Work under way, over webhooks, queues and orders, at which the story waits. */
const MOST_WAITING = 400;
/** Real time without anything moving after which the end is called quiet. */
const QUIET_MS = 4_000;
/** … and after which what is still open is given up and reported as open. */
const STUCK_MS = 120_000;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

const peakOf = (pid: number): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/** The things that are sold or counted in the file, each with the first title and price it has. */
const readCatalogue = async (
  history: string,
  span: Span,
): Promise<{ items: Item[]; rows: number; firstRow: number; startMs: number }> => {
  const items = new Map<string, Item>();
  let rows = 0;
  let firstRow = 1;
  let startMs = Number.POSITIVE_INFINITY;
  for await (const row of readHistory(history, span)) {
    if (rows === 0) firstRow = row.row;
    rows += 1;
    startMs = Math.min(startMs, row.atMs);
    const { kind } = classify(row);
    if ((kind === 'sale' || kind === 'stock') && (!items.has(row.code) || items.get(row.code)?.title === ''))
      items.set(row.code, { sku: row.code, title: row.description, price: row.unitPrice });
  }
  return { items: [...items.values()], rows, firstRow, startMs };
};

/**
 * Plays a history through the product and gives the report. What has been played is kept with the world, in the same transaction as
 * what it did there: after any kill it goes on where it was.
 */
export const runHistory = async (options: HistoryOptions): Promise<{ report: Report; problems: string[] }> => {
  const { history, span, folder, say, signal } = options;
  const stamp = JSON.stringify({ file: path.basename(history), ...span });
  if (options.fresh) rmSync(folder, { recursive: true, force: true });

  say(`Reading ${path.basename(history)} …`);
  const { items, rows, firstRow, startMs } = await readCatalogue(history, span);
  if (rows === 0) throw new Error(`${history} has no rows in that span: check --from and --to.`);
  const world = await openWorld({
    folder,
    startMs: startMs - HOUR_MS,
    rate: PACE.waiting,
    suppliersShipAfterMs: DAY_MS,
  });
  const known = world.facts.get('history');
  if (known !== null && known !== stamp) {
    await world.close();
    throw new Error(
      `${folder} holds another history (${known}): give --fresh to start anew, or --folder for another place.`,
    );
  }
  world.facts.put('history', stamp);

  const started = performance.now();
  const spentBefore = Number(world.facts.get('run.ms') ?? 0);
  const spent = () => spentBefore + performance.now() - started;
  let peakMb = Number(world.facts.get('run.peakMb') ?? 0);
  let counts: CountsByProcess = JSON.parse(world.facts.get('run.calls') ?? '{}');
  say('Starting the product …');
  const product = await startProduct({
    folder: path.join(folder, 'product'),
    world,
    log: path.join(folder, 'product.log'),
    onRestart: () => say('The product ended; it is started again.'),
  });
  say(`The product runs at ${product.url}, process ${product.pid()}`);
  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, signal]);
  try {
    const client = (key: () => string) => apiClient({ url: () => product.url, key, signal: ended });
    const api = client(product.key);
    const business = await openBusiness(world, api, product.url, { pollEveryMinutes: 24 * 60 });
    if (world.facts.get('onSale') === null) {
      await putOnSale(world, api, business, items, (done) => say(`Putting on sale: ${done} of ${items.length} items`));
      world.facts.put('onSale', 'yes');
    }
    const { keys } = business;
    const actors = startActors(
      {
        merchant: api,
        warehouse: client(() => keys.warehouse),
        factory: client(() => keys.factory),
        principal: client(() => keys.principal),
      },
      {
        restMs: 1_000,
        signal: ended,
        onError: (actor, error) => say(`${actor}: ${error instanceof Error ? error.message : String(error)}`),
      },
    );

    const depth = async (): Promise<number> => {
      const text = await fetch(`${product.url}/metrics`, { signal: AbortSignal.timeout(20_000) }).then(
        (response) => response.text(),
        () => '',
      );
      counts = readCounts(counts, text);
      const open = [...text.matchAll(/^crossdock_queue_\w+\{[^}]*\} (\d+)/gm)].reduce(
        (sum, match) => sum + Number(match[1]),
        0,
      );
      return (
        (text === '' ? MOST_WAITING : open) +
        world.storefronts.reduce((sum, { world: shop }) => sum + shop.webhooks().waiting, 0)
      );
    };
    let waiting = 0;
    const watch = (async () => {
      while (!ended.aborted) {
        waiting = await depth();
        peakMb = Math.max(peakMb, peakOf(process.pid), peakOf(product.pid()));
        world.facts.put('run.ms', String(Math.round(spent())));
        world.facts.put('run.peakMb', String(Math.round(peakMb)));
        world.facts.put('run.calls', JSON.stringify(counts));
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();

    const story = planStory(readHistory(history, span), {
      storefronts: world.storefronts.map(({ place }) => ({ negativeFees: place === 'woocommerce' })),
    });
    const done = Number(world.facts.get('events') ?? 0);
    const shopOf = (index: number) => world.storefronts[index]?.world ?? world.storefronts[0]?.world;
    const play = async (event: StoryEvent, index: number): Promise<void> => {
      const at = new Date(event.atMs).toISOString();
      switch (event.kind) {
        case 'order':
          world.db.transaction(() => {
            shopOf(event.storefront)?.placeOrder(event.order);
            world.facts.put('events', String(index + 1));
          });
          return;
        case 'refund':
          world.db.transaction(() => {
            shopOf(event.storefront)?.refund({
              orderReference: event.orderReference,
              reference: event.reference,
              lineKey: event.lineKey,
              quantity: event.quantity,
              totalMinor: event.totalMinor,
              atMs: event.atMs,
            });
            world.facts.put('events', String(index + 1));
          });
          return;
        case 'charge':
          await api.post('/v1/charges', {
            charges: [
              {
                reference: event.reference,
                code: event.code,
                title: event.title,
                quantity: event.quantity,
                totalMinor: event.totalMinor,
                currency: 'GBP',
                at,
              },
            ],
          });
          break;
        case 'stock':
          await api.post('/v1/stock/movements', {
            // Without a location it is the shelf of the SKU's own offer.
            movements: [{ sku: event.sku, kind: 'adjust', quantity: event.quantity, reference: event.reference }],
          });
          break;
        case 'return_unmatched':
          await api.post('/v1/returns', {
            reference: event.reference,
            sku: event.code,
            quantity: event.quantity,
            totalMinor: event.totalMinor,
            currency: 'GBP',
            reason: event.title,
            ...(event.customer === null || event.customer === '' ? {} : { customer: event.customer }),
          });
          break;
      }
      world.facts.put('events', String(index + 1));
    };

    let index = 0;
    let told = performance.now();
    const playStarted = performance.now();
    let first: number | null = null;
    for await (const event of story.events) {
      if (index < done) {
        index += 1;
        continue;
      }
      first ??= event.row;
      ended.throwIfAborted();
      while (waiting > MOST_WAITING) {
        world.clock.setRate(PACE.waiting);
        ended.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      world.clock.setRate(PACE.running);
      // A pause of the story is not waited for, but walked through in steps, so that what falls due in it does.
      for (let now = world.clock.clock.now(); now < event.atMs; now = world.clock.clock.now()) {
        world.clock.advanceTo(Math.min(event.atMs, now + 30 * 60_000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await play(event, index);
      index += 1;
      waiting += 1;
      if (performance.now() - told > 5_000) {
        told = performance.now();
        const rate = ((event.row - first) / (told - playStarted)) * 1_000;
        const at = event.row - firstRow + 1;
        say(
          `Row ${at} of ${rows} · ${day(event.atMs)} · ${rate.toFixed(0)} rows/s · about ${Math.ceil((rows - at) / Math.max(1, rate) / 60)} min left · ${waiting} under way`,
        );
      }
    }

    say('The story is told; waiting until all is quiet …');
    world.clock.setRate(PACE.running);
    let still = performance.now();
    let moved = performance.now();
    let before = -1;
    // On a busy machine the next poll may be late: nothing that was placed is left out.
    const placed = () =>
      world.sandboxes.shopify.effects('orders').length + world.sandboxes.woocommerce.effects('orders').length;
    for (;;) {
      ended.throwIfAborted();
      const { open, received } = (await api.get('/v1/reports/orders')) as { open: number; received: number };
      if (open !== before || waiting > 0) still = performance.now();
      if (open !== before) moved = performance.now();
      before = open;
      // What does not move for long while its days go by will not move at all: it is reported as open.
      if (
        (open === 0 && performance.now() - still > QUIET_MS && received >= placed()) ||
        performance.now() - moved > STUCK_MS
      )
        break;
      if (performance.now() - told > 5_000) {
        told = performance.now();
        say(`${open} orders open, ${waiting} under way, ${day(world.clock.clock.now())}`);
      }
      // Nothing is under way: what is still open waits for a day to come.
      if (open > 0 && waiting < MOST_WAITING / 10) world.clock.advanceTo(world.clock.clock.now() + HOUR_MS);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const figures = story.figures();
    const seconds = Math.round(spent() / 100) / 10;
    say('Reading back through the API …');
    await depth();
    const perSecond = (count: number) => Math.round((count / seconds) * 10) / 10;
    const report = await makeReport(world, api, figures, business.connections, {
      seconds,
      linesPerSecond: perSecond(figures.rows),
      ordersPerSecond: perSecond(figures.sale.orders),
      peakRssMb: Math.round(peakMb),
      ...allCounts(counts),
    });
    stop.abort();
    await Promise.allSettled([actors.done, watch]);
    return { report, problems: checkReport(report) };
  } finally {
    stop.abort();
    await product.close();
    await world.close();
  }
};
