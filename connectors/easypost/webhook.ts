import { Failure, hmacSha256Of, sameText, type WebhookCheck, type WebhookMeaning } from '#kit';
import { WebhookEvent } from './wire.ts';

const PREFIX = 'hmac-sha256-hex=';
const WINDOW_MS = 5 * 60_000;

const digest = (secret: string, text: string | Buffer): string =>
  // EasyPost signs with the decomposed form of the secret, which differs for letters such as é.
  PREFIX + hmacSha256Of(secret.normalize('NFKD'), text, 'hex');

const refuse = (why: string): never => {
  throw new Failure('unauthorised', `the webhook's signature ${why}`);
};

/** Over the raw body alone. Source: EasyPost, “Webhooks”, and its own client libraries, read 2026-11-24. */
const verifyBody = ({ headers, rawBody, secret }: WebhookCheck): void => {
  if (!sameText(headers['x-hmac-signature'] ?? '', digest(secret, rawBody))) refuse('does not match its body');
};

/** Over time, method, path and body, which a replay cannot keep fresh. [unverified: described by third parties only] */
const verifyFresh = ({ headers, rawBody, secret, nowMs }: WebhookCheck): void => {
  const timestamp = headers['x-timestamp'] ?? '';
  const signed = Buffer.concat([Buffer.from(`${timestamp}POST${headers['x-path'] ?? ''}`), rawBody]);
  if (!sameText(headers['x-hmac-signature-v2'] ?? '', digest(secret, signed))) refuse('does not match');
  const age = Math.abs(nowMs - Date.parse(timestamp));
  if (!(age <= WINDOW_MS)) refuse('is stale');
};

/** Throws `unauthorised` for a forgery. Where EasyPost sends the newer signature it must hold, and be fresh to 5 minutes. */
export const verifyWebhook = (check: WebhookCheck): void => {
  if (check.secret === '') refuse('cannot be checked: this connection has no webhook secret');
  const verify = check.headers['x-hmac-signature-v2'] === undefined ? verifyBody : verifyFresh;
  verify(check);
};

const eventOf = (body: unknown): WebhookEvent => {
  const event = WebhookEvent.safeParse(body);
  if (!event.success) throw new Failure('invalid', 'the webhook is not an event of EasyPost');
  return event.data;
};

/** An event keeps its id over all tries to deliver it. */
export const deliveryIdOf = ({ rawBody }: { rawBody: Buffer }): string => {
  try {
    return eventOf(JSON.parse(rawBody.toString('utf8'))).id;
  } catch {
    throw new Failure('invalid', 'the webhook is not an event of EasyPost');
  }
};

export const readWebhook = ({ body }: { body: unknown }): WebhookMeaning => {
  const { description, result } = eventOf(body);
  if (!description.startsWith('tracker.')) return { kind: 'ignored', topic: description };
  if (!result?.tracking_code) throw new Failure('invalid', `EasyPost's ${description} names no tracking code`);
  return { kind: 'tracking', number: result.tracking_code, carrier: result.carrier ?? '' };
};
