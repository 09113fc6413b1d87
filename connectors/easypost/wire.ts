import { z } from 'zod';

/**
 * What EasyPost sends, only the fields that we use. Statuses stay text. Shapes: EasyPost's recorded test traffic
 * (2024-07 to 2026-02) and its documentation, read 2026-11-24.
 */

export const User = z.object({ id: z.string().min(1), name: z.string().nullish(), email: z.string().nullish() });

export const WireRate = z.object({
  id: z.string().min(1),
  carrier: z.string(),
  service: z.string(),
  /** Decimal text; a number in what EasyPost foretells (recorded 2024-07 of “smartrate”, read 2026-12-01). */
  rate: z.union([z.string(), z.number()]).transform(String),
  currency: z.string(),
  delivery_days: z.number().nullish(),
  est_delivery_days: z.number().nullish(),
});
export type WireRate = z.infer<typeof WireRate>;

/** A carrier's reason for offering nothing; it comes beside HTTP 201. */
export const RateMessage = z.object({ carrier: z.string().nullish(), message: z.string().nullish() });
export type RateMessage = z.infer<typeof RateMessage>;

export const Shipment = z.object({
  id: z.string().min(1),
  reference: z.string().nullish(),
  rates: z.array(WireRate).nullish(),
  messages: z.array(RateMessage).nullish(),
  selected_rate: WireRate.nullish(),
  tracking_code: z.string().nullish(),
  tracker: z.object({ public_url: z.string().nullish() }).nullish(),
  postage_label: z.object({ label_url: z.string().nullish() }).nullish(),
  refund_status: z.string().nullish(),
  /** What the label costs beside its rate, with the rate itself as `PostageFee`. */
  fees: z.array(z.object({ type: z.string(), amount: z.string() })).nullish(),
});
export type Shipment = z.infer<typeof Shipment>;

export const Tracker = z.object({
  tracking_code: z.string(),
  carrier: z.string().nullish(),
  status: z.string(),
  updated_at: z.string().nullish(),
  public_url: z.string().nullish(),
  tracking_details: z.array(z.object({ datetime: z.string().nullish() })).nullish(),
});
export type Tracker = z.infer<typeof Tracker>;
export const TrackerList = z.object({ trackers: z.array(Tracker) });

export const WebhookEvent = z.object({
  id: z.string().min(1),
  description: z.string().min(1),
  result: z.object({ tracking_code: z.string().nullish(), carrier: z.string().nullish() }).nullish(),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;
