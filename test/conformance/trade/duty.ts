import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { Exact, exact, moneyText } from '../../../src/trade/decimal.ts';
import { auLowValueSale } from '../../../src/trade/duty/assess-au.ts';
import { caDues } from '../../../src/trade/duty/assess-ca.ts';
import { chImportTax } from '../../../src/trade/duty/assess-ch.ts';
import { euSaleReceipt } from '../../../src/trade/duty/assess-eu.ts';
import { gbRegime } from '../../../src/trade/duty/assess-gb.ts';
import { noRegimes } from '../../../src/trade/duty/assess-no.ts';
import { usPostalSpecificDuty, usSurcharge } from '../../../src/trade/duty/assess-us.ts';
import type { Channel, ConsignmentInput } from '../../../src/trade/duty/consignment.ts';
import { type LandedCost, landedCost } from '../../../src/trade/duty/landed-cost.ts';
import { noVat } from '../../../src/trade/duty/rules-no.ts';
import { plainDate } from '../../../src/trade/plain-date.ts';
import { type AsOf, noRow, ruleOn } from '../../../src/trade/rule.ts';
import type { Answer } from './vector.ts';

type Input = Record<string, unknown>;
type Given = Partial<ConsignmentInput>;

/** The day used for questions without a date: the day the reference was written. */
const TODAY = plainDate('2026-11-24');

const invalid = (field: string, reason: string): Failure =>
  new Failure('invalid', `${field}: ${reason}`, { safe: { field, reason } });

const read = <S extends z.ZodType>(schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(issue?.path.join('.') ?? 'input', issue?.message ?? 'is not valid');
};

/** Figures are text; a JSON number that is exact as text is the same question. */
const Figure = z.union([z.string(), z.number().transform(String)]);
const figure = (input: Input, key: string): string => {
  const parsed = Figure.safeParse(input[key]);
  if (parsed.success) return parsed.data;
  throw invalid(key, input[key] === undefined ? 'is missing' : 'has to be a figure as text');
};

const asOf = ({ date }: Input): AsOf => ({
  on: date === undefined ? TODAY : plainDate(typeof date === 'string' ? date : ''),
  today: TODAY,
});

/** Goods without special rules, for questions that do not say what is imported. */
const ANY_GOODS = '950300';

interface OneLine {
  value: string;
  hs?: string;
  origin?: string;
  dutyRate?: string | undefined;
}

const oneLine = ({ value, hs = ANY_GOODS, origin, dutyRate }: OneLine) => [
  {
    hs,
    quantity: 1,
    value,
    ...(origin === undefined ? {} : { origin }),
    ...(dutyRate === undefined ? {} : { dutyRate }),
  },
];

const landed = (
  jurisdiction: ConsignmentInput['jurisdiction'],
  currency: string,
  lines: ConsignmentInput['lines'],
  rest: Given,
  on: AsOf,
): LandedCost => landedCost({ jurisdiction, country: jurisdiction, currency, lines, ...rest }, on);

const stepAmount = ({ steps, currency }: LandedCost, ...codes: string[]): string =>
  moneyText(
    steps.filter(({ code }) => codes.includes(code)).reduce((sum, { amount }) => sum.plus(amount), new Exact(0)),
    currency,
  );

const added = (currency: string, ...amounts: string[]): string =>
  moneyText(
    amounts.reduce((sum, amount) => sum.plus(amount), new Exact(0)),
    currency,
  );

const optional = (input: Input, key: string): string | undefined =>
  input[key] === undefined ? undefined : figure(input, key);

// European Union

const Code = z.string().max(40).optional();
const Lines = z
  .array(z.looseObject({ hs6: Code, hs: Code, hs10: Code, taric10: Code, qty: z.int().min(1).default(1) }))
  .min(1)
  .max(5_000);

const scheme = (input: Input): Given =>
  input['ioss'] === undefined || input['ioss'] === false
    ? {}
    : { scheme: read(z.object({ ioss: z.literal(true) }), input) && 'ioss' };

const declaration = ({ declaration: given }: Input): Given =>
  given === undefined ? {} : { declaration: read(z.enum(['H1', 'H7']), given) };

const country = (input: Input, otherwise: string): string =>
  input['country'] === undefined ? otherwise : read(z.looseObject({ country: z.string().max(40) }), input).country;

const rateOf = (input: Input, key: string): Given => {
  const rate = optional(input, key);
  return rate === undefined ? {} : { taxRate: rate };
};

const euReceipt = (input: Input) => {
  const [goods, transport] = [figure(input, 'goods'), figure(input, 'transport')];
  const given = { goods, transport, insurance: figure(input, 'insurance'), vatRate: figure(input, 'vatRate') };
  const receipt = euSaleReceipt(given, asOf(input));
  const text = (amount: Exact) => moneyText(amount, 'EUR');
  return {
    intrinsicValue: text(receipt.intrinsicValue),
    iossEligible: receipt.iossEligible,
    vat: text(receipt.vat),
    total: text(receipt.total),
  };
};

const euTariff = (input: Input) => {
  const [goods, freightToBorder] = [figure(input, 'goods'), figure(input, 'freightToBorder')];
  const { totals } = landed(
    'EU',
    'currency' in input ? read(z.looseObject({ currency: z.string() }), input).currency : 'EUR',
    oneLine({ value: goods, dutyRate: optional(input, 'dutyRate') }),
    {
      country: country(input, 'DE'),
      freight: freightToBorder,
      insurance: optional(input, 'insurance') ?? '0',
      inlandFreight: optional(input, 'inlandFreight') ?? '0',
      ...rateOf(input, 'vatRate'),
      ...scheme(input),
    },
    asOf(input),
  );
  return {
    customsValue: totals.customsValue,
    duty: totals.duty,
    importVat: totals.tax,
    dutyPlusVat: added('EUR', totals.duty, totals.tax),
  };
};

/**
 * The price is given for all lines together. Giving each line but the first one unit keeps the sum and the
 * classification.
 */
const euItems = (input: Input) => {
  const { lines, goods } = read(z.looseObject({ lines: Lines, goods: Figure }), input);
  const rate = optional(input, 'dutyRate');
  const priced = lines.map(({ hs6, hs, hs10, taric10, qty }, at) => ({
    hs: taric10 ?? hs10 ?? hs ?? hs6 ?? '',
    quantity: qty,
    value: at === 0 ? goods : '0',
    ...(rate === undefined ? {} : { dutyRate: rate }),
  }));
  // The questions are not about national fees, and with a given rate the member state does not matter.
  const member = input['vatRate'] === undefined ? country(input, '') : 'DE';
  const { items, totals } = landed(
    'EU',
    'EUR',
    priced,
    {
      country: member,
      freight: optional(input, 'freight') ?? '0',
      insurance: optional(input, 'insurance') ?? '0',
      ...rateOf(input, 'vatRate'),
      ...scheme(input),
      ...declaration(input),
    },
    asOf(input),
  );
  const costs = [totals.goods, totals.freight, totals.insurance, totals.duty, totals.tax];
  return { items, duty: totals.duty, vat: totals.tax, total: added('EUR', ...costs) };
};

// Great Britain

const gb = (input: Input) => {
  const goods = figure(input, 'goods');
  const freight = optional(input, 'shippingShownSeparately') ?? optional(input, 'freight') ?? '0';
  const rest = { freight, insurance: optional(input, 'insurance') ?? '0', ...rateOf(input, 'vatRate') };
  const assessed = optional(input, 'dutyAmount');
  if (assessed !== undefined) {
    const line = { hs: ANY_GOODS, quantity: 1, value: goods, layers: [{ code: 'duty', amount: assessed }] };
    const { totals } = landed('GB', 'GBP', [line], rest, asOf(input));
    return { vat: totals.tax, dutyPlusVat: added('GBP', totals.duty, totals.tax) };
  }
  const line = oneLine({ value: goods, dutyRate: optional(input, 'dutyRate') });
  const { regime, totals } = landed('GB', 'GBP', line, rest, asOf(input));
  if (regime === 'supply-vat')
    return { intrinsic: totals.intrinsicValue, regime, duty: totals.duty, vat: totals.tax, total: totals.total };
  const dutyPlusVat = added('GBP', totals.duty, totals.tax);
  return { regime, customsValue: totals.customsValue, duty: totals.duty, importVat: totals.tax, dutyPlusVat };
};

const gbBoundary = (input: Input) => {
  const intrinsic = figure(input, 'intrinsic');
  return { regime: gbRegime(exact(intrinsic, 'intrinsic'), asOf(input)).regime };
};

// United States

const CHANNEL: Readonly<Record<string, Channel>> = {
  courier: 'courier',
  express: 'courier',
  post: 'postal',
  postal: 'postal',
  mail: 'postal',
  ocean: 'ocean',
  sea: 'ocean',
  vessel: 'ocean',
  air: 'air',
  road: 'road',
  truck: 'road',
  rail: 'rail',
};

const channelOf = (given: unknown, field: string): Channel => {
  const channel = typeof given === 'string' && Object.hasOwn(CHANNEL, given) ? CHANNEL[given] : undefined;
  if (channel) return channel;
  throw invalid(field, `has to be one of ${Object.keys(CHANNEL).join(', ')}`);
};

/** A question about a fiscal year is asked for its first day, 1 October of the previous year. */
const usEntry = (input: Input) => {
  const schema = z.looseObject({
    enteredValueFOB: Figure,
    fiscalYear: z.int().min(1000).max(9999).optional(),
  });
  const { enteredValueFOB, fiscalYear } = read(schema, input);
  const channel = channelOf(input['mode'], 'mode');
  const on = fiscalYear === undefined ? asOf(input) : { on: plainDate(`${fiscalYear - 1}-10-01`), today: TODAY };
  const line = oneLine({ value: enteredValueFOB, dutyRate: optional(input, 'dutyRate') });
  const cost = landed('US', 'USD', line, { channel, sale: 'b2b' }, on);
  return {
    duty: cost.totals.duty,
    mpf: stepAmount(cost, 'mpf'),
    hmf: stepAmount(cost, 'hmf'),
    total: cost.totals.dutyAndTax,
  };
};

const usPostal = (input: Input) => {
  const schema = z.looseObject({ ieepaRatePct: Figure, items: z.int(), method: z.enum(['specific', 'ad valorem']) });
  const { ieepaRatePct, items, method } = read(schema, input);
  if (method === 'specific') return { dutyUSD: usPostalSpecificDuty(ieepaRatePct, items, asOf(input)).value.toFixed() };
  const value = figure(input, 'value');
  const rate = exact(ieepaRatePct, 'ieepaRatePct', { max: '1000' }).div(100).toFixed();
  const line = { hs: ANY_GOODS, quantity: items, value, layers: [{ code: 'ieepa', rate }] };
  return { dutyUSD: landed('US', 'USD', [line], { channel: 'postal' }, asOf(input)).totals.duty };
};

const usSection122 = (input: Input) => {
  const value = figure(input, 'value');
  return { surcharge: moneyText(usSurcharge(exact(value, 'value'), asOf(input)).value, 'USD') };
};

// Canada, Australia

const shipFromOf = ({ shippedFrom }: Input): string => {
  if (typeof shippedFrom === 'string' && /^[A-Z]{2}$/.test(shippedFrom)) return shippedFrom;
  throw invalid('shippedFrom', 'has to be an ISO 3166 code');
};

const caThreshold = (input: Input) => {
  const value = exact(figure(input, 'cad'), 'cad');
  const channel = channelOf(input['channel'], 'channel');
  const shipment = { value, channel, shipFrom: shipFromOf(input), directShipment: true };
  const { dutyApplies, taxApplies } = caDues(shipment, asOf(input));
  return { dutyApplies, taxApplies };
};

const handed = 'handed in with the question';

const ca = (input: Input) => {
  const [usd, fxCADperUSD] = [figure(input, 'usd'), figure(input, 'fxCADperUSD')];
  const { totals } = landed(
    'CA',
    'USD',
    oneLine({ value: usd, dutyRate: optional(input, 'dutyRate') }),
    {
      channel: input['channel'] === undefined ? 'postal' : channelOf(input['channel'], 'channel'),
      ...(input['shippedFrom'] === undefined ? {} : { shipFrom: shipFromOf(input) }),
      fx: [{ from: 'USD', to: 'CAD', rate: fxCADperUSD, source: handed }],
      ...rateOf(input, 'taxRate'),
    },
    asOf(input),
  );
  return { valueForDuty: totals.customsValue, duty: totals.duty, tax: totals.tax, total: totals.dutyAndTax };
};

const auImport = (input: Input, currency: string, value: string, freight: string, fx: ConsignmentInput['fx']) => {
  const line = oneLine({ value, dutyRate: optional(input, 'dutyRate') });
  const rest: Given = { freight, fx: fx ?? [], scheme: 'au_lvig' };
  const { totals } = landed('AU', currency, line, rest, asOf(input));
  return {
    customsValue: totals.customsValue,
    duty: totals.duty,
    voti: totals.taxBase,
    gst: totals.tax,
    total: totals.dutyAndTax,
  };
};

const auUsd = (input: Input) => {
  const given = { usd: figure(input, 'usd'), fxUSDperAUD: figure(input, 'fxUSDperAUD') };
  const fx = [{ from: 'AUD', to: 'USD', rate: given.fxUSDperAUD, source: handed }];
  return auImport(input, 'USD', given.usd, optional(input, 'postageInsUSD') ?? '0', fx);
};

const auAud = (input: Input) =>
  auImport(input, 'AUD', figure(input, 'aud'), optional(input, 'transportInsAUD') ?? '0', []);

const auSale = (input: Input) => {
  const [priceInclGst, deliveryInclGst] = [figure(input, 'priceInclGst'), figure(input, 'deliveryInclGst')];
  const { customsValue, isLvig, gst } = auLowValueSale({ priceInclGst, deliveryInclGst }, asOf(input));
  return { customsValue: moneyText(customsValue, 'AUD'), isLVIG: isLvig, gst: moneyText(gst, 'AUD') };
};

// Switzerland, Norway, Japan

const ch = (input: Input) => {
  const [base, vat] = [figure(input, 'base'), figure(input, 'vat')];
  const tax = chImportTax(exact(base, 'base'), exact(vat, 'vat', { max: '1' }), asOf(input));
  const text = (amount: Exact) => moneyText(amount, 'CHF');
  return { raw: tax.raw.toFixed(), rounded5c: text(tax.rounded), collected: text(tax.collected) };
};

const no = (input: Input) => {
  const { itemsNOK } = read(z.looseObject({ itemsNOK: z.array(Figure).min(1).max(5_000) }), input);
  const on = asOf(input);
  const { regimes } = noRegimes(
    itemsNOK.map((price, at) => exact(price, `itemsNOK.${at}`)),
    on,
  );
  const sold = itemsNOK
    .filter((_, at) => regimes[at] === 'voec')
    .map((value) => ({ hs: ANY_GOODS, quantity: 1, value }));
  ruleOn(noVat, on);
  const tax = sold.length === 0 ? '0.00' : landed('NO', 'NOK', sold, { scheme: 'voec' }, on).totals.tax;
  return { regime: [...regimes], voecVat: tax };
};

const jp = (input: Input) => {
  const retailJPY = figure(input, 'retailJPY');
  const line = oneLine({ value: retailJPY, dutyRate: optional(input, 'dutyRate') });
  const cost = landed('JP', 'JPY', line, {}, asOf(input));
  return {
    taxableValue: cost.totals.customsValue,
    duty: cost.totals.duty,
    nationalCT: stepAmount(cost, 'jct-national'),
    localCT: stepAmount(cost, 'jct-local'),
    total: cost.totals.dutyAndTax,
  };
};

// Brazil, Mexico

const br = (input: Input) => {
  const [fxBRL, icms] = [figure(input, 'fxBRL'), figure(input, 'icms')];
  const { remessaConforme } = read(z.looseObject({ remessaConforme: z.boolean() }), input);
  const currency = input['usd'] === undefined ? 'BRL' : 'USD';
  const value = currency === 'USD' ? figure(input, 'usd') : figure(input, 'brl');
  const { totals } = landed(
    'BR',
    currency,
    oneLine({ value }),
    {
      fx: [{ from: 'USD', to: 'BRL', rate: fxBRL, source: handed }],
      taxRate: icms,
      scheme: remessaConforme ? 'remessa_conforme' : 'none',
    },
    asOf(input),
  );
  return { ii: totals.duty, icms: totals.tax, total: totals.total };
};

const mx = (input: Input) => {
  const { usd, origin } = read(z.looseObject({ usd: Figure, origin: z.string().max(40) }), input);
  const line = oneLine({ value: usd, origin: origin === 'USMCA' ? 'US' : origin });
  return { tax: landed('MX', 'USD', line, {}, asOf(input)).totals.tax };
};

/** A form is recognised by its keys, within its jurisdiction; the first match is used. */
const FORMS: Readonly<Record<string, readonly (readonly [key: string, ask: (input: Input) => unknown])[]>> = {
  EU: [
    ['lines', euItems],
    ['freightToBorder', euTariff],
    ['transport', euReceipt],
  ],
  GB: [
    ['intrinsic', gbBoundary],
    ['goods', gb],
  ],
  US: [
    ['enteredValueFOB', usEntry],
    ['ieepaRatePct', usPostal],
    ['value', usSection122],
  ],
  CA: [
    ['cad', caThreshold],
    ['usd', ca],
  ],
  AU: [
    ['priceInclGst', auSale],
    ['usd', auUsd],
    ['aud', auAud],
  ],
  CH: [['base', ch]],
  NO: [['itemsNOK', no]],
  JP: [['retailJPY', jp]],
  BR: [['fxBRL', br]],
  MX: [['usd', mx]],
};

/** Answers a landed-cost question; throws the engine's Failure if there is no row. */
export const answer: Answer = (_id, input) => {
  const { jurisdiction } = read(z.looseObject({ jurisdiction: z.string().max(40) }), input);
  const forms = Object.hasOwn(FORMS, jurisdiction) ? FORMS[jurisdiction] : undefined;
  if (!forms) throw noRow(`import rules of ${jurisdiction}`, 'jurisdiction');
  const form = forms.find(([key]) => input[key] !== undefined);
  if (!form) throw invalid(forms[0]?.[0] ?? 'input', 'is missing');
  return form[1](input);
};
