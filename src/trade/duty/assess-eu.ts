import { Exact, exact, roundMoney } from '../decimal.ts';
import { invalid } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, noRow, type Ruled, ruleOn } from '../rule.ts';
import { isOnFile } from './dated-row.ts';
import { bearsExcise, exceptedKindOf } from './excepted-goods.ts';
import {
  type Assess,
  type Assessment,
  advice,
  cifValues,
  considerations,
  inlandCosts,
  type Levied,
  levyOfAmount,
  nothingPerLine,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import {
  type EuLowValueDuty,
  euGift,
  euHandlingFee,
  euIossVatBase,
  euLowValueDuty,
  euLowValueLimit,
  euNationalFees,
  euProductIdentifiers,
  euVat,
} from './rules-eu.ts';
import { sumOf, type WorkLine, type Worksheet } from './worksheet.ts';

export type EuDeclaration = 'H1' | 'H7';

/** H7 uses HS 6, H1 the TARIC code: the number of digits that distinguish the items of a declaration. */
const CODE_LENGTH: Record<EuDeclaration, number> = { H1: 10, H7: 6 };

/** The lines of each item. An item is one classification, not a piece, an invoice line or a parcel. */
export const euItems = (codes: readonly string[], declaration: EuDeclaration): ReadonlyMap<string, number[]> => {
  const items = new Map<string, number[]>();
  for (const [line, code] of codes.entries()) {
    const key = code.slice(0, CODE_LENGTH[declaration]);
    const lines = items.get(key);
    if (lines) lines.push(line);
    else items.set(key, [line]);
  }
  return items;
};

/** `relieved`: the relief applied to goods declared with H7, and alcohol, tobacco and perfume were excluded from it. */
const declarationOf = ({ consignment, lines }: Worksheet, low: boolean, relieved: boolean): EuDeclaration => {
  const wanted = consignment.declaration;
  const barred = ({ given }: WorkLine) =>
    bearsExcise(given.hs) || given.restricted || given.preference || (relieved && exceptedKindOf(given.hs) !== null);
  if (wanted === 'H1') return 'H1';
  if (low && !lines.some(barred)) return 'H7';
  if (wanted === 'H7')
    throw invalid('declaration', 'H7 is not open to goods of high value, excise, restriction or preference; use H1');
  return 'H1';
};

/** EUR 3 per item. The lines of an item share it by value. */
const itemDuty = (sheet: Worksheet, items: ReadonlyMap<string, number[]>, perItem: string): Levied[] => {
  if (items.size === 0) return [];
  const name = { code: 'item-duty', kind: 'duty', at: 'import', rule: euLowValueDuty.id } as const;
  const each = [...items.values()].map((lines) =>
    levyOfAmount(
      name,
      lines.map((line) => ({ line, base: sheet.lines[line]?.goods ?? 0 })),
      new Exact(perItem),
      sheet.currency,
    ),
  );
  return [
    {
      ...name,
      base: new Exact(items.size),
      rate: `EUR ${perItem} an item`,
      byWeight: false,
      rounding: 'none',
      amount: new Exact(perItem).times(items.size),
      shares: each.flatMap(({ shares }) => shares),
    },
  ];
};

interface Duties {
  regime: string;
  duties: readonly Levied[];
  notices: readonly Notice[];
}

/** Lines with the same code may still be several items if their codes are too short or their origins differ. */
const itemAdvice = (lines: readonly WorkLine[], declaration: EuDeclaration): Notice[] => {
  if (declaration === 'H7') return [];
  const codes = lines.map(({ given }) => given.hs);
  const short = codes.some((code) => code.length < CODE_LENGTH.H1);
  const origins = new Set(lines.map(({ given }) => `${given.hs} ${given.origin ?? ''}`)).size > new Set(codes).size;
  return [
    ...(short ? ['H1 counts TARIC codes of 10 digits: shorter codes may hide further items'] : []),
    ...(origins ? ['lines of one code but of several origins may count as several items in H1'] : []),
  ].map((message) => advice(euLowValueDuty.id, message));
};

const lowValueDuties = (
  sheet: Worksheet,
  values: readonly number[],
  declaration: EuDeclaration,
  ioss: boolean,
  { value: rule, notices }: Ruled<EuLowValueDuty>,
): Duties => {
  if (rule.sales !== 'any' && rule.sales !== sheet.consignment.sale)
    return { regime: 'tariff', duties: tariffDuties(sheet, values), notices };
  if (new Exact(rule.perItem).isZero())
    return {
      regime: 'low-value-relief',
      duties: tariffDuties(sheet, values, ({ given }) => rule.excepted && exceptedKindOf(given.hs) !== null),
      notices,
    };
  const prefers = (line: number) => !ioss && sheet.lines[line]?.given.preference === true;
  const codes = sheet.lines.map(({ given }) => given.hs);
  const items = new Map([...euItems(codes, declaration)].filter(([, lines]) => !lines.every(prefers)));
  return {
    regime: 'item-duty',
    duties: [
      ...itemDuty(sheet, items, rule.perItem),
      ...tariffDuties(sheet, values, ({ given }, at) => prefers(at) && !items.has(given.hs.slice(0, CODE_LENGTH.H1))),
    ],
    notices: [...notices, ...itemAdvice(sheet.lines, declaration)],
  };
};

const feesOf = (sheet: Worksheet, items: number): { fees: Levied[]; notices: readonly Notice[] } => {
  const table = euNationalFees.get(sheet.consignment.country);
  if (!table) return { fees: [], notices: [] };
  const { value: fee, notices } = ruleOn(table, sheet.asOf);
  if (new Exact(fee.amount).isZero()) return { fees: [], notices };
  const count = { item: items, parcel: sheet.consignment.parcels, consignment: 1 }[fee.per];
  const amount = roundMoney(sheet.exchange(new Exact(fee.amount).times(count), fee.currency, 'EUR'), 'EUR');
  const borne = sheet.lines.map(({ goods }, line) => ({ line, base: goods }));
  const name = { code: 'national-fee', kind: 'levy', at: 'import', rule: table.id } as const;
  const details = {
    base: new Exact(count),
    rate: `${fee.currency} ${fee.amount} a ${fee.per}`,
    rounding: '0.01 half-up',
  };
  return { fees: [levyOfAmount(name, borne, amount, 'EUR', details)], notices };
};

const handlingFeeNotices = (asOf: AsOf): readonly Notice[] =>
  isOnFile(euHandlingFee, asOf.on) ? ruleOn(euHandlingFee, asOf).notices : [];

const identifierNotices = (asOf: AsOf): readonly Notice[] => {
  if (!isOnFile(euProductIdentifiers, asOf.on)) return [];
  const { value, notices } = ruleOn(euProductIdentifiers, asOf);
  const message = `product identifiers of merchant and manufacturer are ${value} for each item`;
  return [...notices, advice(euProductIdentifiers.id, message)];
};

const giftRelief = (sheet: Worksheet, values: readonly number[]): Assessment | null => {
  if (sheet.consignment.sale !== 'c2c_gift') return null;
  const { value: limit, notices } = ruleOn(euGift, sheet.asOf);
  if (sheet.goods.gt(limit) || sheet.lines.some(({ given }) => exceptedKindOf(given.hs) !== null)) return null;
  const fee = euNationalFees.get(sheet.consignment.country);
  return {
    regime: 'gift-relief',
    basis: 'CIF',
    items: null,
    customsValues: values,
    declaration: declarationOf(sheet, true, false),
    taxBases: nothingPerLine(sheet),
    levies: [],
    notices: fee ? [...notices, advice(fee.id, 'may be due on a gift as well, and is not included')] : notices,
  };
};

/**
 * Duty and VAT of an import into a member state. The low-value limit applies to the intrinsic value: the price without
 * separately shown freight and insurance. Throws `no_row` for a day, a rate or a tariff not on file.
 * Source: Union Customs Code art. 70-71; Directive 2006/112/EC art. 73, 85, 86; Council Regulation (EU) 2026/382.
 */
export const assessEu: Assess = (sheet) => {
  const { consignment, asOf, lines } = sheet;
  const vatTable = euVat.get(consignment.country);
  if (!vatTable) throw invalid('country', `${consignment.country} is not a member state of the EU`);
  if (consignment.region !== undefined && consignment.taxRate === undefined)
    throw noRow(
      `VAT rate of the region “${consignment.region}” of ${consignment.country}; leave it out where the rate of the state holds`,
      'region',
    );
  const values = cifValues(sheet);
  const gift = giftRelief(sheet, values);
  if (gift) return gift;
  const limit = ruleOn(euLowValueLimit, asOf);
  const low = sheet.goods.lte(limit.value);
  const lowRule = low ? ruleOn(euLowValueDuty, asOf) : null;
  const declaration = declarationOf(sheet, low, lowRule?.value.excepted === true);
  const ioss = iossApplies(sheet, low);
  const { regime, duties, notices } = lowRule
    ? lowValueDuties(sheet, values, declaration, ioss.applies, lowRule)
    : { regime: 'tariff', duties: tariffDuties(sheet, values), notices: [] };
  const codes = lines.map(({ given }) => given.hs);
  const items = euItems(codes, declaration).size;
  const { fees, notices: feeNotices } = low ? feesOf(sheet, items) : { fees: [], notices: [] };
  const rates = taxRatesOf(sheet, vatTable);
  const bases = ioss.applies ? considerations(sheet) : sumLists(values, perLine(sheet, duties), inlandCosts(sheet));
  const vat = taxesOn(sheet, bases, rates, { code: 'vat', at: ioss.applies ? 'sale' : 'import' });
  const consumer = low && consignment.sale === 'b2c_distance';
  return {
    regime,
    basis: 'CIF',
    declaration,
    items,
    customsValues: values,
    taxBases: bases,
    levies: [...duties, ...fees, ...vat],
    notices: mergeNotices(
      limit.notices,
      notices,
      ioss.notices,
      feeNotices,
      rates.notices,
      ...(consumer ? [handlingFeeNotices(asOf), identifierNotices(asOf)] : []),
    ),
  };
};

const iossApplies = (sheet: Worksheet, low: boolean): { applies: boolean; notices: readonly Notice[] } => {
  const { consignment, lines, asOf } = sheet;
  if (consignment.scheme !== 'ioss') return { applies: false, notices: [] };
  const applies = low && consignment.sale === 'b2c_distance' && !lines.some(({ given }) => bearsExcise(given.hs));
  if (applies) return { applies, notices: ruleOn(euIossVatBase, asOf).notices };
  const why = 'the IOSS is for distance sales to consumers up to EUR 150 without excise goods; VAT is due at import';
  return { applies, notices: [advice(euLowValueLimit.id, why)] };
};

export interface SalePrice {
  /** Price of the goods without VAT; includes transport if that is not shown separately. */
  goods: string;
  /** Shown separately. */
  transport: string;
  insurance: string;
  vatRate: string;
}

export interface SaleReceipt {
  intrinsicValue: Exact;
  iossEligible: boolean;
  vat: Exact;
  total: Exact;
  notices: readonly Notice[];
}

/** What the receipt of a distance sale shows, in EUR: VAT on everything charged, and whether the IOSS may be used. */
export const euSaleReceipt = ({ goods, transport, insurance, vatRate }: SalePrice, asOf: AsOf): SaleReceipt => {
  const intrinsicValue = roundMoney(exact(goods, 'goods'), 'EUR');
  const price = sumOf([intrinsicValue, exact(transport, 'transport'), exact(insurance, 'insurance')]);
  const vat = roundMoney(price.times(exact(vatRate, 'vatRate', { max: '1' })), 'EUR');
  const { value: limit, notices } = ruleOn(euLowValueLimit, asOf);
  return {
    intrinsicValue,
    iossEligible: exact(goods, 'goods').lte(limit),
    vat,
    total: roundMoney(price, 'EUR').plus(vat),
    notices,
  };
};
