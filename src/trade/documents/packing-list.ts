import { Exact } from '../decimal.ts';
import { consigneeOf, type DraftSource, given, headOf } from './draft-source.ts';
import type { PackageFigures } from './figures.ts';
import type { PackingList, PackingRow } from './trade-document.ts';

const volumeOf = ({ pack }: PackageFigures): Exact =>
  new Exact(given(pack.lengthMm, 'lengthMm'))
    .times(given(pack.widthMm, 'widthMm'))
    .times(given(pack.heightMm, 'heightMm'))
    .div(1_000_000_000);

/** Exact cubic metres with at least three decimals. */
const cubicMetres = (volume: Exact): string => volume.toFixed(Math.max(3, volume.decimalPlaces()));

const rowOf = (figures: PackageFigures): PackingRow => ({
  id: figures.pack.id,
  marks: figures.pack.marks,
  kind: figures.pack.kind,
  contents: figures.contents.map(({ line, quantity, netGrams }) => ({
    lineNo: line.lineNo,
    sku: line.sku,
    descriptionEn: line.descriptionEn,
    descriptionZh: line.descriptionZh,
    quantity,
    unit: line.unit,
    netGrams: given(netGrams, 'netGrams'),
  })),
  lengthMm: given(figures.pack.lengthMm, 'lengthMm'),
  widthMm: given(figures.pack.widthMm, 'widthMm'),
  heightMm: given(figures.pack.heightMm, 'heightMm'),
  cubicMetres: cubicMetres(volumeOf(figures)),
  netGrams: given(figures.netGrams, 'netGrams'),
  grossGrams: given(figures.pack.grossGrams, 'grossGrams'),
});

/**
 * Every piece is in exactly one package. The packages' gross weights add up to the gross weight on all other papers.
 */
export const packingList = (source: DraftSource): PackingList => {
  const { record, figures } = source;
  return {
    ...headOf('packing_list', source, record.references.invoiceNo, []),
    seller: given(record.exporter, 'exporter'),
    consignee: consigneeOf(source),
    order: record.references.order,
    contract: record.references.contract,
    creditNumber: record.credit?.number ?? '',
    carriage: record.carriage,
    packages: figures.packages.map(rowOf),
    pieces: figures.pieces,
    cubicMetres: cubicMetres(figures.packages.reduce((sum, pack) => sum.plus(volumeOf(pack)), new Exact(0))),
    netGrams: given(figures.netGrams, 'netGrams'),
    grossGrams: given(figures.grossGrams, 'grossGrams'),
  };
};
