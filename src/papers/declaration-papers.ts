import type {
  ChinaDeclaration,
  Cn22,
  Cn23,
  DeclaredItem,
  EuH1,
  EuH7,
  PostalItem,
  UsEntry,
} from '#trade/documents/trade-document.ts';
import { label, labelLines, type PaperLanguage } from './labels.ts';
import type { Block, Cell, Column, Paper } from './paper.ts';
import {
  carriageFields,
  field,
  fields,
  grouped,
  headOf,
  inLanguage,
  kilograms,
  left,
  notesOf,
  partyField,
  reasonWords,
  right,
} from './wording.ts';

const total = (
  key: 'intrinsicValue' | 'enteredValue' | 'goods' | 'value',
  currency: string,
  value: string,
  language: PaperLanguage,
) => ({
  label: [`${label(key, language)} ${currency}`],
  value: grouped(value),
  strong: true,
});

const mailBlocks = (
  form: Cn22 | Cn23,
  item: PostalItem,
  certified: 'postalCertify' | 'postalCertifyNamed',
  language: PaperLanguage,
): Block[] => [
  { block: 'heading', words: `${label('package', language)} ${item.packageId}` },
  { block: 'words', small: true, paragraphs: [label('postalOpening', language)] },
  fields(2, partyField('sender', form.sender, language), partyField('addressee', form.addressee, language)),
  fields(
    3,
    field('category', reasonWords(form.category, language)),
    field('trackingNo', form.trackingNo),
    field('invoiceNo', form.invoiceNo),
    ...(form.kind === 'cn23' ? [field('licence', form.licenceNo), field('certificate', form.certificateNo)] : []),
    ...(form.rate
      ? [field('rate', `1 ${form.rate.currency} = ${form.rate.sdrPerUnit} SDR, ${form.rate.date}, ${form.rate.source}`)]
      : []),
  ),
  {
    block: 'table',
    columns: [
      left('description', 36),
      right('quantity', 11),
      right('netKg', 13),
      right('value', 14),
      left('hs', 14),
      left('origin', 10),
    ],
    rows: item.contents.map((content) => [
      [...inLanguage(content.description, content.descriptionZh, language), content.dangerousGoods],
      [grouped(String(content.quantity))],
      [kilograms(content.netGrams)],
      [grouped(content.value)],
      [content.hs],
      [content.origin],
    ]),
    sums: [
      labelLines('total', language),
      [grouped(String(item.contents.reduce((sum, { quantity }) => sum + quantity, 0)))],
      [kilograms(item.netGrams)],
      [grouped(item.value)],
      [],
      [],
    ],
    totals: [
      { label: [label('grossKg', language)], value: kilograms(item.grossGrams), strong: false },
      total('value', form.currency, item.value, language),
    ],
  },
  { block: 'words', small: false, paragraphs: labelLines(certified, language) },
  { block: 'signature', label: 'signature', words: [form.date] },
];

/** The sender does not certify goods as harmless that the form itself lists as dangerous. */
const certificationOf = (item: PostalItem) =>
  item.contents.some(({ dangerousGoods }) => dangerousGoods !== '') ? 'postalCertifyNamed' : 'postalCertify';

/** Prints each item of mail on its own page. */
export const postalPaper = (form: Cn22 | Cn23, language: PaperLanguage): Paper => ({
  title: form.kind,
  number: form.number,
  date: form.date,
  reference: form.reference,
  blocks: [
    ...form.items.flatMap((item, index): Block[] => [
      ...(index === 0 ? [] : [{ block: 'new-page' as const }]),
      ...mailBlocks(form, item, certificationOf(item), language),
    ]),
    ...notesOf(form.notices, language),
  ],
});

const itemColumns = (...more: readonly Column[]): Column[] => [
  left('lineNo', 6),
  left('hs', 13),
  left('description', 25),
  ...more,
  right('quantity', 12),
  right('netKg', 10),
  right('grossKg', 10),
  right('value', 13),
];

const itemCells = (item: DeclaredItem, language: PaperLanguage, ...more: readonly Cell[]): Cell[] => [
  [String(item.itemNo)],
  [item.code],
  inLanguage(item.descriptionEn, item.descriptionZh, language),
  ...more,
  [`${grouped(String(item.quantity))} ${item.unit}`],
  [kilograms(item.netGrams)],
  [kilograms(item.grossGrams)],
  [grouped(item.value)],
];

const sumOf = (items: readonly DeclaredItem[], read: (item: DeclaredItem) => number): number =>
  items.reduce((sum, item) => sum + read(item), 0);

const itemSums = (items: readonly DeclaredItem[], value: string, language: PaperLanguage, more: number): Cell[] => [
  [],
  [],
  labelLines('total', language),
  ...Array.from({ length: more }, (): Cell => []),
  [grouped(String(sumOf(items, ({ quantity }) => quantity)))],
  [kilograms(sumOf(items, ({ netGrams }) => netGrams))],
  [kilograms(sumOf(items, ({ grossGrams }) => grossGrams))],
  [grouped(value)],
];

export const h7Paper = (declaration: EuH7, language: PaperLanguage): Paper => ({
  title: 'eu_h7',
  ...headOf(declaration),
  blocks: [
    fields(
      2,
      partyField('exporter', declaration.exporter, language),
      partyField('importer', declaration.importer, language),
    ),
    fields(
      4,
      field('ioss', declaration.ioss),
      field('additionalProcedures', declaration.additionalProcedures.join(', ')),
      field('previousDocument', declaration.previousDocument),
      field('currency', declaration.currency),
      field('transportAndInsurance', grouped(declaration.transportAndInsurance)),
      field('packages', declaration.packages),
      field('grossKg', kilograms(declaration.grossGrams)),
      ...(declaration.rate
        ? [
            field(
              'rate',
              `1 EUR = ${declaration.rate.unitsPerEuro} ${declaration.rate.currency}`,
              declaration.rate.date,
            ),
          ]
        : []),
    ),
    {
      block: 'table',
      columns: itemColumns(left('productIds', 14)),
      rows: declaration.items.map((item) =>
        itemCells(
          item,
          language,
          item.productIds.map(({ merchant, manufacturer }) => `${merchant} / ${manufacturer}`),
        ),
      ),
      sums: itemSums(declaration.items, declaration.intrinsicValue, language, 1),
      totals: [total('intrinsicValue', declaration.currency, declaration.intrinsicValue, language)],
    },
    ...notesOf(declaration.notices, language),
  ],
});

export const h1Paper = (declaration: EuH1, language: PaperLanguage): Paper => ({
  title: 'eu_h1',
  ...headOf(declaration),
  blocks: [
    fields(
      2,
      partyField('exporter', declaration.exporter, language),
      partyField('importer', declaration.importer, language),
    ),
    fields(
      4,
      field('incoterm', `${declaration.incoterm.rule} ${declaration.incoterm.place}`),
      field('previousDocument', declaration.previousDocument),
      field('currency', declaration.currency),
      field('transportAndInsurance', grouped(declaration.transportAndInsurance)),
      field('totalInvoiced', grouped(declaration.totalInvoiced)),
      field('packages', declaration.packages),
      field('grossKg', kilograms(declaration.grossGrams)),
      ...carriageFields(declaration.carriage, language),
    ),
    {
      block: 'table',
      columns: itemColumns(left('origin', 8)),
      rows: declaration.items.map((item) => itemCells(item, language, [item.origin])),
      sums: itemSums(declaration.items, declaration.goodsOnly, language, 1),
      totals: [total('value', declaration.currency, declaration.goodsOnly, language)],
    },
    ...notesOf(declaration.notices, language),
  ],
});

export const chinaPaper = (declaration: ChinaDeclaration, language: PaperLanguage): Paper => ({
  title: 'cn_declaration',
  ...headOf(declaration),
  blocks: [
    fields(
      3,
      partyField('domesticConsignor', declaration.consignor, language),
      partyField('overseasConsignee', declaration.overseasConsignee, language),
      partyField('producer', declaration.producer, language),
    ),
    fields(
      4,
      field('mode', `${declaration.mode} ${declaration.modeName}`),
      field('exitCustoms', declaration.exitCustoms),
      field('exitPort', declaration.exitPort),
      field('exemptionNature', declaration.exemptionNature),
      field('licence', declaration.licence),
      field('contract', declaration.contract),
      field('exportDate', declaration.exportDate),
      field('tradeCountry', declaration.tradeCountry),
      field('arrivalCountry', declaration.arrivalCountry),
      field('incoterm', `${declaration.incoterm.rule} ${declaration.incoterm.place}`),
      field('currency', declaration.currency),
      field('freight', grouped(declaration.freight)),
      field('insurance', grouped(declaration.insurance)),
      field('other', grouped(declaration.otherCharges)),
      field('packages', declaration.packages),
      field('packageKinds', declaration.packageKinds),
      field('netKg', kilograms(declaration.netGrams)),
      field('grossKg', kilograms(declaration.grossGrams)),
      ...carriageFields(declaration.carriage, language),
    ),
    fields(1, field('marks', declaration.marks.join('; '))),
    {
      block: 'table',
      columns: [
        left('lineNo', 6),
        left('hs', 13),
        left('description', 22),
        right('quantity', 12),
        right('unitPrice', 12),
        right('amount', 13),
        left('origin', 8),
        left('finalDestination', 11),
        left('sourcePlace', 11),
      ],
      rows: declaration.items.map((item) => [
        [String(item.itemNo)],
        [item.code],
        inLanguage(item.descriptionEn, item.descriptionZh, language),
        [`${grouped(String(item.quantity))} ${item.unit}`],
        [grouped(item.unitPrice)],
        [grouped(item.amount)],
        [item.origin],
        [item.destination],
        [item.sourcePlace],
      ]),
      sums: [
        [],
        [],
        labelLines('total', language),
        [grouped(String(sumOf(declaration.items, ({ quantity }) => quantity)))],
        [],
        [grouped(declaration.goods)],
        [],
        [],
        [],
      ],
      totals: [total('goods', declaration.currency, declaration.goods, language)],
    },
    ...notesOf(declaration.notices, language),
  ],
});

export const usPaper = (entry: UsEntry, language: PaperLanguage): Paper => ({
  title: 'us_entry',
  ...headOf(entry),
  blocks: [
    fields(
      3,
      partyField('importerOfRecord', entry.importerOfRecord, language),
      partyField('consignee', entry.consignee, language),
      partyField('exporter', entry.exporter, language),
    ),
    fields(
      4,
      field('entryType', entry.entryType ?? ''),
      field('portOfEntry', entry.portOfEntry),
      field('exportDate', entry.exportDate),
      field('countries', entry.countries.join(', ')),
      field('currency', entry.currency),
      field('transportAndInsurance', grouped(entry.charges)),
      field('packages', entry.packages),
      field('grossKg', kilograms(entry.grossGrams)),
      ...carriageFields(entry.carriage, language),
    ),
    {
      block: 'table',
      columns: itemColumns(left('origin', 8), left('manufacturerId', 19)),
      rows: entry.items.map((item) => itemCells(item, language, [item.origin], [item.manufacturerId])),
      sums: itemSums(entry.items, entry.enteredValue, language, 2),
      totals: [total('enteredValue', entry.currency, entry.enteredValue, language)],
    },
    ...notesOf(entry.notices, language),
  ],
});
