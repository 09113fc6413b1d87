import type { Exact } from '../decimal.ts';
import { type AsOf, mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { bearsExcise } from './excepted-goods.ts';
import {
  type Assess,
  advice,
  cifValues,
  considerations,
  inlandCosts,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import { noVat, noVoecExcluded, noVoecLimit } from './rules-no.ts';
import { sumIn, type WorkLine } from './worksheet.ts';

export type NoRegime = 'voec' | 'border';

/** The regime of each item by its price without freight, in NOK. The limit is per item, not per parcel. */
export const noRegimes = (
  items: readonly Exact[],
  asOf: AsOf,
): { regimes: readonly NoRegime[]; notices: readonly Notice[] } => {
  const { value: limit, notices } = ruleOn(noVoecLimit, asOf);
  return { regimes: items.map((price) => (price.lt(limit) ? 'voec' : 'border')), notices };
};

const excluded = ({ given }: WorkLine, lastChapter: number): boolean =>
  given.restricted || bearsExcise(given.hs) || Number(given.hs.slice(0, 2)) <= lastChapter;

/**
 * Duty and VAT of an import into Norway. Under VOEC (items below NOK 3,000 that are neither food, restricted nor under
 * excise): VAT with the sale on price and freight, and no duty. Otherwise both at the border on the CIF value.
 * Source: Skatteetaten, Norwegian Customs.
 */
export const assessNo: Assess = (sheet) => {
  const { asOf, consignment, lines } = sheet;
  const { regimes, notices } = noRegimes(
    lines.map(({ goods, given }) => sumIn(sheet.currency, [goods]).div(given.quantity)),
    asOf,
  );
  const registered = consignment.scheme === 'voec' && consignment.sale === 'b2c_distance';
  const left = ruleOn(noVoecExcluded, asOf);
  const atSale = lines.map((line, at) => registered && regimes[at] === 'voec' && !excluded(line, left.value));
  const values = cifValues(sheet);
  const duties = tariffDuties(sheet, values, (_, at) => !atSale[at]);
  const border = sumLists(values, perLine(sheet, duties), inlandCosts(sheet));
  const paid = considerations(sheet);
  const bases = lines.map((_, at) => (atSale[at] ? paid[at] : border[at]) ?? 0);
  const rates = taxRatesOf(sheet, noVat);
  const all = atSale.every(Boolean);
  const mixed = !all && atSale.some(Boolean);
  return {
    regime: all ? 'voec' : mixed ? 'voec-and-border' : 'border',
    basis: 'CIF',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: bases,
    levies: [
      ...duties,
      ...taxesOn(sheet, bases, rates, { code: 'vat', at: 'sale' }, (line) => atSale[line] === true),
      ...taxesOn(sheet, bases, rates, { code: 'vat', at: 'import' }, (line) => atSale[line] !== true),
    ],
    notices: mergeNotices(
      notices,
      registered ? left.notices : [],
      rates.notices,
      mixed
        ? [advice(noVoecLimit.id, 'VOEC goods and others travel together: customs may clear all of them at the border')]
        : [],
    ),
  };
};
