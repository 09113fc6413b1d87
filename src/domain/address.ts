import { z } from 'zod';

/** Where a parcel goes. `made` marks a part that the storefront did not give and we filled in; a label shows it. */
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
  made: z.boolean().default(false),
});
export type Address = z.infer<typeof Address>;
