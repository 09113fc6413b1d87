import { mergeNotices, type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';
import { type Assess, advice, cifValues, levyOnShare } from './levy.ts';
import { type MxBand, mxGlobalRate, mxTreatyCountries, mxTreatyRate, mxUsmca } from './rules-mx.ts';
import { sumIn, type Worksheet } from './worksheet.ts';

const USMCA: readonly string[] = ['US', 'CA'];

interface Origin {
  table: RuleTable<readonly MxBand[]>;
  notices: readonly Notice[];
}

const tableFor = (origin: string | undefined, at: number, sheet: Worksheet): Origin => {
  const field = `lines.${at}.origin`;
  if (origin === undefined) throw noRow('Mexican rate for goods without a country of origin; hand it in', field);
  if (origin === 'MX') throw noRow('Mexican rate for goods of Mexican origin that come back', field);
  if (USMCA.includes(origin)) return { table: mxUsmca, notices: [] };
  const treaties = ruleOn(mxTreatyCountries, sheet.asOf, field);
  return { table: treaties.value.includes(origin) ? mxTreatyRate : mxGlobalRate, notices: treaties.notices };
};

const MXN = advice('mx.currency', 'amounts are in US dollars; customs takes pesos at the official rate of the day');

/**
 * The flat rate on a courier consignment to Mexico, duty and VAT together, by the customs value of the consignment in
 * US dollars and the origin of the goods. Throws `no_row` above USD 2,500, for other channels, and for treaty countries
 * other than the USMCA. Source: RGCE 2025, rule 3.7.35.
 */
export const assessMx: Assess = (sheet) => {
  const { consignment, asOf, lines } = sheet;
  if (consignment.channel !== 'courier')
    throw noRow(`Mexican duties on a consignment by ${consignment.channel}`, 'channel');
  const values = cifValues(sheet);
  const value = sumIn(sheet.currency, values);
  const origins = lines.map(({ given }, at) => tableFor(given.origin, at, sheet));
  const byTable = Map.groupBy(origins.keys(), (line) => origins[line]?.table ?? mxGlobalRate);
  const levied = [...byTable].map(([table, of]) => {
    const { value: bands, notices } = ruleOn(table, asOf);
    const band = bands.find(({ upTo }) => value.lte(upTo));
    if (!band) throw noRow(`${table.name} above USD 2,500`, 'lines');
    const borne = of.map((line) => ({ line, base: values[line] ?? 0 }));
    const name = { code: 'global-rate', kind: 'tax', at: 'import', rule: table.id } as const;
    return { levy: levyOnShare(name, borne, band.rate, sheet.currency), notices };
  });
  return {
    regime: 'courier',
    basis: 'CIF',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: values,
    levies: levied.map(({ levy }) => levy),
    notices: mergeNotices(...levied.map(({ notices }) => notices), ...origins.map(({ notices }) => notices), [MXN]),
  };
};
