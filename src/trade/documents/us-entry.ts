import { exact } from '../decimal.ts';
import { mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { hsOf, itemsBy, originOf } from './declared-items.ts';
import {
  advice,
  chargeTotal,
  consigneeOf,
  type DraftSource,
  given,
  headOf,
  moneyOf,
  noticesFrom,
  otherChargesNotice,
} from './draft-source.ts';
import { US_ELEMENTS, US_ENTRY_TYPES } from './rules.ts';
import type { UsEntry } from './trade-document.ts';

const typeOf = (source: DraftSource): { entryType: string | null; notices: Notice[] } => {
  const { record, figures, context } = source;
  if (record.currency !== 'USD')
    return {
      entryType: null,
      notices: [
        advice(
          'us.entry-types',
          `Values are in ${record.currency}: convert them at the certified rate, then choose the entry type`,
        ),
      ],
    };
  const types = ruleOn(US_ENTRY_TYPES, context.asOf).value;
  const isInformal = exact(moneyOf(source, figures.goodsOnlyMinor), 'value').lte(types.informalMaxUsd);
  return { entryType: isInformal ? types.informal : types.formal, notices: noticesFrom(context.asOf, US_ENTRY_TYPES) };
};

/** Data for the entry summary: value without freight and insurance, one item for each code, origin and manufacturer. */
export const usEntry = (source: DraftSource): UsEntry => {
  const { record, figures, context } = source;
  const { entryType, notices } = typeOf(source);
  const key = (line: (typeof figures.lines)[number]) => `${hsOf(line)} ${originOf(line)} ${line.line.manufacturerId}`;
  const items = itemsBy(source, hsOf, key).map(({ item, lines }) => ({
    ...item,
    origin: lines[0] ? originOf(lines[0]) : '',
    manufacturerId: lines[0]?.line.manufacturerId ?? '',
  }));
  const told = mergeNotices(
    noticesFrom(context.asOf, US_ELEMENTS),
    notices,
    otherChargesNotice(source, 'us.entry-elements'),
  );
  return {
    ...headOf('us_entry', source, record.references.invoiceNo, told),
    entryType,
    importerOfRecord: given(record.importerOfRecord, 'importerOfRecord'),
    consignee: consigneeOf(source),
    exporter: given(record.exporter, 'exporter'),
    portOfEntry: record.us.portOfEntry,
    carriage: record.carriage,
    exportDate: given(record.dates.dispatch, 'dates.dispatch'),
    countries: [...new Set(items.map(({ origin }) => origin))].sort(),
    items,
    enteredValue: moneyOf(source, figures.goodsOnlyMinor),
    charges: moneyOf(source, chargeTotal(source, 'freight', 'insurance')),
    packages: figures.packages.length,
    grossGrams: given(figures.grossGrams, 'grossGrams'),
  };
};
