import { z } from 'zod';
import { Location } from '#domain/location.ts';
import { Variant } from '#domain/variant.ts';

const atMs = z.int().describe('Milliseconds since the epoch.');

export const LocationView = z.object({
  id: z.string(),
  code: z.string().describe('What offers, keys, legs and stock call it.'),
  name: z.string(),
  kind: Location.shape.kind,
  address: Location.shape.address.describe('Null: it can neither ship nor receive.'),
  contact: Location.shape.contact,
  timeZone: z.string().describe('IANA.'),
  cutOff: Location.shape.cutOff.describe('What is ordered after it leaves on the next day, local time.'),
  holidays: z.array(z.string()).describe('Days on which nothing leaves.'),
  connectionId: z.string().nullable(),
  carriers: z.array(z.string()).describe('Connections that may sell its labels, the preferred first; empty: any.'),
  fallback: z.boolean().describe('The next carrier takes over while an earlier one is paused or not live.'),
  active: z.boolean().describe('New offers may name it.'),
  changedBy: z.string(),
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toLocation = (location: Location) => ({
  id: location._id,
  code: location.code,
  name: location.name,
  kind: location.kind,
  address: location.address,
  contact: location.contact,
  timeZone: location.timeZone,
  cutOff: location.cutOff,
  holidays: location.holidays,
  connectionId: location.connectionId,
  carriers: location.carriers,
  fallback: location.fallback,
  active: location.active,
  changedBy: location.changedBy.name,
  createdAtMs: location.createdAtMs,
  updatedAtMs: location.updatedAtMs,
});

export const VariantView = z.object({
  id: z.string(),
  sku: z.string(),
  title: z.string(),
  brand: z.string(),
  attributes: Variant.shape.attributes,
  images: z.array(z.string()),
  gtin: Variant.shape.gtin,
  weightGrams: Variant.shape.weightGrams.describe('Of one unit.'),
  dimensions: Variant.shape.dimensions,
  origin: Variant.shape.origin,
  hsCodes: Variant.shape.hsCodes.describe('By market: `*`, `EU` or a country.'),
  dangerousGoods: Variant.shape.dangerousGoods,
  assumed: z.boolean().describe('A fact is assumed: it is used for nothing until a person confirms it.'),
  changedBy: z.string(),
  createdAtMs: atMs,
  updatedAtMs: atMs,
});
export const toVariant = (variant: Variant) => ({
  id: variant._id,
  sku: variant.sku,
  title: variant.title,
  brand: variant.brand,
  attributes: variant.attributes,
  images: variant.images,
  gtin: variant.gtin,
  weightGrams: variant.weightGrams,
  dimensions: variant.dimensions,
  origin: variant.origin,
  hsCodes: variant.hsCodes,
  dangerousGoods: variant.dangerousGoods,
  assumed: variant.assumed,
  changedBy: variant.changedBy.name,
  createdAtMs: variant.createdAtMs,
  updatedAtMs: variant.updatedAtMs,
});
