import { type StorefrontWorld, seeded } from '#kit/sandbox';
import { SHELVES } from '#simulator/business.ts';
import { LEEDS } from '../support/addresses.ts';
import { labelsSold, purchasesAtCj, purchaseUnder, soldAt } from '../support/books.ts';
import { ITEMS, itemOf, type Whole } from '../support/shop.ts';
import { openStand, type Stand, until } from '../support/stand.ts';
import { defineServerLaw } from './law.ts';
import { PROPERTY_LIMIT_MS, SEEDS_IN_TESTS } from './limits.ts';
import { CELLS, type Cell, expectedOf, nameOf, type Outcome, wasSent } from './orders-as-they-are.table.ts';

/** Orders that a seed places and takes to their ends, all at once: what takes time is the waiting. */
const AT_ONCE = 3;
/** Coprime to the number of cells: the walk reaches each once before it reaches one again, and neighbours differ. */
const STRIDE = 383;
const OPENING = 10_000_000;
const PARCEL = { weightGrams: 900, lengthMm: 300, widthMm: 200, heightMm: 150 };
const LOOK_EVERY_MS = 100;

interface Running {
  stand: Stand;
  reached: Map<string, number>;
  /** Units that have left the shelf, by SKU, and packages that have left under our label. */
  left: Map<string, number>;
  labels: number;
  /** How many units are to be live at CJ for each buyer of an order that is over. */
  ended: Map<string, number>;
}

/** One order of one cell: what the table does not say about it comes from the seed. */
interface Plan {
  cell: Cell;
  comes: Outcome;
  reference: string;
  buyer: string;
  /** From CJ. */
  bought: { sku: string; price: string; quantity: number };
  /** From our shelf. */
  stored: { sku: string; price: string; quantity: number };
  refundOf: 'bought' | 'stored';
  label: boolean;
  /** The supplier that was asked in vain cancels in the end, or sends it all the same. */
  givesWay: boolean;
  startsAuthorised: boolean;
}

const cellOf = (index: number): Cell => {
  const cell = CELLS[(index * STRIDE) % CELLS.length];
  if (!cell) throw new Error('there are no cells');
  return cell;
};

const planOf = (seed: number, nth: number): Plan => {
  const cell = cellOf(seed * AT_ONCE + nth);
  const draw = seeded(seed * AT_ONCE + nth);
  const one = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(draw() * of.length)] ?? of[0];
  const reference = `law-${seed}-${nth}`;
  const { sku, price } = itemOf('oem_dropship', one([0, 1, 2, 3]));
  const shelf = itemOf('wholesale', one([0, 1, 2, 3]));
  return {
    cell,
    comes: expectedOf(cell),
    reference,
    buyer: `Law ${seed}-${nth}`,
    bought: { sku: cell.moment === 'unmapped' ? `${sku}-${reference}` : sku, price, quantity: one([3, 4, 5]) },
    stored: { sku: shelf.sku, price: shelf.price, quantity: one([3, 4, 5]) },
    refundOf: one(['bought', 'stored']),
    label: one([true, false]),
    givesWay: one([true, false]),
    startsAuthorised: one([true, false]),
  };
};

const BOUGHT = 'bought';
const STORED = 'stored';
const keyOf = ({ reference }: Plan, line: typeof BOUGHT | typeof STORED): string => `${reference}#${line}`;
const minorOf = ({ price, quantity }: Plan['bought'], units = quantity): number =>
  Math.round(Number(price) * 100) * units;
const totalOf = ({ bought, stored }: Plan): number => minorOf(bought) + minorOf(stored);
/** A parcel of CJ's that has left cannot be sent by the shop as well: there the shop sends from the shelf. */
const elsewhereOf = ({ cell }: Plan) => (cell.moment === 'partly_by_supplier' ? STORED : BOUGHT);
/** Units of a line that one change takes off it. */
const lostOf = (plan: Plan, line: typeof BOUGHT | typeof STORED): number =>
  (plan.cell.elsewhere === 'part' && elsewhereOf(plan) === line ? 1 : 0) +
  (plan.cell.refund === 'unit' && plan.refundOf === line ? 1 : 0);

/** How the payment starts, what is done to it, and whether a person has to let the order go so that it is sent unpaid. */
const paymentOf = (
  { cell, startsAuthorised }: Plan,
  shop: StorefrontWorld,
): {
  start: 'paid' | 'pending' | 'authorised';
  act: ((at: { orderReference: string }, half: number) => void) | null;
} => {
  switch (cell.payment) {
    case 'paid':
      return cell.moment === 'waiting' ? { start: 'pending', act: shop.pay } : { start: 'paid', act: null };
    case 'pending':
      return { start: 'pending', act: null };
    case 'authorised':
      return { start: 'authorised', act: null };
    case 'on_hold':
      return { start: wasSent(cell) ? 'paid' : 'pending', act: shop.hold };
    case 'partly_paid':
      return { start: 'pending', act: (at, half) => shop.pay({ ...at, amountMinor: half }) };
    case 'failed':
      return { start: 'pending', act: shop.fail };
    case 'voided':
      return { start: 'authorised', act: shop.void };
    case 'expired':
      return { start: startsAuthorised ? 'authorised' : 'pending', act: shop.expire };
  }
};

/** What is open; that a purchase which nobody has paid yet waits for it is no trouble while it does. */
const causesOf = ({ exceptions, legs }: Whole): string[] => {
  const waits = (legId: string) => legs.some(({ id, waitsFor }) => id === legId && waitsFor === 'payment');
  return exceptions
    .filter(({ state, cause, subject }) => state === 'open' && !(cause === 'purchase_unpaid' && waits(subject.id)))
    .map(({ cause }) => cause)
    .toSorted();
};
const isOver = ({ order }: Whole): boolean => order.state === 'closed' || order.state === 'cancelled';
const sentLeg = ({ legs }: Whole) => legs.find((leg) => leg.kind === 'purchase' && leg.externalId !== '');
const shelfLeg = ({ legs }: Whole) => legs.find((leg) => leg.kind === 'fulfilment');
const openOn = (leg: Whole['legs'][number]): { lineId: string; quantity: number }[] =>
  leg.lines.flatMap((line) => {
    const quantity = line.quantity - line.cancelled - line.shipped;
    return quantity > 0 ? [{ lineId: line.lineId, quantity }] : [];
  });

/** Everything that happens to one order, from its checkout to its end. Throws when something comes of it that the table does not say. */
const live = async (running: Running, plan: Plan): Promise<void> => {
  const { stand } = running;
  const { world, api } = stand;
  const { cell, comes, reference, bought, stored } = plan;
  const at = { orderReference: reference };
  const shop =
    world.storefronts.find(({ place }) => place === cell.shop)?.world ??
    (() => {
      throw new Error(`there is no ${cell.shop}`);
    })();
  const { start, act } = paymentOf(plan, shop);
  const { cj } = world;
  if (!cj.pay || !cj.ship || !cj.cancel) throw new Error('CJ can neither be paid, nor ship, nor cancel');

  // What people do.
  const place = () =>
    shop.placeOrder({
      reference,
      placedAtMs: Math.floor(world.clock.clock.now()),
      currency: 'GBP',
      buyer: { id: null, name: plan.buyer, email: 'law@buyers.example' },
      shipTo: { ...LEEDS, name: plan.buyer, made: false },
      lines: [
        { key: keyOf(plan, BOUGHT), title: 'From CJ', ...bought, unitPrice: bought.price, totalMinor: minorOf(bought) },
        { key: keyOf(plan, STORED), title: 'From us', ...stored, unitPrice: stored.price, totalMinor: minorOf(stored) },
      ],
      charges: [],
      note: '',
      payment: { state: start },
    });
  const half = Math.floor(totalOf(plan) / 2);
  let givenBack = 0;
  const giveBack = (totalMinor: number, of: { lineKey: string; quantity: number } | null = null) => {
    const most = cell.payment === 'partly_paid' ? half - givenBack : totalMinor;
    const given = Math.min(totalMinor, most);
    givenBack += given;
    shop.refund({
      orderReference: reference,
      reference: `${reference}-back-${givenBack}-${of?.lineKey ?? ''}`,
      totalMinor: given,
      ...of,
      atMs: Math.floor(world.clock.clock.now()),
    });
  };
  const change = () =>
    world.db.transaction(() => {
      act?.(at, half);
      if (cell.elsewhere === 'all') shop.fulfil(at);
      if (cell.elsewhere === 'part')
        shop.fulfil({ ...at, lines: [{ lineKey: keyOf(plan, elsewhereOf(plan)), quantity: 1 }] });
      if (cell.refund === 'amount') giveBack(100);
      if (cell.refund === 'unit')
        giveBack(minorOf(plan[plan.refundOf], 1), { lineKey: keyOf(plan, plan.refundOf), quantity: 1 });
      if (cell.refund === 'whole' && cell.cancelled === 'kept')
        for (const line of [BOUGHT, STORED] as const)
          giveBack(minorOf(plan[line]), { lineKey: keyOf(plan, line), quantity: plan[line].quantity });
      if (cell.cancelled === 'cancelled') {
        shop.cancel({ ...at, refund: cell.refund === 'whole' });
        if (cell.refund === 'whole') givenBack = soldAt(world, cell.shop, reference).refundedMinor;
      }
    });

  // What we are told.
  let id = '';
  const look = async (): Promise<Whole | null> => {
    if (id === '') {
      const { items } = (await api.get(`/v1/orders?number=${reference}`)) as { items: { id: string }[] };
      id = items[0]?.id ?? '';
    }
    return id === '' ? null : ((await api.get(`/v1/orders/${id}`)) as Whole);
  };
  const when = async (what: string, ready: (whole: Whole) => boolean): Promise<Whole> => {
    let last: Whole | null = null;
    let nextMs = 0;
    try {
      return await until(
        what,
        async () => {
          if (performance.now() < nextMs) return null;
          last = await look();
          nextMs = performance.now() + LOOK_EVERY_MS;
          return last && ready(last) ? last : null;
        },
        PROPERTY_LIMIT_MS,
      );
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}; it stands so: ${tell(last)}`);
    }
  };
  const purchases = (whole: Whole) =>
    whole.legs.flatMap((leg) => {
      const there = purchaseUnder(world, leg.id);
      return there && there.cancelledMs === undefined ? [there] : [];
    });
  const tell = (whole: Whole | null): string =>
    whole === null
      ? 'it is not there'
      : JSON.stringify({
          state: whole.order.state,
          payment: whole.order.payment.state,
          held: whole.order.holds.map(({ code }) => code),
          open: causesOf(whole),
          legs: whole.legs.map(({ kind, state, lines }) => ({
            kind,
            state,
            lines: lines.map(({ quantity, shipped, cancelled, returned, asked }) => ({
              quantity,
              shipped,
              cancelled,
              returned,
              asked,
            })),
          })),
          atCj: purchases(whole).map(({ lines, unpaid }) => ({ unpaid, units: lines.map(({ quantity }) => quantity) })),
        });

  // What those do who ship.
  let packages = 0;
  const pack = async (legId: string, lines: readonly { lineId: string; quantity: number }[], parcel: boolean) => {
    packages += 1;
    await api.post(`/v1/legs/${legId}/shipments`, {
      reference: `package-${packages}`,
      lines,
      parcel: parcel ? PARCEL : null,
      tracking: parcel ? null : { carrier: 'Royal Mail', number: `${reference}-${packages}`, url: '' },
    });
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    running.left.set(stored.sku, (running.left.get(stored.sku) ?? 0) + units);
    if (parcel) running.labels += 1;
  };
  const packAll = async (whole: Whole) => {
    const leg = shelfLeg(whole);
    const open = leg ? openOn(leg) : [];
    if (leg && open.length > 0) await pack(leg.id, open, plan.label);
  };
  const confirmed = ({ shipments }: Whole): boolean =>
    shipments.length > 0 && shipments.every(({ state }) => state === 'confirmed');
  const supply = async (whole: Whole) => {
    for (const { orderNumber, unpaid, shipsMs } of purchases(whole)) {
      if (unpaid !== null) cj.pay?.({ reference: orderNumber });
      if (shipsMs > world.clock.clock.now()) cj.ship?.({ reference: orderNumber });
    }
  };

  const makeOffer = async () => {
    const offered = bought.sku.slice(0, -`-${reference}`.length);
    const { items } = (await api.get(`/v1/offers?sku=${offered}`)) as { items: object[] };
    await api.put('/v1/offers', { offers: [{ ...items[0], id: undefined, sku: bought.sku }] });
  };

  const reach = async (): Promise<void> => {
    if (cell.moment === 'unmapped') {
      await when('to wait for an offer', ({ order }) => order.state === 'awaiting_mapping');
      return;
    }
    const held = ({ order }: Whole) => order.holds.some(({ code }) => code === 'payment');
    if (cell.moment === 'waiting' || start !== 'paid') await when('to be held for its payment', held);
    if (cell.moment === 'waiting') return;
    if (start !== 'paid') await api.post(`/v1/orders/${id}/release`, { code: 'payment', note: 'He is known to us.' });
    const submitted = await when(
      'to be at CJ, unpaid, and on the shelf',
      (whole) =>
        purchases(whole).length === 1 && sentLeg(whole)?.state === 'submitted' && shelfLeg(whole)?.state === 'accepted',
    );
    if (cell.moment === 'submitted') return;
    const legId = sentLeg(submitted)?.id ?? '';
    // From here on CJ takes nothing back; that it is paid we only hear when we ask.
    cj.pay?.({ reference: legId });
    if (cell.moment === 'accepted') return;
    if (cell.moment !== 'partly_by_shelf') cj.ship?.({ reference: legId });
    const shelf = shelfLeg(submitted);
    const line = shelf?.lines[0];
    if (shelf && line && cell.moment === 'partly_by_shelf')
      await pack(shelf.id, [{ lineId: line.lineId, quantity: 1 }], plan.label);
    if (cell.moment === 'shipped') {
      await packAll(submitted);
      await when('to be closed', ({ order }) => order.state === 'closed');
    } else await when('to be told of in part', (whole) => confirmed(whole) && whole.order.state === 'partly_shipped');
  };

  const leftBefore = cell.moment === 'partly_by_shelf' ? 1 : cell.moment === 'shipped' ? stored.quantity : 0;
  /** Where it differs from the table, in words; empty when it is as the table says. */
  const differs = (whole: Whole): string[] => {
    const { order } = whole;
    const there = purchases(whole);
    const units = there.map(({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0)).join();
    const lost = lostOf(plan, BOUGHT);
    const wrong: string[] = [];
    const expect = (what: string, got: string, right: string) => {
      if (got !== right) wrong.push(`${what} is “${got}”, not “${right}”`);
    };
    const state = isOver(whole) ? (comes.order === 'over' ? 'over' : order.state) : 'open';
    expect('the order', state, comes.order);
    expect('the hold', order.holds.map(({ code }) => code).join(), comes.held ?? '');
    const live = {
      nothing: '',
      'taken back': '',
      'what is left': `${bought.quantity - lost}`,
      'what was sent': `${bought.quantity}`,
    };
    expect('live at CJ', units, live[comes.bought]);
    const stillThere = cell.moment === 'submitted' || cell.moment === 'accepted' || cell.moment === 'partly_by_shelf';
    const told = { nothing: '', declined: 'cancel_declined', units: stillThere && lost > 0 ? 'units_after_sent' : '' };
    const causes = causesOf(whole).filter((cause) => cause !== 'changed_after_sent' && cause !== 'awaiting_mapping');
    expect('the exception', causes.join(), told[comes.told]);
    const shelf = shelfLeg(whole);
    const toLeave =
      comes.told === 'declined' || comes.order !== 'open' ? 0 : stored.quantity - lostOf(plan, STORED) - leftBefore;
    if (shelf)
      expect(
        'still to leave our shelf',
        `${openOn(shelf).reduce((sum, { quantity }) => sum + quantity, 0)}`,
        `${toLeave}`,
      );
    if (comes.bought === 'nothing') expect('the number of legs', String(whole.legs.length), '0');
    return wrong;
  };

  if (cell.moment === 'first')
    world.db.transaction(() => {
      place();
      change();
    });
  else {
    place();
    await reach();
    change();
    await api.post(`/v1/connections/${stand.business.connections[cell.shop]}/sync`, { what: 'orders' });
  }
  const after = soldAt(world, cell.shop, reference);
  const changedAtMs = cell.moment === 'first' ? 0 : after.changedAtMs;
  const changes = act !== null || cell.elsewhere !== 'none' || cell.refund !== 'none' || cell.cancelled === 'cancelled';
  const seen = ({ order }: Whole): boolean =>
    !changes ||
    changedAtMs === 0 ||
    Date.parse(order.versions.at(-1)?.updatedAt ?? '') >= Math.floor(changedAtMs / 1_000) * 1_000;
  if (cell.moment === 'unmapped') {
    await when('to be seen as it was changed', seen);
    await makeOffer();
  }
  let wrong: string[] = [];
  const settled = await when('what the table says', (whole) => {
    wrong = seen(whole) ? differs(whole) : ['the change was not seen'];
    return wrong.length === 0;
  }).catch((error: unknown) => {
    throw new Error(`${wrong.join('; ')}. ${error instanceof Error ? error.message : error}`);
  });

  // Everybody does his work, until the order is over.
  let supplied = comes.ships === 'what is left';
  let gaveWay = false;
  const settleDeclined = async (whole: Whole) => {
    const [there] = purchases(whole);
    if (!there) throw new Error('CJ holds nothing that it could have declined to cancel');
    gaveWay = plan.givesWay;
    supplied = false;
    if (gaveWay) cj.cancel?.({ reference: there.orderNumber });
    else cj.ship?.({ reference: there.orderNumber });
  };
  if (comes.held === 'payment') {
    const shelf = shelfLeg(settled);
    const open = shelf ? openOn(shelf) : [];
    if (shelf && open.length > 0) {
      const packing = pack(shelf.id, open, true);
      const refused = await packing.then(() => false).catch(({ status }: { status?: number }) => status === 409);
      if (!refused) throw new Error('a label was sold for an order that is not paid');
    }
    await api.post(`/v1/orders/${id}/cancel`, { id: 'law', refund: 'none', tellStorefront: false, note: 'Not paid.' });
    const answered = await when(
      'to be cancelled, or declined by CJ',
      (whole) => isOver(whole) || causesOf(whole).includes('cancel_declined'),
    );
    if (!isOver(answered)) await settleDeclined(answered);
  } else if (comes.told === 'declined') await settleDeclined(settled);
  else if (comes.ships === 'what is left') {
    await when(
      'to be packed',
      (whole) => shelfLeg(whole)?.state !== 'planned' && shelfLeg(whole)?.state !== 'awaiting',
    ).then(packAll);
    await supply(settled);
  }
  const ended = await when('to be over', (whole) => isOver(whole) && !causesOf(whole).includes('awaiting_mapping'));

  // The books have the last word.
  const books = soldAt(world, cell.shop, reference);
  const hadLeft = cell.moment === 'partly_by_supplier' || cell.moment === 'shipped';
  const toldOf = {
    bought: hadLeft ? bought.quantity : supplied ? bought.quantity - lostOf(plan, BOUGHT) : 0,
    stored: comes.ships === 'what is left' ? stored.quantity - lostOf(plan, STORED) : leftBefore,
  };
  for (const line of [BOUGHT, STORED] as const) {
    const told = books.told.get(keyOf(plan, line)) ?? 0;
    if (told !== toldOf[line])
      throw new Error(
        `the shop was told of ${told} units ${line}, not of ${toldOf[line]}; it ended so: ${tell(ended)}`,
      );
  }
  if (books.refundedMinor !== givenBack)
    throw new Error(`the shop has given back ${books.refundedMinor}, and the merchant gave ${givenBack}`);
  // A person has cancelled what is held: CJ takes back what nobody has paid.
  const takenBack = gaveWay || (comes.held !== null && cell.moment === 'submitted');
  const atEnd = {
    nothing: 0,
    'taken back': 0,
    'what is left': bought.quantity - lostOf(plan, BOUGHT),
    'what was sent': takenBack ? 0 : bought.quantity,
  };
  running.ended.set(plan.buyer, atEnd[comes.bought]);
  running.reached.set(nameOf(cell), (running.reached.get(nameOf(cell)) ?? 0) + 1);
};

/** What must hold of all orders so far, by the books of CJ, EasyPost and the shelf. */
const balance = async ({ stand, left, labels, ended }: Running): Promise<void> => {
  const { world, api } = stand;
  const ofBuyer = Map.groupBy(
    purchasesAtCj(world).filter(({ state }) => state !== 'cancelled'),
    ({ buyer }) => buyer,
  );
  for (const [buyer, units] of ended) {
    const there = ofBuyer.get(buyer) ?? [];
    const sum = there.reduce((total, purchase) => total + purchase.units, 0);
    if (there.length > 1 || sum !== units)
      throw new Error(
        `CJ holds ${there.length} purchases of ${sum} units for ${buyer}; one of ${units} units is right, or none of none`,
      );
  }
  if (labelsSold(world) !== labels)
    throw new Error(`EasyPost has sold ${labelsSold(world)} labels for ${labels} packages`);
  for (let n = 0; n < 4; n += 1) {
    const { sku } = itemOf('wholesale', n);
    const right = `${OPENING - (left.get(sku) ?? 0)} on the shelf, 0 promised`;
    let told = '';
    await until(
      'the shelf to be whole again',
      async () => {
        const { items } = (await api.get(`/v1/stock?sku=${sku}&location=${SHELVES.warehouse}`)) as {
          items: { onHand: number; reserved: number }[];
        };
        told = `${items[0]?.onHand} on the shelf, ${items[0]?.reserved} promised`;
        return told === right;
      },
      PROPERTY_LIMIT_MS,
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : error}: ${sku} has ${told}, not ${right}`);
    });
  }
};

const open = async (): Promise<Running> => {
  const stand = await openStand({
    items: ITEMS,
    rate: 2_400,
    // CJ ships when it is told to, and is paid when somebody pays there.
    shipAfterMs: 3_650 * 86_400_000,
    settings: { cj: { payType: 3 } },
    // What Shopify tells by no webhook is asked for when it has happened; the polls are for what is lost on the way.
    pollEveryMinutes: 240,
    act: false,
  });
  const { api } = stand;
  const movements = [0, 1, 2, 3].map((n) => ({ sku: itemOf('wholesale', n).sku, kind: 'adjust', reference: 'law' }));
  const { items } = (await api.get(`/v1/stock?location=${SHELVES.warehouse}&limit=200`)) as {
    items: { sku: string; onHand: number }[];
  };
  await api.post('/v1/stock/movements', {
    location: SHELVES.warehouse,
    movements: movements.map((movement) => ({
      ...movement,
      quantity: OPENING - (items.find(({ sku }) => sku === movement.sku)?.onHand ?? 0),
    })),
  });
  return { stand, reached: new Map(), left: new Map(), labels: 0, ended: new Map() };
};

export const ordersAsTheyAreLaws = [
  defineServerLaw<Running>({
    name: 'orders-as-they-are',
    title:
      'whatever a shop says of payment, packages, refunds and cancellation, whenever it says it, is acted on as the table says, by the books of the shops, of CJ and of the shelf',
    needs: 'servers',
    open,
    close: ({ stand }) => stand.close(),
    async run(running, seed, step) {
      const plans = Array.from({ length: AT_ONCE }, (_, nth) => planOf(seed, nth));
      for (const { cell, reference } of plans) step(`${reference}: ${nameOf(cell)}`);
      const ran = await Promise.allSettled(plans.map((plan) => live(running, plan)));
      const broken = ran.flatMap((result, nth) =>
        result.status === 'rejected'
          ? [
              `${nameOf(plans[nth]?.cell ?? cellOf(0))}\n${result.reason instanceof Error ? result.reason.message : result.reason}`,
            ]
          : [],
      );
      if (broken.length > 0) throw new Error(broken.join('\n'));
      await balance(running);
    },
    covered: ({ reached }) => `${reached.size} of ${CELLS.length} cells`,
    /** A few seeds reach each value of each dimension at each shop; as many as it takes reach every cell. */
    unreached({ reached }, seeds) {
      if (seeds < SEEDS_IN_TESTS) return [];
      const missed = CELLS.filter((cell) => !reached.has(nameOf(cell)));
      if (seeds * AT_ONCE >= CELLS.length) return missed.map(nameOf);
      const valuesOf = (cells: readonly Cell[]) =>
        new Set(
          cells.flatMap(({ shop, ...cell }) =>
            Object.entries(cell).map(([name, value]) => `${shop}: ${name} ${value}`),
          ),
        );
      const met = valuesOf(CELLS.filter((cell) => reached.has(nameOf(cell))));
      return [...valuesOf(CELLS)].filter((value) => !met.has(value));
    },
  }),
];
