import { mergeNotices } from '../rule.ts';
import { checkMode } from '../tax-refund/customs-modes.ts';
import { hsOf, itemsBy, originOf } from './declared-items.ts';
import {
  chargeTotal,
  type DraftSource,
  given,
  headOf,
  marksOf,
  moneyOf,
  noticesFrom,
  packageKindsOf,
} from './draft-source.ts';
import { CHINA_ELEMENTS } from './rules.ts';
import type { ChinaDeclaration } from './trade-document.ts';

/** Data of the Chinese export declaration. A mode that does not fit the kind of sale gives a notice, not a refusal. */
export const chinaDeclaration = (source: DraftSource): ChinaDeclaration => {
  const { record, figures, context } = source;
  const mode = given(record.china.mode, 'china.mode');
  const exportDate = given(record.dates.dispatch, 'dates.dispatch');
  const checked = checkMode(mode, record.saleType, exportDate, context.asOf.today);
  const destination = given(record.carriage.destination, 'carriage.destination');
  const arrivalCountry = given(destination.country, 'carriage.destination.country');
  const overseasConsignee = given(record.importer, 'importer');
  const notices = mergeNotices(noticesFrom(context.asOf, CHINA_ELEMENTS), checked.notices);
  const consignor = given(record.exporter, 'exporter');
  return {
    ...headOf('cn_declaration', source, record.references.invoiceNo, notices),
    consignor,
    overseasConsignee,
    producer: record.producer ?? consignor,
    arrivalCountry,
    tradeCountry: given(overseasConsignee.country, 'importer.country'),
    mode,
    modeName: checked.mode.name,
    exitCustoms: record.china.exitCustoms,
    exitPort: record.china.exitPort,
    exemptionNature: record.china.exemptionNature,
    licence: record.china.licence,
    contract: record.references.contract,
    carriage: record.carriage,
    destination,
    exportDate,
    discharge: given(record.carriage.discharge, 'carriage.discharge'),
    incoterm: given(record.incoterm, 'incoterm'),
    freight: moneyOf(source, chargeTotal(source, 'freight')),
    insurance: moneyOf(source, chargeTotal(source, 'insurance')),
    otherCharges: moneyOf(source, chargeTotal(source, 'other')),
    packages: figures.packages.length,
    packageKinds: packageKindsOf(source),
    marks: marksOf(source),
    items: itemsBy(source, hsOf, ({ line }) => String(line.lineNo)).flatMap(({ item, lines }) =>
      lines.map((figure) => ({
        ...item,
        origin: originOf(figure),
        unitPrice: figure.line.unitPrice,
        amount: moneyOf(source, figure.amountMinor),
        sourcePlace: figure.line.sourcePlace,
        destination: arrivalCountry,
      })),
    ),
    goods: moneyOf(source, figures.goodsMinor),
    netGrams: given(figures.netGrams, 'netGrams'),
    grossGrams: given(figures.grossGrams, 'grossGrams'),
  };
};
