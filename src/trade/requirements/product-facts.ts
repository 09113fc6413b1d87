import { z } from 'zod';
import { PlainDate } from '../plain-date.ts';

export const CATEGORIES = [
  'electronics',
  'toys',
  'batteries',
  'textiles',
  'cosmetics',
  'chemicals',
  'food',
  'footwear',
  'general',
] as const;

/** Proofs, marks and registrations of a product. One list, so that rules and facts use the same names. */
export const EVIDENCE_KINDS = [
  // European Union and United Kingdom
  'CE',
  'EN71',
  'BATTERY_LABEL',
  'BATTERY_REGISTER',
  'ENERGY_LABEL',
  'FIBRE_COMPOSITION',
  'WEEE',
  'LUCID',
  'UIN',
  'CPNP',
  'SCIP',
  'UKCA',
  'SCPN',
  'UK_PRODUCER_ADDRESS',
  // United States
  'FCC',
  'CPC',
  'GCC',
  'FTC_TEXTILE_LABEL',
  'FDA_FACILITY',
  'FDA_PRIOR_NOTICE',
  'FSVP',
  'MOCRA',
  // Elsewhere
  'PSE',
  'GITEKI',
  'KC',
  'RCM',
  'ISED',
  'BILINGUAL_LABEL',
  'SABER_PCOC',
  'SABER_SCOC',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

const Text = z.string().max(1000);
const Country = z.string().regex(/^[A-Z]{2}$/, 'a country in two capital letters such as DE');

export const Contact = z.strictObject({
  name: Text,
  /** Where it is established. */
  country: Country,
  postalAddress: Text.nullable(),
  /** An e-mail address or a page with a contact form. */
  electronicAddress: Text.nullable(),
});
export type Contact = z.infer<typeof Contact>;

/** Roles of three different laws. One firm may have all of them, but none replaces another. */
export const RESPONSIBLE_ROLES = ['gpsr', 'market_surveillance', 'cosmetics'] as const;

/** The seven data elements of 16 CFR 1110. */
export const CPSC_ELEMENTS = [
  'productId',
  'citations',
  'manufactureDate',
  'manufacturePlace',
  'testDate',
  'laboratory',
  'contact',
] as const;

/** What is known about a product when it is to be listed or sent. */
export const ProductFacts = z.strictObject({
  categories: z.array(z.enum(CATEGORIES)).min(1).max(CATEGORIES.length),
  /** Six digits or more; null while unclassified. */
  hs: z
    .string()
    .regex(/^\d{6,10}$/)
    .nullable(),
  /** Offered to consumers; GPSR and CPSC do not cover goods for businesses only. */
  consumer: z.boolean(),
  flags: z.strictObject({
    /** For children: up to 12 years in the United States. */
    children: z.boolean(),
    /** Transmits by radio. */
    radio: z.boolean(),
    energyLabelled: z.boolean(),
    /** Under a rule, ban or standard of the CPSC. */
    cpscRegulated: z.boolean(),
    /** An SVHC above 0.1 % by mass; null if unknown. */
    svhc: z.boolean().nullable(),
  }),
  manufacturer: Contact.nullable(),
  responsible: z.array(z.strictObject({ role: z.enum(RESPONSIBLE_ROLES), ...Contact.shape })).max(20),
  listing: z.strictObject({
    picture: z.boolean(),
    type: Text.nullable(),
    /** Model, batch or another identifier, such as a GTIN. */
    identifier: Text.nullable(),
  }),
  /** Warnings and safety information; null if the product needs none. Languages by ISO 639-1. */
  warnings: z
    .strictObject({ languages: z.array(z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)).max(60) })
    .nullable(),
  evidence: z
    .array(
      z.strictObject({
        kind: z.enum(EVIDENCE_KINDS),
        /** For registrations that are valid in one country. */
        country: Country.nullable(),
        /** Its number; null for a mark or a paper without one. */
        id: Text.nullable(),
        /** The last day on which it is valid. */
        expires: PlainDate.nullable(),
      }),
    )
    .max(200),
  /** The certificate as filed with the CPSC; null if none is. */
  cpsc: z
    .strictObject({
      certificateId: Text.nullable(),
      elements: z.partialRecord(z.enum(CPSC_ELEMENTS), Text),
    })
    .nullable(),
});
export type ProductFacts = z.infer<typeof ProductFacts>;

/** Where and how the product is to be offered. */
export const Destination = z.strictObject({
  /** ISO 3166-1 alpha-2; XI for Northern Ireland, GB for the rest of the United Kingdom. */
  country: Country,
  /** Entered for consumption out of a US foreign trade zone. */
  foreignTradeZone: z.boolean(),
  /** Set if the seller is itself the provider of an online marketplace (Art. 22 GPSR). */
  marketplace: z
    .strictObject({
      authorityContact: z.boolean(),
      consumerContact: z.boolean(),
      safetyGateRegistered: z.boolean(),
      actsOnNotices: z.boolean(),
    })
    .nullable(),
});
export type Destination = z.infer<typeof Destination>;
