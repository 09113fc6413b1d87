import type { TradeParty } from '#trade/documents/shipment-record.ts';
import type { CertificateOfOrigin, CommercialInvoice, PackingList } from '#trade/documents/trade-document.ts';
import { label, labelLines, type PaperLanguage } from './labels.ts';
import type { Block, Cell, Paper, PaperField, TotalRow } from './paper.ts';
import {
  carriageFields,
  centimetres,
  field,
  fields,
  grouped,
  headOf,
  inLanguage,
  kilograms,
  left,
  notesOf,
  partyCell,
  partyField,
  reasonWords,
  right,
} from './wording.ts';

const chargeLabel = (charge: CommercialInvoice['charges'][number], language: PaperLanguage): Cell => {
  const named = inLanguage(charge.name, charge.nameZh, language).filter((text) => text !== '');
  const name = named.length > 0 ? named.join(' ') : label(charge.kind, language);
  return [charge.included ? `${name} (${label('included', language)})` : name];
};

const invoiceTotals = (invoice: CommercialInvoice, language: PaperLanguage): TotalRow[] => [
  { label: [label('goods', language)], value: grouped(invoice.goods), strong: false },
  ...invoice.charges.map((charge) => ({
    label: chargeLabel(charge, language),
    value: charge.included ? `[${grouped(charge.amount)}]` : grouped(charge.amount),
    strong: false,
  })),
  { label: [`${label('total', language)} ${invoice.currency}`], value: grouped(invoice.total), strong: true },
];

/** Prints the buyer's address only once, even if the buyer also has other roles. */
const partyUnlessBuyer = (
  key: 'consignee' | 'importerOfRecord',
  party: TradeParty,
  { buyer }: CommercialInvoice,
  language: PaperLanguage,
): PaperField =>
  JSON.stringify(party) === JSON.stringify(buyer)
    ? field(key, label('sameAsBuyer', language))
    : partyField(key, party, language);

export const invoicePaper = (invoice: CommercialInvoice, language: PaperLanguage): Paper => ({
  title: 'commercial_invoice',
  ...headOf(invoice),
  blocks: [
    fields(
      2,
      partyField('seller', invoice.seller, language),
      partyField('buyer', invoice.buyer, language),
      partyUnlessBuyer('consignee', invoice.consignee, invoice, language),
      ...(invoice.notify ? [partyField('notify', invoice.notify, language)] : []),
      ...(invoice.importerOfRecord
        ? [partyUnlessBuyer('importerOfRecord', invoice.importerOfRecord, invoice, language)]
        : []),
    ),
    fields(
      4,
      field('incoterm', `${invoice.incoterm.rule} ${invoice.incoterm.place}`),
      field('currency', invoice.currency),
      field('reason', reasonWords(invoice.reasonForExport, language)),
      field('order', invoice.order),
      field('contract', invoice.contract),
      field('credit', invoice.credit?.number ?? ''),
      field('issuingBank', invoice.credit?.issuingBank ?? ''),
      field('ioss', invoice.ioss),
      ...carriageFields(invoice.carriage, language),
    ),
    ...(invoice.credit && invoice.credit.goodsDescription.length > 0
      ? [fields(1, field('goodsUnderCredit', ...invoice.credit.goodsDescription))]
      : []),
    {
      block: 'table',
      columns: [
        left('lineNo', 5.5),
        left('description', 26),
        left('hs', 12),
        left('origin', 7.5),
        right('quantity', 10),
        left('unit', 7),
        right('unitPrice', 13),
        right('amount', 14),
      ],
      rows: invoice.lines.map((line) => [
        [String(line.lineNo)],
        [...inLanguage(line.descriptionEn, line.descriptionZh, language), line.sku, line.dangerousGoods],
        [line.hs],
        [line.origin],
        [grouped(String(line.quantity))],
        [line.unit],
        [grouped(line.unitPrice)],
        [grouped(line.amount)],
      ]),
      sums: [
        [],
        labelLines('pieces', language),
        [],
        [],
        [grouped(String(invoice.pieces))],
        [],
        [],
        [grouped(invoice.goods)],
      ],
      totals: invoiceTotals(invoice, language),
    },
    fields(
      4,
      field('packages', invoice.packages),
      field('netKg', invoice.netGrams === null ? '' : kilograms(invoice.netGrams)),
      field('grossKg', invoice.grossGrams === null ? '' : kilograms(invoice.grossGrams)),
    ),
    { block: 'words', small: false, paragraphs: labelLines('invoiceCertify', language) },
    { block: 'signature', label: 'signature', words: partyCell(invoice.seller, language).slice(0, 2) },
    ...notesOf(invoice.notices, language),
  ],
});

/** One row per line in a package. Facts about the package itself are on its first row. */
const packingRows = (list: PackingList, language: PaperLanguage): Cell[][] =>
  list.packages.flatMap((pack) =>
    pack.contents.map((content, index): Cell[] => {
      const own = (...words: string[]): Cell => (index === 0 ? words : []);
      return [
        own(pack.id, pack.kind),
        own(pack.marks),
        [...inLanguage(content.descriptionEn, content.descriptionZh, language), content.sku],
        [`${grouped(String(content.quantity))} ${content.unit}`],
        [kilograms(content.netGrams)],
        own(kilograms(pack.grossGrams)),
        own([pack.lengthMm, pack.widthMm, pack.heightMm].map(centimetres).join(' × ')),
        own(pack.cubicMetres),
      ];
    }),
  );

export const packingPaper = (list: PackingList, language: PaperLanguage): Paper => ({
  title: 'packing_list',
  ...headOf(list),
  blocks: [
    fields(2, partyField('seller', list.seller, language), partyField('consignee', list.consignee, language)),
    fields(
      4,
      field('order', list.order),
      field('contract', list.contract),
      field('credit', list.creditNumber),
      ...carriageFields(list.carriage, language),
    ),
    {
      block: 'table',
      columns: [
        left('package', 10),
        left('marks', 14),
        left('description', 23),
        right('quantity', 10),
        right('netKg', 11),
        right('grossKg', 11),
        right('size', 16),
        right('cubicMetres', 11),
      ],
      rows: packingRows(list, language),
      sums: [
        labelLines('total', language),
        labelLines('packagesCounted', language).map((word) => `${list.packages.length} ${word}`),
        [],
        [grouped(String(list.pieces))],
        [kilograms(list.netGrams)],
        [kilograms(list.grossGrams)],
        [],
        [list.cubicMetres],
      ],
      totals: [],
    },
    { block: 'signature', label: 'signature', words: partyCell(list.seller, language).slice(0, 2) },
    ...notesOf(list.notices, language),
  ],
});

export const originPaper = (certificate: CertificateOfOrigin, language: PaperLanguage): Paper => {
  const signatures: Block[] = [
    { block: 'signature', label: 'signature', words: partyCell(certificate.exporter, language).slice(0, 2) },
    { block: 'signature', label: 'issuerSpace', words: [] },
  ];
  return {
    title: 'certificate_of_origin',
    ...headOf(certificate),
    blocks: [
      fields(
        2,
        partyField('exporter', certificate.exporter, language),
        partyField('consignee', certificate.consignee, language),
      ),
      fields(
        4,
        field('originForm', label(certificate.form, language)),
        field('countries', certificate.countries.join(', ')),
        field('invoiceNo', certificate.invoiceNo),
        field('invoiceDate', certificate.invoiceDate),
        field('validUntil', certificate.validUntil),
        ...carriageFields(certificate.carriage, language),
        field('packages', certificate.packages),
        field('packageKinds', certificate.packageKinds),
      ),
      fields(1, field('marks', certificate.marks.join('; '))),
      {
        block: 'table',
        columns: [
          left('lineNo', 6),
          left('description', 33),
          left('hs', 10),
          left('origin', 9),
          left('criterion', 12),
          right('quantity', 14),
          right('grossKg', 13),
        ],
        rows: certificate.lines.map((line) => [
          [String(line.lineNo)],
          inLanguage(line.descriptionEn, line.descriptionZh, language),
          [line.hs6],
          [line.origin],
          [line.criterion],
          [`${grouped(String(line.quantity))} ${line.unit}`],
          [kilograms(line.grossGrams)],
        ]),
        sums: [
          [],
          labelLines('total', language),
          [],
          [],
          [],
          [grouped(String(certificate.pieces))],
          [kilograms(certificate.grossGrams)],
        ],
        totals: [],
      },
      { block: 'words', small: false, paragraphs: labelLines('originCertify', language) },
      ...signatures,
      ...notesOf(certificate.notices, language),
    ],
  };
};
