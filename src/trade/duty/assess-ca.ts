import type { Exact } from '../decimal.ts';
import { type AsOf, mergeNotices, type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';
import type { Channel, Consignment } from './consignment.ts';
import { bearsExcise } from './excepted-goods.ts';
import {
  type Assess,
  advice,
  fobValues,
  nothingPerLine,
  perLine,
  sumLists,
  tariffDuties,
  taxesOn,
  taxRatesOf,
} from './levy.ts';
import { caCommercialGst, caConsumerTax, caCourierFromCusma, caRemission, caSalesTax } from './rules-ca.ts';

export interface CaShipment {
  /** In CAD. */
  value: Exact;
  channel: Channel;
  /** Where the uninterrupted journey to Canada begins. Origin does not matter, and transhipment does not count. */
  shipFrom: string | undefined;
  directShipment: boolean;
}

/** The chapter of printed books, newspapers and pictures. */
const PRINTED = '49';
const CUSMA: readonly string[] = ['US', 'MX'];
const NO_RELIEF = { duty: '-1', tax: '-1' } as const;

/** Whether duty and tax are due on a shipment to Canada. Source: CBSA Customs Notice 20-18. */
export const caDues = (
  { value, channel, shipFrom, directShipment }: CaShipment,
  asOf: AsOf,
): { dutyApplies: boolean; taxApplies: boolean; notices: readonly Notice[] } => {
  const relieved = channel === 'courier' || channel === 'postal';
  const cusma = channel === 'courier' && directShipment && CUSMA.includes(shipFrom ?? '');
  const ruled = relieved ? ruleOn(cusma ? caCourierFromCusma : caRemission, asOf) : { value: NO_RELIEF, notices: [] };
  return {
    dutyApplies: value.gt(ruled.value.duty),
    taxApplies: value.gt(ruled.value.tax),
    notices: ruled.notices,
  };
};

const salesTax = ({ region, sale, taxRate }: Consignment): RuleTable<string> => {
  if (region === undefined || taxRate !== undefined) return caSalesTax;
  const table = caConsumerTax.get(region);
  if (!table) throw noRow(`GST or HST rate of the region “${region}” of CA`, 'region');
  return sale === 'b2b' ? caCommercialGst : table;
};

/**
 * Duty and sales tax of an import into Canada, on the value at the place of direct shipment. The tax rate is the
 * province's unless another is given; surtaxes must be given as layers. Throws `no_row` if a rate is missing.
 * Source: CBSA Customs Notice 20-18; with each rate.
 */
export const assessCa: Assess = (sheet) => {
  const { consignment, asOf, lines } = sheet;
  const values = fobValues(sheet);
  const { channel, shipFrom, directShipment } = consignment;
  const due = caDues({ value: sheet.goods, channel, shipFrom, directShipment }, asOf);
  const excise = lines.some(({ given }) => bearsExcise(given.hs));
  const duties = due.dutyApplies || excise ? tariffDuties(sheet, values) : [];
  const taxed = due.taxApplies || excise;
  const bases = sumLists(values, perLine(sheet, duties));
  const rates = taxed ? taxRatesOf(sheet, salesTax(consignment)) : null;
  const gift =
    consignment.sale === 'c2c_gift' ? [advice('ca.gift', 'the relief for gifts is not on file and not applied')] : [];
  const printed =
    !excise && !(due.dutyApplies && due.taxApplies) && lines.some(({ given }) => given.hs.startsWith(PRINTED))
      ? [advice('ca.publications', 'books, periodicals and other publications may be left out of the remission')]
      : [];
  const regime = duties.length > 0 || due.dutyApplies ? 'duty-and-tax' : taxed ? 'tax-only' : 'relief';
  return {
    regime,
    basis: 'FOB',
    declaration: null,
    items: null,
    customsValues: values,
    taxBases: taxed ? bases : nothingPerLine(sheet),
    levies: [...duties, ...(rates ? taxesOn(sheet, bases, rates, { code: 'gst', at: 'import' }) : [])],
    notices: mergeNotices(due.notices, rates?.notices ?? [], gift, printed),
  };
};
