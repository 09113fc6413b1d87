import { type DocumentKind, TRANSPORT_KINDS } from './documents.ts';

/** One item of field 46A, as far as it can be read with certainty. */
export interface RequiredDocument {
  kind: DocumentKind;
  /** The item's text on one line. */
  text: string;
  signed: boolean;
  /** Originals and copies together; null if the item is silent (one original, art. 17(a)). */
  count: number | null;
  fullSet: boolean;
  originalsCopiesOnly: boolean;
  consignee: 'to_order' | 'to_order_of_shipper' | 'other' | null;
  blankEndorsed: boolean;
  freight: 'PREPAID' | 'COLLECT' | null;
  notifyApplicant: boolean;
  /** Per cent of the value, for an insurance document. */
  insurancePerCent: string | null;
  /** Cargo clauses, such as `A`. */
  clauses: string | null;
  /** Words that the document must contain, after “certifying that” or “stating that”. */
  wording: string | null;
}

/**
 * The earliest match in the text determines the kind, because an item names its document before its content (“invoice …
 * and insurance covered by …”). Of two matches at the same place the upper row wins. An item without a match is `other`
 * and is distinguished by its title.
 */
const KINDS: readonly (readonly [DocumentKind, RegExp])[] = [
  [
    'insurance',
    /\bINSURANCE (POLICY|CERTIFICATE|DOCUMENT|POLICIES)|\bMARINE INSURANCE\b|\bINSURANCE\b.*\b(COVER|COVERING)\b/,
  ],
  ['inspection_certificate', /\bINSPECTION (CERTIFICATE|REPORT)|\bCERTIFICATE OF INSPECTION\b/],
  ['certificate_of_origin', /\bCERTIFICATE OF ORIGIN\b|\bORIGIN CERTIFICATE\b|\b(FORM A|FORM E|RCEP|EUR[. ]?1)\b/],
  ['weight_certificate', /\bCERTIFICATE OF (WEIGHT|QUANTITY)|\bWEIGHT (CERTIFICATE|LIST|NOTE)\b/],
  ['quality_certificate', /\bCERTIFICATE OF (QUALITY|ANALYSIS)|\bQUALITY CERTIFICATE\b/],
  ['phytosanitary_certificate', /\bPHYTOSANITARY\b/],
  ['fumigation_certificate', /\bFUMIGATION\b/],
  ['beneficiary_certificate', /\bBENEFICIARY'?S?'? ?(SIGNED )?(CERTIFICATE|DECLARATION|STATEMENT)/],
  ['shipment_advice', /\bSHIPPING ADVICE\b|\bSHIPMENT ADVICE\b/],
  ['packing_list', /\bPACKING LISTS?\b/],
  ['charter_party_bill_of_lading', /\bCHARTER PARTY\b(?!.*\bNOT ACCEPTABLE\b).*\bBILLS? OF LADING\b/],
  ['sea_waybill', /\b(NON-?NEGOTIABLE )?SEA ?WAYBILL\b/],
  ['air_waybill', /\bAIR ?WAYBILLS?\b|\bAWB\b/],
  ['multimodal', /\b(MULTIMODAL|COMBINED) TRANSPORT\b/],
  ['bill_of_lading', /\bBILLS? OF LADING\b|\bB\/L\b/],
  ['road_rail_waterway', /\b(CMR|RAILWAY|ROAD) (CONSIGNMENT|WAYBILL|BILL|NOTE)|\bTRUCK RECEIPT\b|\bCMR\b/],
  ['courier_receipt', /\bCOURIER (RECEIPT|AIR)|\bPOST RECEIPT\b/],
  ['forwarder_receipt', /\bFCR\b|\bFORWARDER'?S'? (CARGO )?RECEIPT\b|\bCARGO RECEIPT\b/],
  ['draft', /\bDRAFTS?\b|\bBILLS? OF EXCHANGE\b/],
  ['invoice', /\bINVOICES?\b/],
];

const COUNTS: readonly (readonly [RegExp, number])[] = [
  [/\bIN DUPLICATE\b|\b(2|TWO)[- ]?FOLD\b/, 2],
  [/\bIN TRIPLICATE\b|\b(3|THREE)[- ]?FOLD\b/, 3],
  [/\bIN QUADRUPLICATE\b|\b(4|FOUR)[- ]?FOLD\b/, 4],
  [/\bIN QUINTUPLICATE\b|\b(5|FIVE)[- ]?FOLD\b/, 5],
  [/\b(6|SIX)[- ]?FOLD\b/, 6],
];
const NUMBERED = /\bIN (\d{1,2}) (?:COPIES|ORIGINALS?|FOLDS?)\b|\b(\d{1,2}) (?:COPIES|ORIGINALS)\b/;

const countOf = (text: string): number | null => {
  const word = COUNTS.find(([pattern]) => pattern.test(text));
  if (word) return word[1];
  const numbered = NUMBERED.exec(text);
  return numbered ? Number(numbered[1] ?? numbered[2]) : null;
};

const consigneeOf = (text: string): RequiredDocument['consignee'] => {
  if (/\bTO (THE )?ORDER OF (THE )?SHIPPER\b/.test(text)) return 'to_order_of_shipper';
  if (/\b(MADE OUT )?TO (THE )?ORDER( AND|,|$| BLANK)/.test(text)) return 'to_order';
  return /\b(MADE OUT|CONSIGNED) TO\b/.test(text) ? 'other' : null;
};

/** `+` or a number begins an item; other lines continue the previous one. */
export const itemsOf = (lines: readonly string[]): string[] => {
  const items: string[] = [];
  for (const line of lines) {
    const begins = /^\s{0,4}(?:\+ ?(?:\d{1,2}[.)])?|\d{1,2}[.)](?!\d)|[-*•])\s{0,4}(?=\S)/.exec(line);
    if (begins || items.length === 0) items.push(line.slice(begins?.[0].length ?? 0).trim());
    else items[items.length - 1] = `${items.at(-1)} ${line.trim()}`.trim();
  }
  return items.filter((item) => item !== '').map((item) => item.slice(0, 6500).toUpperCase());
};

const kindOf = (text: string): DocumentKind =>
  KINDS.reduce<{ kind: DocumentKind; at: number }>(
    (first, [kind, pattern]) => {
      const at = pattern.exec(text)?.index ?? Number.POSITIVE_INFINITY;
      return at < first.at ? { kind, at } : first;
    },
    { kind: 'other', at: Number.POSITIVE_INFINITY },
  ).kind;

const requirementOf = (text: string): RequiredDocument => {
  const kind = kindOf(text);
  const transport = TRANSPORT_KINDS.some((known) => known === kind);
  return {
    kind,
    text,
    signed: /\bSIGNED\b/.test(text) && !/\bUNSIGNED\b/.test(text),
    count: transport ? null : countOf(text),
    fullSet: /\bFULL SET\b|\b3\/3\b|\b2\/2\b/.test(text),
    originalsCopiesOnly: /\bCOPY OF\b|\bCOPIES OF\b|\bPHOTOCOPY\b/.test(text) && transport,
    consignee: transport ? consigneeOf(text) : null,
    blankEndorsed: /\bBLANK ENDORSED\b|\bENDORSED IN BLANK\b/.test(text),
    freight: /\bFREIGHT (CHARGES )?(PREPAID|PAID)\b/.test(text)
      ? 'PREPAID'
      : /\bFREIGHT (CHARGES )?(COLLECT|PAYABLE AT DESTINATION)\b/.test(text)
        ? 'COLLECT'
        : null,
    notifyApplicant: /\bNOTIFY(ING)?( PARTY)?( IS| THE|:)? ?(THE )?APPLICANT\b/.test(text),
    insurancePerCent:
      kind === 'insurance' ? (/\b(\d{2,3}(?:\.\d{1,2})?) ?(?:%|PCT|PERCENT|PER CENT)/.exec(text)?.[1] ?? null) : null,
    clauses:
      /\bCARGO CLAUSES? ?\(?([ABC])\)?|\bICC ?\(?([ABC])\)?/
        .exec(text)
        ?.slice(1)
        .find((found) => found !== undefined) ?? null,
    wording:
      /\b(?:CERTIFYING|STATING|CERTIFIES|STATES|DECLARING|EVIDENCING) THAT:? ["']?(.{5,2000}?)["']?\.?$/
        .exec(text)?.[1]
        ?.trim() ?? null,
  };
};

/** The documents that a credit requires, item by item of field 46A. */
export const requiredDocuments = (lines: readonly string[] | null): RequiredDocument[] =>
  itemsOf(lines ?? []).map(requirementOf);
