import { z } from 'zod';
import { COUNTRY_CODES } from '#domain/country.ts';
import { Currency } from '#domain/money.ts';
import { Incoterm } from '../incoterms/incoterms-2020.ts';

export const JURISDICTIONS = ['EU', 'GB', 'US', 'CA', 'AU', 'NZ', 'CH', 'NO', 'JP', 'BR', 'MX'] as const;
export const Jurisdiction = z.enum(JURISDICTIONS);
export type Jurisdiction = z.infer<typeof Jurisdiction>;

export const CHANNELS = ['postal', 'courier', 'ocean', 'air', 'road', 'rail'] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** Who sells to whom: a distance sale to a consumer, a sale between businesses, or an occasional private gift. */
export const SALES = ['b2c_distance', 'b2b', 'c2c_gift'] as const;
export const Sale = z.enum(SALES);
export type Sale = z.infer<typeof Sale>;

/** The special arrangement under which the tax is paid, if any. */
export const SCHEMES = [
  'none',
  'ioss',
  'special_arrangements',
  'voec',
  'remessa_conforme',
  'au_lvig',
  'nz_gst',
  'ch_mail_order',
  'jp_registered',
] as const;
export type Scheme = (typeof SCHEMES)[number];

const DECLARATIONS = ['H1', 'H7', 'formal', 'informal'] as const;

interface OpenTo {
  schemes: readonly Scheme[];
  declarations: readonly (typeof DECLARATIONS)[number][];
  /** False if the import has no tax besides duty, or one rate covers both. A tax rate has no meaning there. */
  taxed: boolean;
}

const NOTHING_SPECIAL: OpenTo = { schemes: [], declarations: [], taxed: true };

/** What a consignment may request besides `none`, by destination jurisdiction. */
export const OPEN_TO: Readonly<Record<Jurisdiction, OpenTo>> = {
  EU: { schemes: ['ioss', 'special_arrangements'], declarations: ['H1', 'H7'], taxed: true },
  GB: NOTHING_SPECIAL,
  US: { schemes: [], declarations: ['formal', 'informal'], taxed: false },
  CA: NOTHING_SPECIAL,
  AU: { ...NOTHING_SPECIAL, schemes: ['au_lvig'] },
  NZ: { ...NOTHING_SPECIAL, schemes: ['nz_gst'] },
  CH: { ...NOTHING_SPECIAL, schemes: ['ch_mail_order'] },
  NO: { ...NOTHING_SPECIAL, schemes: ['voec'] },
  JP: { ...NOTHING_SPECIAL, schemes: ['jp_registered'] },
  BR: { ...NOTHING_SPECIAL, schemes: ['remessa_conforme'] },
  MX: { ...NOTHING_SPECIAL, taxed: false },
};

/** Rules that a line may be exempt from if the declarant says so. */
export const EXEMPTIBLE = ['us.section-122', 'us.mpf', 'us.hmf'] as const;
export type Exemptible = (typeof EXEMPTIBLE)[number];

/**
 * Rules for which the caller may give a figure: the surcharge as a share, the others as an amount for the consignment.
 */
export const HANDED_IN = ['us.section-122', 'us.mpf', 'us.mpf-informal', 'nz.entry-fees'] as const;
export type HandedIn = (typeof HANDED_IN)[number];

const SHARE = /^\d(\.\d{1,10})?$/;
const Amount = z.string().regex(/^\d{1,11}(\.\d{1,4})?$/, 'has to be an amount as text, such as 12.50');
const Rate = z.string().regex(SHARE, 'has to be a share as text, such as 0.12 for 12 %');
const TaxRate = z.string().regex(/^0(\.\d{1,10})?$/, 'has to be a share below 1 as text, such as 0.20 for 20 %');
const Weight = z
  .string()
  .regex(/^(?=.*[1-9])\d{1,9}(\.\d{1,6})?$/, 'has to be a weight in kg above zero as text, such as 1.250');
const NO_COUNTRY = 'has to be an ISO 3166 code, such as CN';
const Code = z.string().regex(/^[A-Z]{2}$/, NO_COUNTRY);
const Country = Code.refine((code) => COUNTRY_CODES.has(code), NO_COUNTRY);
/** A country, or `EU` if the proof of origin names the Union. */
const Origin = Code.refine((code) => code === 'EU' || COUNTRY_CODES.has(code), NO_COUNTRY);
const Text = z.string().trim().min(1, 'must not be empty').max(200, 'is longer than 200 characters');

/** One layer of duty: a share of the customs value, an amount for the line, or an amount per 100 kg gross. */
export const DutyLayer = z
  .strictObject({
    /** Such as `mfn`, `section-301`, `section-232`, `ieepa`, `anti-dumping`. */
    code: Text,
    rate: Rate.optional(),
    /** For the whole line, in the currency of the country of import. */
    amount: Amount.optional(),
    /** Per 100 kg of gross weight, in the currency of the country of import. */
    per100kg: Amount.optional(),
    /** Where the figure was read. */
    source: Text.optional(),
  })
  .refine(({ rate, amount, per100kg }) => [rate, amount, per100kg].filter((one) => one !== undefined).length === 1, {
    message: 'has to have exactly one of rate, amount and per100kg',
  });
export type DutyLayer = z.infer<typeof DutyLayer>;

const basisOf = ({ rate, amount }: DutyLayer): string =>
  rate !== undefined ? 'rate' : amount !== undefined ? 'amount' : 'per100kg';

/** A compound duty has one code with several bases. The same code on the same basis is a duplicate. */
const noneTwice = (layers: readonly DutyLayer[]): boolean =>
  new Set(layers.map((layer) => `${layer.code}\n${basisOf(layer)}`)).size === layers.length;

export const ConsignmentLine = z.strictObject({
  /** Default: the number of the line, from 1. */
  id: Text.optional(),
  /** Dots and spaces, as printed in tariffs, are removed. */
  hs: z
    .string()
    .max(20, 'is longer than a code can be')
    .transform((code) => code.replace(/[. ]/g, ''))
    .pipe(z.string().regex(/^(?!00|77)\d{6,10}$/, 'has to be 6 to 10 digits of a chapter that there is')),
  /** The country of origin of the goods, which may differ from the country they are sent from. */
  origin: Origin.optional(),
  quantity: z.int().min(1, 'has to be at least 1').max(100_000_000, 'is too large'),
  /** The price of the whole line without separately shown freight and insurance. */
  value: Amount,
  weightKg: Weight.optional(),
  /** Short form of a layer `duty` with this rate. Tariffs are not on file: a line without a rate cannot be assessed. */
  dutyRate: Rate.optional(),
  layers: z.array(DutyLayer).max(20).refine(noneTwice, 'have one layer twice on the same basis').optional(),
  /** The rate above is preferential, and its proof of origin is available. */
  preference: z.boolean().default(false),
  /** The tax rate of this line if it is not the standard rate. */
  taxRate: TaxRate.optional(),
  /** Prohibited or restricted goods: the simplified declarations exclude them. */
  restricted: z.boolean().default(false),
  /** Rules that do not apply to this line, according to the declarant. */
  exemptFrom: z.array(z.enum(EXEMPTIBLE)).max(20).default([]),
});
export type ConsignmentLine = z.infer<typeof ConsignmentLine>;

export const ExchangeRate = z.strictObject({
  from: Currency,
  to: Currency,
  /** Units of `to` for one unit of `from`. */
  rate: z.string().regex(/^(?=.*[1-9])\d{1,7}(\.\d{1,10})?$/, 'has to be a rate above zero as text, such as 7.1032'),
  /** Who publishes the rate, and for which day. */
  source: Text,
});
export type ExchangeRate = z.infer<typeof ExchangeRate>;

/**
 * What is imported, with every figure that the country's law does not fix: prices, costs, tariff rates, exchange rates.
 * Amounts are text in `currency`; `freight` and `insurance` cover the way to the border of the country of import.
 */
export const Consignment = z.strictObject({
  jurisdiction: Jurisdiction,
  /** The country of import: a member state for the EU, otherwise the jurisdiction itself. */
  country: Country,
  /** For law that differs within the country: a province, a state, `NI` for Northern Ireland. */
  region: Text.optional(),
  currency: Currency,
  lines: z.array(ConsignmentLine).min(1, 'needs at least one line').max(5_000, 'has more than 5,000 lines'),
  freight: Amount.default('0'),
  insurance: Amount.default('0'),
  /** From the border to the first destination inland. */
  inlandFreight: Amount.default('0'),
  incoterm: Incoterm.optional(),
  channel: Channel.default('courier'),
  /** Where the goods begin their uninterrupted journey. */
  shipFrom: Country.optional(),
  /** False: only transhipped through `shipFrom`. */
  directShipment: z.boolean().default(true),
  sale: Sale.default('b2c_distance'),
  scheme: z.enum(SCHEMES).default('none'),
  /** The buyer is a business that gave its VAT number of the country of import. */
  buyerVatNumber: z.boolean().default(false),
  importerOfRecord: z.boolean().optional(),
  parcels: z.int().min(1).max(1_000_000).default(1),
  /** Default: the simplest declaration that the goods allow. */
  declaration: z.enum(DECLARATIONS).optional(),
  /** United States only, for post. */
  postalMethod: z.enum(['specific', 'ad_valorem']).optional(),
  /** One tax rate for all lines, if it is not on file or not the standard rate. */
  taxRate: TaxRate.optional(),
  fx: z.array(ExchangeRate).max(20).default([]),
  /** Figures for rules that have no row on the day. The caller is responsible for them, and the answer says so. */
  handedIn: z
    .array(
      z
        .strictObject({ rule: z.enum(HANDED_IN), value: Amount, source: Text })
        .refine(({ rule, value }) => rule !== 'us.section-122' || SHARE.test(value), {
          path: ['value'],
          message: 'has to be a share as text, such as 0.10 for 10 %',
        }),
    )
    .max(20)
    .refine((given) => new Set(given.map(({ rule }) => rule)).size === given.length, 'have one rule twice')
    .default([]),
});
export type Consignment = z.infer<typeof Consignment>;
export type ConsignmentInput = z.input<typeof Consignment>;

/** The currency in which each jurisdiction levies. The thresholds of Brazil and Mexico are in US dollars. */
export const LEVY_CURRENCY = {
  EU: 'EUR',
  GB: 'GBP',
  US: 'USD',
  CA: 'CAD',
  AU: 'AUD',
  NZ: 'NZD',
  CH: 'CHF',
  NO: 'NOK',
  JP: 'JPY',
  BR: 'BRL',
  MX: 'USD',
} as const satisfies Record<Jurisdiction, string>;
