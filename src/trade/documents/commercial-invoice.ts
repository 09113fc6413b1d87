import { toMinor } from '#domain/money.ts';
import { consigneeOf, type DraftSource, dangerousGoodsOf, given, headOf, moneyOf } from './draft-source.ts';
import type { CommercialInvoice } from './trade-document.ts';

/** Sum of lines + charges that the prices do not include = total, to the minor unit. */
export const commercialInvoice = (source: DraftSource): CommercialInvoice => {
  const { record, figures } = source;
  return {
    ...headOf('commercial_invoice', source, record.references.invoiceNo, []),
    seller: given(record.exporter, 'exporter'),
    buyer: given(record.importer, 'importer'),
    consignee: consigneeOf(source),
    notify: record.notify,
    importerOfRecord: record.importerOfRecord,
    credit: record.credit,
    order: record.references.order,
    contract: record.references.contract,
    carriage: record.carriage,
    incoterm: given(record.incoterm, 'incoterm'),
    reasonForExport: given(record.reasonForExport, 'reasonForExport'),
    ioss: record.eu.ioss,
    lines: figures.lines.map(({ line, amountMinor }) => ({
      lineNo: line.lineNo,
      sku: line.sku,
      descriptionEn: line.descriptionEn,
      descriptionZh: line.descriptionZh,
      hs: given(line.hs, 'hs'),
      origin: given(line.origin, 'origin'),
      quantity: line.quantity,
      unit: line.unit,
      unitPrice: line.unitPrice,
      amount: moneyOf(source, amountMinor),
      dangerousGoods: dangerousGoodsOf(line),
    })),
    charges: record.charges.map(({ kind, name, nameZh, amount, included }) => ({
      kind,
      name,
      nameZh,
      included,
      amount: moneyOf(source, toMinor(amount, record.currency)),
    })),
    goods: moneyOf(source, figures.goodsMinor),
    total: moneyOf(source, figures.totalMinor),
    pieces: figures.pieces,
    packages: figures.packages.length,
    netGrams: figures.netGrams,
    grossGrams: figures.grossGrams,
  };
};
