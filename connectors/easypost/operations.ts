import { Failure, isFailure, type Label, type LabelRequest, type Operation, type Verb } from '#kit';
import { keyKindOf, type manifest } from './manifest.ts';
import { chooseRate, fromLabelRequest, isVoided, toLabel, toMessages, toRate, toTrackingReport } from './mapper.ts';
import { Shipment, TrackerList, User } from './wire.ts';

type Does<V extends Verb> = Operation<typeof manifest, V>;
type Ctx = Parameters<Does<'connection.check'>>[0];

export const checkConnection: Does<'connection.check'> = async ({ http, credentials }) => {
  const user = (await http.send({ method: 'GET', path: '/users' })).json(User);
  const kind = keyKindOf(credentials.apiKey);
  return {
    account: user.name || user.email || user.id,
    identity: `${user.id}:${kind}`,
    missing: [
      ...(kind === 'test'
        ? [{ right: 'production key', why: 'a test key buys labels that no carrier takes', needed: false }]
        : []),
      ...(credentials.webhookSecret === ''
        ? [{ right: 'webhookSecret', why: 'every webhook is refused: polls bring the news', needed: false }]
        : []),
    ],
  };
};

/** By EasyPost's id or by our reference, which EasyPost takes in an id's place; null when there is none. */
const shipmentOf = async ({ http }: Ctx, id: string): Promise<Shipment | null> => {
  try {
    return (await http.send({ method: 'GET', path: `/shipments/${encodeURIComponent(id)}` })).json(Shipment);
  } catch (error) {
    if (isFailure(error, 'not_found')) return null;
    throw error;
  }
};

/** The shipment under our reference; one that merely answers to it is none. */
const shipmentUnder = async (context: Ctx, reference: string): Promise<Shipment | null> => {
  const shipment = await shipmentOf(context, reference);
  return shipment?.reference === reference ? shipment : null;
};

const createShipment = async (context: Ctx, request: LabelRequest, reference: string): Promise<Shipment> => {
  const json = fromLabelRequest(request, reference, context.settings.eelPfc);
  return (await context.http.send({ method: 'POST', path: '/shipments', json })).json(Shipment);
};

/** Under a reference of its own, so that the label's stays free: a quote is a shipment that nobody buys. */
export const quoteRates: Does<'rates.quote'> = async (context, { request }) => {
  const shipment = await createShipment(context, request, `quote:${request.reference}`);
  return { rates: (shipment.rates ?? []).map(toRate), messages: toMessages(shipment.messages) };
};

/**
 * At most one label under our reference, however often it is called, one call after another: the shipment is looked up by
 * it first, a shipment that an earlier call created is bought rather than made again, and one that is bought already is
 * adopted, for EasyPost refuses to buy a shipment twice. Two calls at the same time for one new reference could each
 * create a shipment; the caller runs one at a time. That a reference stands in for an id is documented (EasyPost,
 * “EasyPost objects”, read 2026-11-24: “in many API endpoints”); that the shipments endpoint is among them was not tried
 * against the live service. [unverified]
 */
export const buyLabel: Does<'labels.buy'> = async (context, { request }) => {
  const { reference } = request;
  const shipment = (await shipmentUnder(context, reference)) ?? (await createShipment(context, request, reference));
  return toLabel(shipment) ?? (await buyRate(context, shipment, request));
};

const buyRate = async (context: Ctx, shipment: Shipment, request: LabelRequest): Promise<Label> => {
  const rate = chooseRate((shipment.rates ?? []).map(toRate), request.service);
  if (!rate) throw new Failure('rejected', whyNoRate(shipment, request), { safe: { connector: 'easypost' } });
  const call = {
    method: 'POST',
    path: `/shipments/${shipment.id}/buy`,
    json: { rate: { id: rate.externalId } },
  } as const;
  const bought = await context.http.send(call).then(
    (answer) => answer.json(Shipment),
    (error: unknown) => {
      if (isFailure(error, 'conflict')) return shipmentOf(context, shipment.id);
      throw error;
    },
  );
  const label = bought && toLabel(bought);
  if (!label) throw new Failure('unavailable', `EasyPost has not finished the label of ${shipment.id}`);
  return label;
};

const whyNoRate = (shipment: Shipment, { service }: LabelRequest): string => {
  const wanted = service ? `${service.carrier} ${service.service}` : 'any rate';
  return `No carrier offers ${wanted} for this parcel. ${toMessages(shipment.messages).join('; ')}`.trim();
};

export const findLabel: Does<'labels.find'> = async (context, { reference }) => {
  const shipment = await shipmentUnder(context, reference);
  return shipment && toLabel(shipment);
};

/** Asks for the money back. A label for which it has been asked before is voided, too, whatever EasyPost says of the second time. */
export const voidLabel: Does<'labels.void'> = async (context, { externalId }) => {
  const path = `/shipments/${encodeURIComponent(externalId)}/refund`;
  const shipment = await context.http.send({ method: 'POST', path, json: {} }).then(
    (answer) => answer.json(Shipment),
    async (error: unknown) => {
      if (!isFailure(error, 'rejected', 'conflict')) throw error;
      const known = await shipmentOf(context, externalId);
      if (!known?.refund_status) throw error;
      return known;
    },
  );
  return { voided: isVoided(shipment.refund_status), rawStatus: shipment.refund_status ?? '' };
};

/** Of a parcel whose label EasyPost sold, or that the account tracks otherwise; it starts no tracking, which may cost. */
export const getTracking: Does<'tracking.get'> = async ({ http }, { tracking }) => {
  const query = { tracking_code: tracking.number, carrier: tracking.carrier || undefined };
  const { trackers } = (await http.send({ method: 'GET', path: '/trackers', query, cost: { lists: 1 } })).json(
    TrackerList,
  );
  const [newest] = trackers;
  if (!newest) throw new Failure('not_found', `EasyPost tracks no ${tracking.carrier} parcel ${tracking.number}`);
  return toTrackingReport(newest);
};
