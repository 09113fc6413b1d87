/** Everything a connector may import. */
export { Address } from '#domain/address.ts';
export { carrierKey } from '#domain/carrier.ts';
export type { Clock } from '#domain/clock.ts';
export { isCountry } from '#domain/country.ts';
export { EU_MEMBERS } from '#domain/eu-members.ts';
export { Failure, type FailureCode, isFailure } from '#domain/failure.ts';
export {
  type IncomingCharge,
  type IncomingFulfilment,
  type IncomingLine,
  IncomingOrder,
  type IncomingPayment,
  type IncomingRefund,
  type IncomingShopHold,
} from '#domain/incoming-order.ts';
export { type LevelChange, ListingRead, LocationRead, type PushReport } from '#domain/listing.ts';
export { allocate, exponentOf, extend, fromMinor, toMinor } from '#domain/money.ts';
export { type Attribute, LineFacts, OrderFacts, TaxId } from '#domain/order-facts.ts';
export { type PurchaseReport, type PurchaseRequest, SupplyLevel } from '#domain/purchase.ts';
export type {
  Confirmation,
  Label,
  LabelRequest,
  Rate,
  Tracking,
  TrackingReport,
  TrackingUpdate,
} from '#domain/shipment.ts';
export { readFacts } from '#domain/variant.ts';
export * from './capabilities.ts';
export { type ClientOptions, type Limiter, makeClient, refusalWords } from './client.ts';
export * from './connector.ts';
export * from './coverage.ts';
export { parseExact } from './exact-json.ts';
export type { Files, FilesTarget } from './files.ts';
export type { Answer, Call, Http } from './http.ts';
export { parseJson } from './json.ts';
export { memoryLimiter } from './memory-limiter.ts';
export { fitting, rawOf, readEach } from './read-each.ts';
export { openFiles } from './sftp.ts';
export * from './signatures.ts';
