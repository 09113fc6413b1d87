import { z } from 'zod';
import { Currency, DecimalText } from '#domain/money.ts';
import { PlainDate } from '../plain-date.ts';
import { INCOTERM_CODES } from './goods.ts';
import { AVAILABLE_BY } from './message-fields.ts';
import { AmountTolerance } from './tolerance.ts';

const Name = z.string().min(1).max(140);
const Country = z.string().regex(/^[A-Z]{2}$/, 'is an ISO 3166 code such as CN');

/** The parts of a sales contract with which its credit must agree. */
export const SalesContract = z.strictObject({
  number: z.string().min(1).max(35),
  signed: PlainDate,
  seller: z.strictObject({
    name: Name,
    country: Country,
    /**
     * Names of the seller's city, region and country. A place of expiry with one of them is in the seller's country.
     */
    places: z.array(Name).min(1).max(50),
  }),
  buyer: z.strictObject({ name: Name, country: Country, places: z.array(Name).max(50) }),
  currency: Currency,
  amount: DecimalText,
  /** How far amount and quantity may deviate under the contract, in per cent; null: not at all. */
  tolerance: AmountTolerance.nullable(),
  goods: z.strictObject({
    description: z.string().min(1).max(6500),
    quantity: DecimalText,
    unit: z.string().min(1).max(40),
    unitPrice: DecimalText.nullable(),
  }),
  incoterm: z.strictObject({ code: z.enum(INCOTERM_CODES), place: Name }),
  loading: Name,
  discharge: Name,
  plannedShipment: PlainDate,
  /** Days between the planned date of shipment and the latest one. */
  shipmentBuffer: z.int().min(0).max(180),
  /** Days that the seller needs to present documents after shipment. */
  presentationDays: z.int().min(1).max(90),
  /** The day by which the buyer must have the credit issued. */
  creditDue: PlainDate,
  /** When payment is due: `at sight`, `60 days after B/L date`. */
  tenor: z.string().min(1).max(210),
  availableBy: z.array(z.enum(AVAILABLE_BY)).min(1),
  confirmed: z.boolean(),
  /** Who pays bank charges outside the buyer's country. */
  chargesAbroad: z.enum(['seller', 'buyer']),
  partialShipments: z.boolean(),
  transhipment: z.boolean(),
});
export type SalesContract = z.infer<typeof SalesContract>;
