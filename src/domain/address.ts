import { z } from 'zod';

/** Where a parcel goes, or where it comes from. */
export const Address = z.object({
  name: z.string(),
  company: z.string().default(''),
  line1: z.string(),
  line2: z.string().default(''),
  city: z.string(),
  region: z.string().default(''),
  postalCode: z.string().default(''),
  /** ISO 3166-1 alpha-2, or ZZ where the storefront named no single country. */
  country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 alpha-2 code'),
  phone: z.string().default(''),
  email: z.string().default(''),
  /** Only in documents of version 0.1: a part was made up. Nothing writes it. */
  made: z.boolean().optional(),
});
/** An address as a person types it in. */
export const AddressInput = Address.omit({ made: true }).strict();

export type Address = z.infer<typeof Address>;
