import { addMonths } from '../plain-date.ts';
import { ruleOn } from '../rule.ts';
import { consigneeOf, type DraftSource, given, headOf, marksOf, packageKindsOf } from './draft-source.ts';
import { ORIGIN_CERTIFICATE } from './rules.ts';
import type { CertificateOfOrigin } from './trade-document.ts';

/** Data for a certificate of origin. The issuing body prints its own form. */
export const certificateOfOrigin = (source: DraftSource): CertificateOfOrigin => {
  const { record, figures, context } = source;
  const { value, notices } = ruleOn(ORIGIN_CERTIFICATE, context.asOf);
  const head = headOf('certificate_of_origin', source, record.references.certificateNo, notices);
  const lines = figures.lines.map(({ line, grossGrams }) => ({
    lineNo: line.lineNo,
    descriptionEn: line.descriptionEn,
    descriptionZh: line.descriptionZh,
    hs6: given(line.hs, 'hs').slice(0, 6),
    origin: given(line.origin, 'origin'),
    criterion: line.originCriterion,
    quantity: line.quantity,
    unit: line.unit,
    grossGrams: given(grossGrams, 'grossGrams'),
  }));
  return {
    ...head,
    validUntil: addMonths(head.date, value.validMonths),
    form: given(record.originForm, 'originForm'),
    exporter: given(record.exporter, 'exporter'),
    consignee: consigneeOf(source),
    carriage: record.carriage,
    countries: [...new Set(lines.map(({ origin }) => origin))].sort(),
    marks: marksOf(source),
    packages: figures.packages.length,
    packageKinds: packageKindsOf(source),
    lines,
    invoiceNo: record.references.invoiceNo,
    invoiceDate: head.date,
    pieces: figures.pieces,
    grossGrams: given(figures.grossGrams, 'grossGrams'),
  };
};
