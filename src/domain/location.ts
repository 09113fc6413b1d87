import { z } from 'zod';
import { Actor } from './actor.ts';
import { Address } from './address.ts';
import { isCountry } from './country.ts';
import { idOf } from './ids.ts';
import { missingIn } from './may-proceed.ts';

export const LOCATION_KINDS = [
  'own',
  'third_party',
  'factory',
  'principal',
  'supplier',
  'in_transit',
  'bonded',
] as const;

/** What the merchant says of a place where goods are. */
const FACTS = {
  name: z.string().trim().min(1).max(120),
  kind: z.enum(LOCATION_KINDS),
  /** The sender of its labels and the ship-to of purchases for it. Null: it can neither ship nor receive. */
  address: Address.nullable(),
  contact: z.object({ name: z.string().max(120), phone: z.string().max(60), email: z.string().max(200) }),
  /** IANA, such as Europe/London. */
  timeZone: z.string().max(60),
  /** What is ordered after it leaves on the next day, local time. */
  cutOff: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 16:30')
    .nullable(),
  /** Days on which nothing leaves. */
  holidays: z.array(z.iso.date()).max(400),
  /** The account that runs it, where an outside system does. */
  connectionId: z.string().nullable(),
  /** Logistics connections that may sell its labels, the preferred one first. Empty: any, as long as there is one. */
  carriers: z.array(z.string()).max(20),
  /** The next of `carriers` takes over while an earlier one is paused or not live. */
  fallback: z.boolean(),
  /** New offers may name it. */
  active: z.boolean(),
} as const;

const LocationFacts = z.object(FACTS);
export type LocationFacts = z.infer<typeof LocationFacts>;

/** The reference of a location in offers, keys, legs and stock. `supplier:` is kept for the shelves that connections imply. */
export const LocationCode = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\s:|][^:|]*$/, 'letters, digits and signs, without “:” and “|”');

/** A place where goods are, by the code that the merchant gave it. */
export const Location = LocationFacts.extend({
  _id: z.string(),
  workspaceId: z.string(),
  code: z.string(),
  changedBy: Actor,
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});
export type Location = z.infer<typeof Location>;

/** An address as a person types it: what is wrong with it is said by `wrongIn`, field by field. */
const AddressInput = z.strictObject({
  name: z.string().trim().max(120).default(''),
  company: z.string().trim().max(120).default(''),
  line1: z.string().trim().max(200).default(''),
  line2: z.string().trim().max(200).default(''),
  city: z.string().trim().max(120).default(''),
  region: z.string().trim().max(120).default(''),
  postalCode: z.string().trim().max(40).default(''),
  country: z.string().trim().max(60).default('').describe('ISO 3166-1 alpha-2.'),
  phone: z.string().trim().max(60).default(''),
  email: z.string().trim().max(200).default(''),
});

/** Changes of a location: what is left out stays as it is. */
export const LocationChanges = z
  .strictObject({
    ...FACTS,
    address: AddressInput.nullable(),
    contact: z.strictObject({
      name: z.string().trim().max(120).default(''),
      phone: z.string().trim().max(60).default(''),
      email: z.string().trim().max(200).default(''),
    }),
  })
  .partial();
export type LocationChanges = z.infer<typeof LocationChanges>;

export const locationId = (workspaceId: string, code: string): string => idOf('lo', workspaceId, code);

/** A location that nobody has said anything of yet. */
export const newLocation = (given: {
  workspaceId: string;
  code: string;
  kind: Location['kind'];
  by: Actor;
  atMs: number;
}): Location => ({
  _id: locationId(given.workspaceId, given.code),
  workspaceId: given.workspaceId,
  code: given.code,
  name: given.code,
  kind: given.kind,
  address: null,
  contact: { name: '', phone: '', email: '' },
  timeZone: 'UTC',
  cutOff: null,
  holidays: [],
  connectionId: null,
  carriers: [],
  fallback: false,
  active: true,
  changedBy: given.by,
  createdAtMs: given.atMs,
  updatedAtMs: given.atMs,
});

/** The location with what is said of it; what is left out stays. */
export const withChanges = (location: Location, changes: LocationChanges, by: Actor, atMs: number): Location => ({
  ...location,
  name: changes.name ?? location.name,
  kind: changes.kind ?? location.kind,
  address: changes.address === undefined ? location.address : changes.address,
  contact: changes.contact ?? location.contact,
  timeZone: changes.timeZone ?? location.timeZone,
  cutOff: changes.cutOff === undefined ? location.cutOff : changes.cutOff,
  holidays: changes.holidays ?? location.holidays,
  connectionId: changes.connectionId === undefined ? location.connectionId : changes.connectionId,
  carriers: changes.carriers ?? location.carriers,
  fallback: changes.fallback ?? location.fallback,
  active: changes.active ?? location.active,
  changedBy: by,
  updatedAtMs: atMs,
});

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** The first thing that is wrong with a location by itself, or null. What it refers to is asked elsewhere. */
export const wrongIn = (location: LocationFacts): { field: string; why: string } | null => {
  const { address, timeZone, name } = location;
  if (address) {
    if (address.country !== '' && !isCountry(address.country))
      return {
        field: 'address.country',
        why: `${address.country} is no country: give its ISO 3166-1 code, such as GB`,
      };
    const missing = address.country === '' ? 'country' : missingIn(address, name);
    if (missing)
      return { field: `address.${missing}`, why: `the address has no ${missing === 'line1' ? 'street' : missing}` };
  }
  if (!isTimeZone(timeZone))
    return { field: 'timeZone', why: `${timeZone} is no time zone: give its IANA name, such as Europe/London` };
  if (new Set(location.carriers).size < location.carriers.length)
    return { field: 'carriers', why: 'a carrier is named twice' };
  return null;
};

/** The address as it stands on a label or a purchase; null for a location that has none and so neither ships nor receives. */
export const shippingAddress = (location: Pick<Location, 'address' | 'contact' | 'name'> | null): Address | null => {
  if (!location?.address) return null;
  const { address, contact, name } = location;
  return {
    ...address,
    name: address.name || contact.name,
    company: address.company || name,
    phone: address.phone || contact.phone,
    email: address.email || contact.email,
  };
};
