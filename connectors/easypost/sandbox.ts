import { z } from 'zod';
import { hmacSha256Of } from '#kit';
import {
  type Effect,
  type Harness,
  type SandboxAnswer,
  type SandboxOptions,
  type SandboxRequest,
  serveSandbox,
  vendorBucket,
  webhookSender,
} from '#kit/sandbox';
import { LISTS_A_SECOND } from './manifest.ts';

const API_KEY = 'EZTK5d41402abc4b2a76b9719d911017c592';
/** Keys, whose they are and what for: a user's shipments in one kind are not seen in the other, nor by another user. */
const KEYS: Readonly<Record<string, { user: number; mode: 'test' | 'production' }>> = {
  [API_KEY]: { user: 1, mode: 'test' },
  EZTKb1946ac92492d2347c6235b4d2611184: { user: 1, mode: 'test' },
  EZAK7d793037a0760186574b0282f2f435e7: { user: 1, mode: 'production' },
  EZTK9e107d9d372bb6826bd81d3542a419d6: { user: 2, mode: 'test' },
};
const keyOf = ({ headers }: SandboxRequest): string =>
  Buffer.from(/^Basic (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '', 'base64')
    .toString()
    .replace(/:$/, '');
/** The account that a request speaks for. Shipments of version 0.2 and before are of the first. */
const accountOf = (request: SandboxRequest): string => {
  const { user, mode } = KEYS[keyOf(request)] ?? { user: 0, mode: 'test' };
  return `${user}:${mode}`;
};
const FIRST_ACCOUNT = '1:test';
const WEBHOOK_SECRET = 's3cret-of-easypost';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BASE = '/v2';
/** When a parcel is first scanned, when it is there, and when the carrier has given the postage back. */
const SCANNED_AFTER_MS = 12 * HOUR_MS;
const DELIVERED_AFTER_MS = 3 * DAY_MS;
const REFUNDED_AFTER_MS = 14 * DAY_MS;

interface Service {
  carrier: string;
  service: string;
  /** Countries that the carrier collects in; empty for everywhere. */
  from: readonly string[];
  abroad: boolean;
  /** Cents: to begin with, for each ounce, for each zone. */
  base: number;
  ounce: number;
  zone: number;
  days: number;
  maxOunces: number;
  tracking: string;
}
/** Made-up tariffs in the form of real ones: dearer with weight, with distance, with speed. */
const SERVICES: readonly Service[] = [
  service('USPS', 'GroundAdvantage', ['US'], false, [412, 6, 28, 3], 1120, '94001'),
  service('USPS', 'Priority', ['US'], false, [640, 9, 41, 2], 1120, '94055'),
  service('USPS', 'PriorityMailInternational', ['US'], true, [2890, 31, 160, 9], 1120, 'CP'),
  service('RoyalMail', 'Tracked48', ['GB'], false, [345, 4, 9, 2], 706, 'RM'),
  service('UPS', 'Ground', [], false, [890, 5, 37, 3], 2400, '1Z'),
  service('UPS', 'UPSSaver', [], true, [3450, 38, 190, 4], 2400, '1Z'),
  service('DHLExpress', 'ExpressWorldwide', [], true, [3120, 44, 170, 3], 2469, 'JD'),
];
function service(
  carrier: string,
  name: string,
  from: readonly string[],
  abroad: boolean,
  [base, ounce, zone, days]: readonly [number, number, number, number],
  maxOunces: number,
  tracking: string,
): Service {
  return { carrier, service: name, from, abroad, base, ounce, zone, days, maxOunces, tracking };
}

const Text = z.string().nullish();
const WireAddress = z.object({
  name: Text,
  company: Text,
  street1: Text,
  street2: Text,
  city: Text,
  state: Text,
  zip: Text,
  country: z.string().length(2),
  phone: Text,
  email: Text,
});
const Size = z.number().positive().nullish();
const NewShipment = z.object({
  reference: Text,
  to_address: WireAddress,
  from_address: WireAddress,
  parcel: z.object({ weight: z.number().positive(), length: Size, width: Size, height: Size }),
  customs_info: z.object({ customs_items: z.array(z.unknown()).min(1) }).nullish(),
  tax_identifiers: z
    .array(
      z.object({
        entity: z.enum(['SENDER', 'RECEIVER']),
        tax_id: z.string(),
        tax_id_type: z.string(),
        issuing_country: Text,
      }),
    )
    .max(8)
    .nullish(),
});
type NewShipment = z.infer<typeof NewShipment>;
const NewWebhook = z.object({ webhook: z.object({ url: z.url(), webhook_secret: Text }) });

interface Kept {
  n: number;
  /** Absent: the first. */
  account?: string;
  createdMs: number;
  wanted: NewShipment;
  bought: { service: number; atMs: number; code: string } | null;
  /** Set when a test or the story delivers the parcel before its time. */
  deliveredMs: number | null;
  refund: { atMs: number; rejected: boolean } | null;
}

const idOf = (kind: string, n: number) => `${kind}_${n.toString(16).padStart(32, '0')}`;
const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const money = (cents: number) => (cents / 100).toFixed(2);
const refuse = (
  status: number,
  code: string,
  message: string,
  errors: readonly ({ field: string; message: string } | string)[] = [],
): SandboxAnswer => ({ status, body: { error: { code, message, errors } } });
const notFound = () => refuse(404, 'NOT_FOUND', 'The requested resource could not be found.');

/** 1 next door to 8 across the country, from the post codes alone. */
const zoneOf = ({ from_address: from, to_address: to }: NewShipment): number => {
  let sum = 0;
  for (const letter of `${from.zip ?? ''}>${to.zip ?? ''}`) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return 1 + (sum % 8);
};

/** The services that take the parcel, as indexes of SERVICES, and what the other carriers of the lane say. */
const offersOf = (wanted: NewShipment): { offered: number[]; refused: { carrier: string; message: string }[] } => {
  const { from_address: from, to_address: to, parcel, customs_info: customs } = wanted;
  const abroad = from.country !== to.country;
  const lane = SERVICES.map((_, index) => index).filter((index) => {
    const s = SERVICES[index];
    return s?.abroad === abroad && (s.from.length === 0 || s.from.includes(from.country));
  });
  const why = (s: Service): string | null =>
    parcel.weight > s.maxOunces
      ? `Weight exceeds the maximum of ${s.maxOunces} oz for ${s.service}.`
      : abroad && !customs
        ? 'customs_info is required for international shipments.'
        : null;
  const refused = lane.flatMap((index) => {
    const s = SERVICES[index];
    const message = s ? why(s) : null;
    return s && message ? [{ carrier: s.carrier, message }] : [];
  });
  return { offered: lane.filter((index) => !refused.some((r) => r.carrier === SERVICES[index]?.carrier)), refused };
};

const centsOf = (s: Service, wanted: NewShipment): number =>
  s.base + Math.ceil(wanted.parcel.weight) * s.ounce + zoneOf(wanted) * s.zone;

/** How a parcel stands at `now`, from what happened and when. */
const trackOf = (kept: Kept, now: number): { status: string; details: { status: string; atMs: number }[] } => {
  const begun = kept.bought?.atMs ?? now;
  const arrival = kept.deliveredMs ?? begun + DELIVERED_AFTER_MS;
  const steps = [
    { status: 'pre_transit', atMs: begun },
    { status: 'in_transit', atMs: Math.min(begun + SCANNED_AFTER_MS, arrival) },
    { status: 'delivered', atMs: arrival },
  ];
  const end = kept.refund && !kept.refund.rejected ? kept.refund.atMs : null;
  const details = steps.filter((step) => step.atMs <= now && (end === null || step.atMs <= end));
  return { status: end === null ? (details.at(-1)?.status ?? 'unknown') : 'cancelled', details };
};

const refundStatusOf = ({ refund }: Kept, now: number): string | null =>
  refund && (refund.rejected ? 'rejected' : now - refund.atMs >= REFUNDED_AFTER_MS ? 'refunded' : 'submitted');

export interface EasypostSandboxOptions extends SandboxOptions {
  /** The settings it hands out and the rate it enforces, with as much again at once. */
  requestsPerSecond?: number;
}

/**
 * EasyPost as far as the connector meets it: shipments with rates inside, found by id or reference; labels bought once;
 * refunds; trackers that move with the clock; signed tracker events. Bodies are in the shape of its recorded traffic;
 * wordings that were not recorded are our own.
 */
export const easypostSandbox = {
  writes: {
    'labels.buy': { method: 'POST', path: /\/shipments\/[^/]+\/buy$/ },
    'labels.void': { method: 'POST', path: /\/shipments\/[^/]+\/refund$/ },
  },

  async start({ clock, db, port, tlsPort, requestsPerSecond = 20 }: EasypostSandboxOptions) {
    const shipments = db.table<Kept>('easypost_shipments');
    const sold = db.table<{ id: string; reference: string }>('easypost_sold');
    const voided = db.table<{ id: string; reference: string }>('easypost_voided');
    const hooks = db.table<{ url: string; secret: string; createdMs: number }>('easypost_hooks');
    const sender = webhookSender({
      clock,
      db,
      table: 'easypost_events',
      // “Up to six retries”, the answer awaited for 7 seconds. [unverified: said by third parties only]
      retriesMs: [1, 2, 4, 8, 16, 32].map((minutes) => minutes * 60_000),
      timeoutMs: 7_000,
    });
    const calls = vendorBucket(clock, { amount: requestsPerSecond, perMs: 1_000, burst: 2 * requestsPerSecond });
    const lists = vendorBucket(clock, { amount: LISTS_A_SECOND, perMs: 1_000, burst: 2 * LISTS_A_SECOND });
    const now = () => clock.now();

    const byId = (id: string): Kept | null =>
      shipments.get(id) ?? shipments.byA({ equal: id }).at(-1)?.document ?? null;
    /** Of the account that asks, by id or reference. */
    const asked = (request: SandboxRequest): Kept | null => {
      const id = decodeURIComponent(request.params['id'] ?? '');
      const all = [shipments.get(id), ...shipments.byA({ equal: id }).map(({ document }) => document)];
      return all.findLast((kept) => (kept?.account ?? FIRST_ACCOUNT) === accountOf(request)) ?? null;
    };
    const keep = (kept: Kept) =>
      shipments.put(idOf('shp', kept.n), kept, {
        ...(kept.wanted.reference ? { a: kept.wanted.reference } : {}),
        ...(kept.bought ? { b: kept.bought.code } : {}),
      });

    const rateOf = (kept: Kept, index: number) => {
      const s = SERVICES[index];
      return (
        s && {
          id: idOf('rate', kept.n * SERVICES.length + index),
          object: 'Rate',
          created_at: time(kept.createdMs),
          updated_at: time(kept.createdMs),
          mode: 'test',
          service: s.service,
          carrier: s.carrier,
          rate: money(centsOf(s, kept.wanted)),
          currency: 'USD',
          billing_type: 'easypost',
          delivery_days: s.days,
          delivery_date: null,
          delivery_date_guaranteed: false,
          est_delivery_days: s.days,
          shipment_id: idOf('shp', kept.n),
          carrier_account_id: idOf('ca', index),
        }
      );
    };
    const addressOf = (address: NewShipment['to_address'], kind: number, kept: Kept) => ({
      id: idOf('adr', kept.n * 2 + kind),
      object: 'Address',
      // Addresses are stamped in another format than the shipment that holds them: recorded so.
      created_at: time(kept.createdMs).replace('Z', '+00:00'),
      updated_at: time(kept.createdMs).replace('Z', '+00:00'),
      ...address,
      mode: 'test',
    });
    const trackerOf = (kept: Kept) => {
      const { status, details } = trackOf(kept, now());
      const at = kept.bought?.atMs ?? now();
      return {
        id: idOf('trk', kept.n),
        object: 'Tracker',
        mode: 'test',
        tracking_code: kept.bought?.code ?? null,
        status,
        status_detail: 'status_update',
        created_at: time(at),
        updated_at: time(details.at(-1)?.atMs ?? at),
        signed_by: null,
        weight: null,
        est_delivery_date: time(at + DELIVERED_AFTER_MS),
        shipment_id: idOf('shp', kept.n),
        carrier: SERVICES[kept.bought?.service ?? 0]?.carrier ?? null,
        tracking_details: details.map((d) => ({
          object: 'TrackingDetail',
          message: d.status,
          status: d.status,
          status_detail: 'status_update',
          datetime: time(d.atMs),
          source: SERVICES[kept.bought?.service ?? 0]?.carrier ?? '',
        })),
        public_url: `${server.url}/track/${kept.bought?.code ?? ''}`,
      };
    };
    const wire = (kept: Kept) => {
      const { wanted, bought } = kept;
      const { offered, refused } = offersOf(wanted);
      return {
        id: idOf('shp', kept.n),
        object: 'Shipment',
        mode: 'test',
        created_at: time(kept.createdMs),
        updated_at: time(bought?.atMs ?? kept.createdMs),
        is_return: false,
        reference: wanted.reference ?? null,
        status: bought ? trackOf(kept, now()).status : 'unknown',
        messages: refused.map((m) => ({ ...m, carrier_account_id: idOf('ca', 0), type: 'rate_error' })),
        from_address: addressOf(wanted.from_address, 0, kept),
        to_address: addressOf(wanted.to_address, 1, kept),
        parcel: {
          id: idOf('prcl', kept.n),
          object: 'Parcel',
          ...wanted.parcel,
          predefined_package: null,
          mode: 'test',
        },
        customs_info: wanted.customs_info ? { object: 'CustomsInfo', ...wanted.customs_info } : null,
        rates: offered.map((index) => rateOf(kept, index)),
        selected_rate: bought ? rateOf(kept, bought.service) : null,
        tracking_code: bought?.code ?? null,
        tracker: bought ? trackerOf(kept) : null,
        postage_label: bought && {
          id: idOf('pl', kept.n),
          object: 'PostageLabel',
          created_at: time(bought.atMs),
          label_size: '4x6',
          label_file_type: 'image/svg+xml',
          label_url: `${server.url}/files/postage_label/${idOf('shp', kept.n)}.svg`,
        },
        refund_status: refundStatusOf(kept, now()),
        // What follows we never read; it is there because it was recorded so.
        return_address: addressOf(wanted.from_address, 0, kept),
        buyer_address: addressOf(wanted.to_address, 1, kept),
        options: { currency: 'USD', payment: { type: 'SENDER' }, date_advance: 0 },
        usps_zone: zoneOf(wanted),
        insurance: null,
        order_id: null,
        batch_id: null,
        batch_status: null,
        batch_message: null,
        scan_form: null,
        forms: [],
        tax_identifiers: wanted.tax_identifiers ?? null,
        // As recorded: five decimals, and no fee before the label is bought.
        fees: bought
          ? [
              { object: 'Fee', type: 'LabelFee', amount: '0.00000', charged: true, refunded: false },
              {
                object: 'Fee',
                type: 'PostageFee',
                amount: `${rateOf(kept, bought.service)?.rate}000`,
                charged: true,
                refunded: false,
              },
            ]
          : [],
      };
    };

    const createShipment = (request: SandboxRequest): SandboxAnswer => {
      const body = z.object({ shipment: z.record(z.string(), z.unknown()) }).safeParse(request.json());
      if (!body.success) return required('shipment', 'cannot be blank');
      const wanted = NewShipment.safeParse(body.data.shipment);
      if (!wanted.success) {
        const [issue] = wanted.error.issues;
        return required(issue?.path.join('.') ?? 'shipment', issue?.message ?? 'is invalid');
      }
      const kept: Kept = {
        n: shipments.nextId(),
        account: accountOf(request),
        createdMs: now(),
        wanted: wanted.data,
        bought: null,
        deliveredMs: null,
        refund: null,
      };
      keep(kept);
      return { status: 201, body: wire(kept) };
    };
    const required = (field: string, message: string) =>
      refuse(422, 'PARAMETER.REQUIRED', 'Missing required parameter.', [{ field, message }]);

    const buy = (request: SandboxRequest): SandboxAnswer => {
      const kept = asked(request);
      if (!kept) return notFound();
      if (kept.bought) return refuse(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
      const wanted = z.object({ rate: z.object({ id: z.string() }) }).safeParse(request.json());
      if (!wanted.success) return required('rate', 'cannot be blank');
      const index = offersOf(kept.wanted).offered.find((i) => rateOf(kept, i)?.id === wanted.data.rate.id);
      const s = index === undefined ? undefined : SERVICES[index];
      if (index === undefined || !s) return refuse(422, 'SHIPMENT.RATE.NOT_FOUND', 'The rate is not of this shipment.');
      const code = `${s.tracking}${String(kept.n).padStart(15, '0')}`;
      const bought: Kept = { ...kept, bought: { service: index, atMs: now(), code } };
      keep(bought);
      sold.put(idOf('shp', kept.n), { id: idOf('shp', kept.n), reference: kept.wanted.reference ?? '' });
      tell(bought);
      return { status: 200, body: wire(bought) };
    };

    const refund = (request: SandboxRequest): SandboxAnswer => {
      const kept = asked(request);
      if (!kept) return notFound();
      if (!kept.bought) return refuse(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'The shipment has no postage to refund.');
      if (kept.refund) return refuse(422, 'SHIPMENT.REFUND.EXISTS', 'A refund was already requested.');
      // A carrier gives nothing back for a parcel that it has scanned.
      const rejected = trackOf(kept, now()).status !== 'pre_transit';
      const refunded: Kept = { ...kept, refund: { atMs: now(), rejected } };
      keep(refunded);
      if (!rejected) {
        sold.delete(idOf('shp', kept.n));
        voided.put(String(voided.nextId()), { id: idOf('shp', kept.n), reference: kept.wanted.reference ?? '' });
      }
      return { status: 200, body: wire(refunded) };
    };

    const listTrackers = (request: SandboxRequest): SandboxAnswer => {
      if (!lists.take(1)) return tooMany();
      const carrier = request.url.searchParams.get('carrier');
      const found = shipments
        .byB(request.url.searchParams.get('tracking_code') ?? '')
        .filter((kept) => (kept.account ?? FIRST_ACCOUNT) === accountOf(request))
        .map(trackerOf)
        .filter((tracker) => carrier === null || tracker.carrier === carrier);
      return { status: 200, body: { trackers: found.reverse(), has_more: false } };
    };

    const addWebhook = (request: SandboxRequest): SandboxAnswer => {
      const wanted = NewWebhook.safeParse(request.json());
      if (!wanted.success) return required('url', 'cannot be blank');
      const { url, webhook_secret: secret } = wanted.data.webhook;
      const id = idOf('hook', hooks.nextId());
      hooks.put(id, { url, secret: secret ?? '', createdMs: now() });
      return {
        status: 201,
        body: {
          id,
          object: 'Webhook',
          mode: 'test',
          url,
          created_at: time(now()),
          disabled_at: null,
          custom_headers: [],
        },
      };
    };

    const eventOf = (kept: Kept, id: string, status: string, atMs: number): string =>
      JSON.stringify({
        id,
        object: 'Event',
        mode: 'test',
        description: 'tracker.updated',
        // Events are stamped with milliseconds, other than what they tell of: recorded so.
        created_at: new Date(atMs).toISOString(),
        result: { ...trackerOf(kept), status, updated_at: time(atMs), weight: 614.0 },
      });
    const signed = (secret: string, body: string) => ({
      'content-type': 'application/json',
      'x-hmac-signature': `hmac-sha256-hex=${hmacSha256Of(secret.normalize('NFKD'), body, 'hex')}`,
    });

    /** Queues the events that the parcel will cause, each with its time; those already delivered are not sent again. */
    const tell = (kept: Kept): void => {
      const receivers = hooks.all();
      if (receivers.length === 0 || !kept.bought) return;
      const { details } = trackOf(kept, Number.MAX_SAFE_INTEGER);
      for (const { status, atMs } of details.filter((d) => d.status !== 'pre_transit' && d.atMs >= now()))
        for (const [index, hook] of receivers.entries()) {
          const id = idOf('evt', kept.n * 8 + details.findIndex((d) => d.status === status));
          const body = eventOf(kept, id, status, atMs);
          sender.enqueue(`${id}-${index}`, { url: hook.url, headers: signed(hook.secret, body), body }, atMs);
        }
    };

    const label = (request: SandboxRequest): SandboxAnswer => {
      const kept = shipments.get(request.params['id'] ?? '');
      if (!kept?.bought) return notFound();
      const { name, street1, city, zip, country } = kept.wanted.to_address;
      const lines = [
        'SANDBOX, NOT A LABEL',
        name,
        street1,
        [zip, city].filter(Boolean).join(' '),
        country,
        kept.bought.code,
      ]
        .map((line, index) => `<text x="20" y="${60 + index * 50}">${String(line ?? '').replace(/[&<]/g, ' ')}</text>`)
        .join('');
      const body = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="600" font-size="24">${lines}</svg>`;
      return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body };
    };

    const isPublic = (request: SandboxRequest) => !request.url.pathname.startsWith(`${BASE}/`);
    const authenticate = (request: SandboxRequest): SandboxAnswer | null =>
      isPublic(request) || Object.hasOwn(KEYS, keyOf(request))
        ? null
        : refuse(401, 'APIKEY.INACTIVE', 'This api key is no longer active.');
    const tooMany = () => refuse(429, 'RATE_LIMITED', 'Too many requests, please slow down.');
    const limit = (request: SandboxRequest): SandboxAnswer | null =>
      isPublic(request) || calls.take(1) ? null : tooMany();

    const route = (method: string, path: string, handle: (request: SandboxRequest) => SandboxAnswer) => ({
      method,
      path: new RegExp(`^${path}$`),
      handle,
    });
    const server = await serveSandbox({
      name: 'easypost',
      clock,
      db,
      ...(port === undefined ? {} : { port }),
      tlsPort,
      before: [authenticate, limit],
      routes: [
        route('GET', `${BASE}/users`, (request) => {
          const user = KEYS[keyOf(request)]?.user ?? 0;
          const name = user === 1 ? 'Sandbox Trading' : `Sandbox Trading ${user}`;
          return { status: 200, body: { id: idOf('user', user), object: 'User', name, email: 'sandbox@example.com' } };
        }),
        route('POST', `${BASE}/shipments`, createShipment),
        route('POST', `${BASE}/shipments/(?<id>[^/]+)/buy`, buy),
        route('POST', `${BASE}/shipments/(?<id>[^/]+)/refund`, refund),
        route('GET', `${BASE}/shipments/(?<id>[^/]+)`, (request) => {
          const kept = asked(request);
          return kept ? { status: 200, body: wire(kept) } : notFound();
        }),
        route('GET', `${BASE}/trackers`, listTrackers),
        route('POST', `${BASE}/webhooks`, addWebhook),
        route('GET', '/files/postage_label/(?<id>[^/]+)\\.svg', label),
      ],
      words: {
        tooMany,
        notFound,
        badJson: () => refuse(400, 'BAD_REQUEST', 'The request body could not be parsed.', ['invalid JSON']),
      },
    });

    return {
      url: server.url,
      tls: server.tls,
      credentials: { apiKey: API_KEY, webhookSecret: WEBHOOK_SECRET },
      settings: { endpoint: `${server.url}${BASE}`, requestsPerSecond },
      faults: server.faults,
      effects: (kind: Effect) => (kind === 'labels' ? sold.all() : kind === 'voids' ? voided.all() : []),
      requests: server.requests,
      others: {
        'same account, new key': { apiKey: 'EZTKb1946ac92492d2347c6235b4d2611184', webhookSecret: WEBHOOK_SECRET },
        production: { apiKey: 'EZAK7d793037a0760186574b0282f2f435e7', webhookSecret: WEBHOOK_SECRET },
        'another user': { apiKey: 'EZTK9e107d9d372bb6826bd81d3542a419d6', webhookSecret: WEBHOOK_SECRET },
      },
      close() {
        sender.close();
        return server.close();
      },
      scene: {
        trackingWebhook(reference: string) {
          const kept = byId(reference);
          if (!kept?.bought) throw new Error(`EasyPost has sold no label ${reference}`);
          const body = eventOf(kept, idOf('evt', kept.n * 8 + 7), 'in_transit', now());
          return { headers: signed(WEBHOOK_SECRET, body), body, secret: WEBHOOK_SECRET };
        },
        progress(reference: string) {
          db.transaction(() => {
            const kept = byId(reference);
            if (!kept?.bought || trackOf(kept, now()).status === 'delivered') return;
            const delivered: Kept = { ...kept, deliveredMs: now() };
            keep(delivered);
            tell(delivered);
          });
        },
      },
    };
  },
} satisfies Harness;
