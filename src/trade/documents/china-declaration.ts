import { noticesTogether, ruleOn } from '../rule.ts';
import { nameOfMode } from '../tax-refund/customs-modes.ts';
import { hsOf, itemsBy, originOf } from './declared-items.ts';
import {
  advice,
  chargeTotal,
  type DraftSource,
  given,
  headOf,
  marksOf,
  moneyOf,
  noticesFrom,
  packageKindsOf,
} from './draft-source.ts';
import { CHINA_ELEMENTS, CHINA_MODES } from './rules.ts';
import type { ChinaDeclaration } from './trade-document.ts';

/** Data of the Chinese export declaration; a mode that does not fit the kind of sale is told, not refused. */
export const chinaDeclaration = (source: DraftSource): ChinaDeclaration => {
  const { record, figures, context } = source;
  const mode = given(record.china.mode, 'china.mode');
  const modeName = nameOfMode(mode);
  const sales = ruleOn(CHINA_MODES, context.asked).value[mode];
  const fits = record.saleType === null || sales.includes(record.saleType);
  const destination = given(record.carriage.destination, 'carriage.destination');
  const notices = noticesTogether(
    noticesFrom(context.asked, CHINA_MODES, CHINA_ELEMENTS),
    fits
      ? []
      : [advice('cn.customs-modes', `Mode ${mode} (${modeName}) does not fit a sale of kind “${record.saleType}”`)],
  );
  const consignor = given(record.exporter, 'exporter');
  return {
    ...headOf('cn_declaration', source, record.references.invoiceNo, notices),
    ...{ consignor, overseasConsignee: given(record.importer, 'importer'), producer: record.producer ?? consignor },
    ...{ mode, modeName, exitCustoms: record.china.exitCustoms, exitPort: record.china.exitPort },
    ...{ exemptionNature: record.china.exemptionNature, licence: record.china.licence },
    ...{ contract: record.references.contract, carriage: record.carriage, destination },
    exportDate: given(record.dates.dispatch, 'dates.dispatch'),
    discharge: given(record.carriage.discharge, 'carriage.discharge'),
    incoterm: given(record.incoterm, 'incoterm'),
    freight: moneyOf(source, chargeTotal(source, 'freight')),
    insurance: moneyOf(source, chargeTotal(source, 'insurance')),
    otherCharges: moneyOf(source, chargeTotal(source, 'other')),
    ...{ packages: figures.packages.length, packageKinds: packageKindsOf(source), marks: marksOf(source) },
    items: itemsBy(source, hsOf, ({ line }) => String(line.lineNo)).flatMap(({ item, lines }) =>
      lines.map((figure) => ({
        ...{ ...item, origin: originOf(figure), unitPrice: figure.line.unitPrice },
        ...{ amount: moneyOf(source, figure.amountMinor), sourcePlace: figure.line.sourcePlace },
        destination: destination.country ?? destination.name,
      })),
    ),
    goods: moneyOf(source, figures.goodsMinor),
    netGrams: given(figures.netGrams, 'netGrams'),
    grossGrams: given(figures.grossGrams, 'grossGrams'),
  };
};
