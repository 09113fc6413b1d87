import { exact } from '../decimal.ts';
import { euLowValueLimit } from '../duty/rules-eu.ts';
import { invalid } from '../read-input.ts';
import { mergeNotices, ruleOn } from '../rule.ts';
import { hsOf, itemsBy, originOf } from './declared-items.ts';
import {
  chargeTotal,
  type DraftSource,
  given,
  headOf,
  moneyOf,
  noticesFrom,
  otherChargesNotice,
} from './draft-source.ts';
import { H1_ELEMENTS, H7_ELEMENTS, H7_PROCEDURES, H7_PRODUCT_IDS, H7_SCOPE } from './rules.ts';
import type { EuroRate } from './shipment-record.ts';
import type { EuH1, EuH7 } from './trade-document.ts';

/** Null for a record in euro. Throws `invalid` for a rate that is missing or does not fit. */
const rateFor = ({ record, context }: DraftSource): EuroRate | null => {
  if (record.currency === 'EUR') return null;
  const rate = context.euroRate;
  if (!rate) throw invalid('euroRate', `missing; hand in the ${record.currency} for one euro`);
  if (rate.currency !== record.currency)
    throw invalid('euroRate.currency', `is ${rate.currency}, but the shipment is in ${record.currency}`);
  if (rate.date > context.asOf.on) throw invalid('euroRate.date', `${rate.date} is after ${context.asOf.on}`);
  return rate;
};

const checkH7 = (source: DraftSource, rate: EuroRate | null): void => {
  const scope = ruleOn(H7_SCOPE, source.context.asOf).value;
  const maxEur = ruleOn(euLowValueLimit, source.context.asOf).value;
  source.record.lines.forEach((line, index) => {
    const control = line.controls.find((found) => scope.refused.includes(found));
    if (control !== undefined)
      throw invalid(`lines[${index}].controls`, `H7 is not for goods under “${control}”; declare with H1`);
  });
  const intrinsic = exact(moneyOf(source, source.figures.goodsOnlyMinor), 'intrinsicValue');
  const perEuro = exact(rate?.unitsPerEuro ?? '1', 'euroRate.unitsPerEuro', { zero: false });
  if (intrinsic.gt(perEuro.times(maxEur)))
    throw invalid('lines', `an intrinsic value above EUR ${maxEur} cannot be declared with H7; use H1`);
};

/**
 * The H7 data of a consignment: one item per six-digit subheading; the intrinsic value has no freight and insurance.
 * Throws `invalid` if H7 may not be used (above EUR 150, excise, restricted goods, quota, preference), `no_row` on a
 * day without rules.
 */
export const euH7 = (source: DraftSource): EuH7 => {
  const { record, figures, context } = source;
  const rate = rateFor(source);
  checkH7(source, rate);
  const { relief, byScheme } = ruleOn(H7_PROCEDURES, context.asOf).value;
  const scheme = given(record.eu.vatScheme, 'eu.vatScheme');
  const rule = 'eu.h7-elements';
  const notices = mergeNotices(
    noticesFrom(context.asOf, H7_SCOPE, euLowValueLimit, H7_PROCEDURES, H7_PRODUCT_IDS, H7_ELEMENTS),
    otherChargesNotice(source, rule),
  );
  return {
    ...headOf('eu_h7', source, record.references.invoiceNo, notices),
    exporter: given(record.exporter, 'exporter'),
    importer: given(record.importerOfRecord, 'importerOfRecord'),
    ioss: scheme === 'ioss' ? record.eu.ioss : '',
    additionalProcedures: [relief, byScheme[scheme]].filter((code) => code !== null),
    previousDocument: record.eu.previousDocument,
    transportAndInsurance: moneyOf(source, chargeTotal(source, 'freight', 'insurance')),
    items: itemsBy(source, (line) => hsOf(line).slice(0, 6)).map(({ item, lines }) => ({
      ...item,
      productIds: lines.flatMap(({ line }) => (line.productIds === null ? [] : [line.productIds])),
    })),
    intrinsicValue: moneyOf(source, figures.goodsOnlyMinor),
    packages: figures.packages.length,
    grossGrams: given(figures.grossGrams, 'grossGrams'),
    rate,
  };
};

/** The part of H1 that a shipment's data covers: one item for each ten-digit code and origin. */
export const euH1 = (source: DraftSource): EuH1 => {
  const { record, figures, context } = source;
  const notices = mergeNotices(noticesFrom(context.asOf, H1_ELEMENTS), otherChargesNotice(source, 'eu.h1-elements'));
  return {
    ...headOf('eu_h1', source, record.references.invoiceNo, notices),
    exporter: given(record.exporter, 'exporter'),
    importer: given(record.importerOfRecord, 'importerOfRecord'),
    incoterm: given(record.incoterm, 'incoterm'),
    carriage: record.carriage,
    previousDocument: record.eu.previousDocument,
    transportAndInsurance: moneyOf(source, chargeTotal(source, 'freight', 'insurance')),
    items: itemsBy(source, hsOf, (line) => `${hsOf(line)} ${originOf(line)}`).map(({ item, lines }) => ({
      ...item,
      origin: lines[0] ? originOf(lines[0]) : '',
    })),
    goodsOnly: moneyOf(source, figures.goodsOnlyMinor),
    totalInvoiced: moneyOf(source, figures.totalMinor),
    packages: figures.packages.length,
    grossGrams: given(figures.grossGrams, 'grossGrams'),
  };
};
