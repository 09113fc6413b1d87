/**
 * A discrepancy that a bank may raise against a presentation: under which article, and how the seller can correct it in
 * time.
 */
export interface DiscrepancyRow {
  article: string;
  remedy: string;
}

const AMEND = 'ask the applicant for an amendment before presenting, or present for approval';
const REISSUE = 'have its issuer correct or reissue the document';

export const DISCREPANCIES = {
  CREDIT_EXPIRED: { article: '31D, art. 6(d), 29(a)', remedy: AMEND },
  LATE_PRESENTATION: { article: '48, art. 14(c), 29(a)', remedy: AMEND },
  LATE_SHIPMENT: { article: '44C, art. 14(d), 20', remedy: AMEND },
  SHIPMENT_OUTSIDE_PERIOD: { article: '44D, art. 3', remedy: AMEND },
  SHIPMENT_DATE_NOT_SHOWN: {
    article: 'art. 20(a)(ii)',
    remedy: 'have the carrier add the on board notation with its date',
  },
  MISSING_DOCUMENT: { article: '46A, art. 14(a), 17(a)', remedy: 'obtain the document' },
  COPIES_SHORT: { article: '46A, art. 17', remedy: 'present the number of originals and copies asked for' },
  DATED_AFTER_PRESENTATION: { article: 'art. 14(i)', remedy: REISSUE },
  NOT_SIGNED: { article: '46A, art. 3', remedy: 'have it signed' },
  CONDITION_47A: { article: '47A', remedy: REISSUE },
  CREDIT_NUMBER_MISMATCH: { article: '20, art. 14(d)', remedy: REISSUE },
  REFERENCE_MISSING: { article: '47A', remedy: 'have the order or contract number added' },
  WORDING_MISSING: {
    article: '46A, art. 14(f)',
    remedy: 'reissue the certificate with the words that the credit asks for',
  },
  INVOICE_ISSUER: { article: 'art. 18(a)(i)', remedy: REISSUE },
  INVOICE_ADDRESSEE: { article: 'art. 18(a)(ii)', remedy: REISSUE },
  INVOICE_CURRENCY: { article: 'art. 18(a)(iii)', remedy: REISSUE },
  GOODS_MISMATCH: { article: '45A, art. 18(c)', remedy: 'describe the goods as the credit does' },
  INCOTERM_MISMATCH: { article: '45A, art. 18(c)', remedy: 'state the Incoterms rule and place as the credit does' },
  UNIT_PRICE: { article: '45A, art. 18(c), 30(a)', remedy: REISSUE },
  QUANTITY_MISMATCH: { article: '45A, art. 30(b)', remedy: AMEND },
  OVERDRAWN: { article: '32B, 39A, art. 18(b), 30', remedy: 'draw no more than the credit allows' },
  UNDERDRAWN: { article: '43P, art. 30(c), 31(a)', remedy: AMEND },
  PARTIAL_SHIPMENT: { article: '43P, art. 31', remedy: AMEND },
  TRANSHIPMENT: { article: '43T, art. 20(c)', remedy: AMEND },
  PORT_OF_LOADING: { article: '44E, art. 20(a)(iii)', remedy: REISSUE },
  PORT_OF_DISCHARGE: { article: '44F, art. 20(a)(iii)', remedy: REISSUE },
  PLACE_OF_TAKING_IN_CHARGE: { article: '44A, art. 19(a)(iii)', remedy: REISSUE },
  PLACE_OF_DESTINATION: { article: '44B, art. 19(a)(iii)', remedy: REISSUE },
  BL_NOT_FULL_SET: { article: 'art. 20(a)(iv)', remedy: 'present all originals issued' },
  NOT_CLEAN: { article: 'art. 27', remedy: 'ship sound goods, or have the carrier take the clause off' },
  ON_DECK: { article: 'art. 26(a)', remedy: 'have the goods stowed under deck' },
  CHARTER_PARTY: {
    article: 'art. 20(a)(vi), 22',
    remedy: 'obtain a bill of lading that is not subject to a charter party',
  },
  CARRIER_NOT_NAMED: {
    article: 'art. 20(a)(i), 23(a)(i)',
    remedy: 'have the carrier named and the document signed for it',
  },
  TRANSPORT_NOT_SIGNED: { article: 'art. 20(a)(i)', remedy: 'have the carrier, the master or their agent sign it' },
  TRANSPORT_KIND: {
    article: '46A, art. 19-25',
    remedy: 'obtain the kind of transport document that the credit asks for',
  },
  FREIGHT: { article: '46A, art. 14(d)', remedy: REISSUE },
  CONSIGNEE: { article: '46A, art. 14(d)', remedy: REISSUE },
  NOT_ENDORSED: { article: '46A', remedy: 'endorse the bill of lading' },
  NOTIFY_PARTY: { article: '46A, art. 14(j)', remedy: REISSUE },
  INSURANCE_COVER_NOTE: { article: 'art. 28(c)', remedy: 'obtain a policy or certificate' },
  INSURANCE_CURRENCY: { article: 'art. 28(f)(i)', remedy: REISSUE },
  INSURANCE_UNDERCOVER: { article: 'art. 28(f)(ii)', remedy: 'have the insured amount raised' },
  INSURANCE_DATED_AFTER_SHIPMENT: {
    article: 'art. 28(e)',
    remedy: 'have the insurer state that cover was effective from shipment',
  },
  INSURANCE_ORIGINALS: { article: 'art. 28(b)', remedy: 'present all originals issued' },
  INSURANCE_RISKS: { article: '46A, art. 28(g)', remedy: 'have the clauses of the credit added' },
  DRAFT_AMOUNT: { article: 'art. 14(d)', remedy: 'draw for the amount claimed' },
  DRAFT_CURRENCY: { article: '32B', remedy: 'draw in the currency of the credit' },
  DRAFT_DRAWEE: { article: '42a, art. 6(c)', remedy: 'draw on the bank that the credit names' },
  DRAFT_TENOR: { article: '42C', remedy: 'draw at the tenor of the credit' },
} as const satisfies Record<string, DiscrepancyRow>;
export type DiscrepancyCode = keyof typeof DISCREPANCIES;

/** Not discrepancies, but worth mentioning before presenting. */
export const WARNINGS = {
  INVOICE_ABOVE_CREDIT: {
    article: 'art. 18(b)',
    remedy: 'the bank may accept it; the drawing stays within the credit',
  },
  COVER_BELOW_INVOICE: {
    article: 'art. 28(f)(ii)',
    remedy: 'the cover reaches the CIF value of the credit but not the invoice total; have it raised',
  },
  CLAUSE_TO_JUDGE: { article: 'art. 26, 27', remedy: 'judge whether the clause declares a defect of goods or packing' },
  EXTENDED_BY_CLOSED_DAY: {
    article: 'art. 29(b)',
    remedy: 'the bank states on its cover schedule that it was presented within the extended time',
  },
} as const satisfies Record<string, DiscrepancyRow>;
export type WarningCode = keyof typeof WARNINGS;
