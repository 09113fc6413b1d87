import { type IncotermRule, incoterms2020 } from '../incoterms/incoterms-2020.ts';
import { type AsOf, ruleOn } from '../rule.ts';
import { type DocumentKind, H1_ELEMENTS, H7_PRODUCT_IDS, US_ELEMENTS } from './rules.ts';
import type {
  EuroRate,
  SdrRate,
  ShipmentLine,
  ShipmentPackage,
  ShipmentRecord,
  TradeParty,
} from './shipment-record.ts';

/** Names the fields that a record lacks for one paper, as paths such as `lines[0].hs`. */
type Lack = (record: ShipmentRecord, asOf: AsOf) => string[];

const isLacking = (value: unknown): boolean => value === null || value === '' || value === undefined;

const one =
  (field: string, read: (record: ShipmentRecord) => unknown): Lack =>
  (record) =>
    isLacking(read(record)) ? [field] : [];

const when =
  (applies: (record: ShipmentRecord, asOf: AsOf) => boolean, ...lacks: Lack[]): Lack =>
  (record, asOf) =>
    applies(record, asOf) ? lacks.flatMap((lack) => lack(record, asOf)) : [];

/** An absent party is one missing field; a party that is present may lack parts. */
const party =
  (
    field: string,
    read: (record: ShipmentRecord) => TradeParty | null,
    parts: readonly (keyof TradeParty)[] = ['name', 'line1', 'city', 'country'],
  ): Lack =>
  (record) => {
    const found = read(record);
    if (found === null) return [field];
    return parts.filter((part) => isLacking(found[part])).map((part) => `${field}.${part}`);
  };

const eachLine =
  (field: keyof ShipmentLine, lacks: (line: ShipmentLine) => boolean = (line) => isLacking(line[field])): Lack =>
  (record) =>
    record.lines.flatMap((line, index) => (lacks(line) ? [`lines[${index}].${field}`] : []));

const eachPackage =
  (...fields: readonly (keyof ShipmentPackage)[]): Lack =>
  (record) =>
    record.packages.length === 0
      ? ['packages']
      : record.packages.flatMap((pack, index) =>
          fields.filter((field) => isLacking(pack[field])).map((field) => `packages[${index}].${field}`),
        );

const charge =
  (kind: 'freight' | 'insurance'): Lack =>
  (record) =>
    record.charges.some((found) => found.kind === kind) ? [] : [`charges.${kind}`];

/** Applies if the Incoterms rule puts the duty on the seller. */
const bySeller =
  (holds: (rule: IncotermRule) => boolean) =>
  (record: ShipmentRecord, asOf: AsOf): boolean =>
    record.incoterm !== null && holds(ruleOn(incoterms2020, asOf).value[record.incoterm.rule]);
const sellerCarries = bySeller((rule) => rule.mainCarriage === 'seller');
const sellerInsures = bySeller((rule) => rule.insurance !== null);
const sellerImports = bySeller((rule) => rule.importClearance === 'seller');

export const isCommercial = (record: ShipmentRecord): boolean =>
  record.reasonForExport !== 'gift' && record.reasonForExport !== 'documents';

/** A party that is optional, but needs these parts if it is given. */
const partyIfAny = (
  field: string,
  read: (record: ShipmentRecord) => TradeParty | null,
  parts?: readonly (keyof TradeParty)[],
): Lack => when((record) => read(record) !== null, party(field, read, parts));

const consigneeOf = (record: ShipmentRecord): TradeParty | null => record.consignee ?? record.importer;
const importerOfRecordOf = (record: ShipmentRecord): TradeParty | null => record.importerOfRecord;

const exporter = party('exporter', (record) => record.exporter);
const importer = party('importer', (record) => record.importer);
const consignee: Lack = (record, asOf) =>
  party(record.consignee === null ? 'importer' : 'consignee', consigneeOf)(record, asOf);
const invoice: readonly Lack[] = [
  one('references.invoiceNo', (record) => record.references.invoiceNo),
  one('dates.invoice', (record) => record.dates.invoice),
];
const terms = one('incoterm', (record) => record.incoterm);
const weights: readonly Lack[] = [eachLine('netGrams'), eachPackage('grossGrams')];
const described = eachLine('descriptionEn');
const classified: readonly Lack[] = [eachLine('hs'), eachLine('hsEdition')];
const originated = eachLine('origin');

/** The national code that the paper needs, longer than the six digits of the Harmonized System. */
const nationalCode = (digits: (asOf: AsOf) => number): Lack => {
  return (record, asOf) => eachLine('hs', (line) => (line.hs ?? '').length !== digits(asOf))(record, asOf);
};

const postal: readonly Lack[] = [
  exporter,
  consignee,
  described,
  ...weights,
  one('reasonForExport', (record) => record.reasonForExport),
  one('dates.invoice', (record) => record.dates.invoice),
  when(isCommercial, ...classified, originated),
];

const importedInto: readonly Lack[] = [
  exporter,
  ...invoice,
  described,
  ...classified,
  ...weights,
  party('importerOfRecord', importerOfRecordOf),
];

const draft: readonly Lack[] = [
  one('credit', (record) => record.credit),
  when(
    (record) => record.credit !== null,
    one('credit.issuingBank', (record) => record.credit?.issuingBank),
    one('credit.issuedOn', (record) => record.credit?.issuedOn),
  ),
  exporter,
  ...invoice,
];

const LACKS: Readonly<Record<DocumentKind, readonly Lack[]>> = {
  commercial_invoice: [
    exporter,
    importer,
    ...invoice,
    terms,
    described,
    ...classified,
    originated,
    partyIfAny('consignee', (record) => record.consignee),
    partyIfAny('notify', (record) => record.notify, ['name']),
    one('reasonForExport', (record) => record.reasonForExport),
    when(sellerCarries, charge('freight')),
    when(sellerInsures, charge('insurance')),
    when(sellerImports, party('importerOfRecord', importerOfRecordOf)),
    partyIfAny('importerOfRecord', importerOfRecordOf),
    when(
      (record) => record.eu.vatScheme === 'ioss',
      one('eu.ioss', (record) => record.eu.ioss),
    ),
  ],
  packing_list: [
    exporter,
    consignee,
    ...invoice,
    described,
    eachLine('netGrams'),
    eachPackage('kind', 'marks', 'lengthMm', 'widthMm', 'heightMm', 'grossGrams'),
  ],
  cn22: postal,
  cn23: [...postal, when(isCommercial, ...invoice)],
  certificate_of_origin: [
    exporter,
    consignee,
    ...invoice,
    described,
    ...classified,
    originated,
    ...weights,
    eachPackage('kind', 'marks'),
    one('originForm', (record) => record.originForm),
    one('carriage.mode', (record) => record.carriage.mode),
    one('carriage.loading', (record) => record.carriage.loading),
    one('carriage.destination', (record) => record.carriage.destination),
    when(
      (record) => record.originForm !== null && record.originForm !== 'non_preferential',
      eachLine('originCriterion'),
      one('references.certificateNo', (record) => record.references.certificateNo),
    ),
  ],
  eu_h7: [
    ...importedInto,
    one('eu.vatScheme', (record) => record.eu.vatScheme),
    one('eu.previousDocument', (record) => record.eu.previousDocument),
    when(
      (record) => record.eu.vatScheme === 'ioss',
      one('eu.ioss', (record) => record.eu.ioss),
    ),
    when(
      (_, asOf) => ruleOn(H7_PRODUCT_IDS, asOf).value === 'mandatory',
      eachLine(
        'productIds',
        (line) => line.productIds === null || line.productIds.merchant === '' || line.productIds.manufacturer === '',
      ),
    ),
  ],
  eu_h1: [
    ...importedInto,
    originated,
    terms,
    party('importerOfRecord', importerOfRecordOf, ['eori']),
    nationalCode((asOf) => ruleOn(H1_ELEMENTS, asOf).value.codeDigits),
    one('eu.previousDocument', (record) => record.eu.previousDocument),
    one('carriage.mode', (record) => record.carriage.mode),
  ],
  cn_declaration: [
    importer,
    ...invoice,
    terms,
    originated,
    ...weights,
    ...classified,
    party('exporter', (record) => record.exporter, ['name', 'taxNumber', 'country']),
    partyIfAny('producer', (record) => record.producer, ['name', 'taxNumber']),
    eachLine('descriptionZh'),
    eachLine('sourcePlace'),
    nationalCode(() => 10),
    eachPackage('kind'),
    one('references.contract', (record) => record.references.contract),
    one('china.mode', (record) => record.china.mode),
    one('china.exitCustoms', (record) => record.china.exitCustoms),
    one('china.exitPort', (record) => record.china.exitPort),
    one('china.exemptionNature', (record) => record.china.exemptionNature),
    one('carriage.mode', (record) => record.carriage.mode),
    one('carriage.billNo', (record) => record.carriage.billNo),
    one('carriage.discharge', (record) => record.carriage.discharge),
    one('carriage.destination', (record) => record.carriage.destination),
    when(
      (record) => record.carriage.destination !== null,
      one('carriage.destination.country', (record) => record.carriage.destination?.country),
    ),
    one('dates.dispatch', (record) => record.dates.dispatch),
    when(sellerCarries, charge('freight')),
    when(sellerInsures, charge('insurance')),
  ],
  us_entry: [
    ...importedInto,
    consignee,
    originated,
    eachLine('manufacturerId'),
    party('importerOfRecord', importerOfRecordOf, ['taxNumber']),
    nationalCode((asOf) => ruleOn(US_ELEMENTS, asOf).value.codeDigits),
    one('us.portOfEntry', (record) => record.us.portOfEntry),
    one('carriage.mode', (record) => record.carriage.mode),
    one('carriage.carrier', (record) => record.carriage.carrier),
    one('carriage.billNo', (record) => record.carriage.billNo),
    one('dates.dispatch', (record) => record.dates.dispatch),
  ],
  bill_of_exchange: [
    ...draft,
    when(
      (record) => record.credit !== null,
      one('credit.tenor', (record) => record.credit?.tenor),
      one('credit.drawee', (record) => record.credit?.drawee),
      one('credit.payee', (record) => record.credit?.payee),
    ),
  ],
  beneficiary_certificate: [
    ...draft,
    when(
      (record) => record.credit !== null && record.credit.certifies.length === 0,
      () => ['credit.certifies'],
    ),
  ],
};

/** The available exchange rates. */
export interface Rates {
  sdrRate?: SdrRate | undefined;
  euroRate?: EuroRate | undefined;
}

const ratesLacking = (document: DocumentKind, record: ShipmentRecord, { sdrRate, euroRate }: Rates): string[] => {
  if (document === 'cn22' && sdrRate === undefined) return ['sdrRate'];
  if (document === 'eu_h7' && record.currency !== 'EUR' && euroRate === undefined) return ['euroRate'];
  return [];
};

/**
 * All fields that are missing for `document`, each once, as paths into the record; empty if it can be made. Throws
 * `no_row` on a day without a row of a needed rule (H7 before 2021-07-01). With `rates`, an exchange rate that the
 * paper needs and that is not given is missing too (`sdrRate`, `euroRate`); without `rates`, exchange rates are not
 * checked.
 */
export const missingFor = (
  document: DocumentKind,
  record: ShipmentRecord,
  asOf: AsOf,
  rates?: Rates,
): readonly string[] => [
  ...new Set([
    ...LACKS[document].flatMap((lack) => lack(record, asOf)),
    ...(rates === undefined ? [] : ratesLacking(document, record, rates)),
  ]),
];
