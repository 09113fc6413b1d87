/** Must be amended before anything is shipped, should be amended, or is only a note. */
export type Severity = 'must' | 'should' | 'note';

/** A clause that makes a complying presentation depend on the applicant or on chance. */
export interface SoftClause {
  code: string;
  severity: Severity;
  /** Matched against one item, in capitals, on one line. Any match makes it this clause. */
  patterns: readonly RegExp[];
  why: string;
  ask: string;
}

export const SOFT_CLAUSES: readonly SoftClause[] = [
  {
    code: 'SIGNED_BY_APPLICANT',
    severity: 'must',
    patterns: [/\b(COUNTER-?)?(SIGNED|ISSUED|APPROVED|ENDORSED)( AND (SIGNED|STAMPED))? BY (THE )?(APPLICANT|BUYER)\b/],
    why: 'the applicant can hold the document back',
    ask: 'the document signed by the seller or an independent party',
  },
  {
    code: 'INSPECTION_BY_BUYER',
    severity: 'must',
    patterns: [/\bINSPECTION\b.{0,120}\b(APPLICANT|BUYER|OPENER)'?S?'? ?(AGENT|REPRESENTATIVE|NOMINEE|OFFICE)?\b/],
    why: 'the buyer’s side decides whether the certificate exists',
    ask: 'inspection by an independent company named in the credit',
  },
  {
    code: 'SIGNATURE_TO_MATCH',
    severity: 'must',
    patterns: [
      /\bSIGNATURES?\b.{0,80}\b(MATCH|CONFORM|COMPLY|IDENTICAL|IN CONFORMITY|VERIFIED)\b/,
      /\bIN CONFORMITY WITH (THE )?(SPECIMEN|RECORD)\b/,
    ],
    why: 'a signature is compared with one that only the issuing bank holds',
    ask: 'this condition deleted',
  },
  {
    code: 'IMPORT_LICENCE',
    severity: 'must',
    patterns: [/\b(SUBJECT TO|UPON|AFTER|PENDING)\b.{0,60}\bIMPORT (LICEN[CS]E|PERMIT|APPROVAL)\b/],
    why: 'the credit depends on a licence that the buyer obtains',
    ask: 'the licence obtained and this condition deleted before goods are made',
  },
  {
    code: 'NOT_OPERATIVE',
    severity: 'must',
    patterns: [
      /\b(NOT|NON|IN)[ -]?(YET )?(OPERATIVE|EFFECTIVE|OPERATIONAL)\b/,
      /\b(BECOMES?|WILL BE|SHALL BE|IS) (OPERATIVE|EFFECTIVE) (ONLY |UPON|AFTER|WHEN|ON|SUBJECT)/,
    ],
    why: 'the credit is not in force yet',
    ask: 'the credit made operative',
  },
  {
    code: 'DETAILS_BY_AMENDMENT',
    severity: 'must',
    patterns: [
      /\b(VESSEL|SHIPMENT|PORT|DESTINATION|QUANTITY)\b.{0,100}\b(BY|THROUGH|IN) (WAY OF )?(AN? )?(L\/?C )?AMENDMENT\b/,
      /\bSHIPPING INSTRUCTIONS?\b.{0,60}\b(APPLICANT|BUYER)\b/,
    ],
    why: 'shipment waits for the applicant’s instruction',
    ask: 'the details stated in the credit now',
  },
  {
    code: 'PAID_WHEN_BUYER_PAYS',
    severity: 'must',
    patterns: [
      /\b(AFTER|UPON|WHEN|SUBJECT TO)\b.{0,60}\b(RECEIPT OF (FUNDS|PAYMENT)|FUNDS? (ARE )?RECEIVED)\b/,
      /\b(AFTER|UPON|WHEN|SUBJECT TO)\b.{0,60}\b(APPLICANT|BUYER)('S)? (PAYMENT|ACCEPTANCE|APPROVAL)\b/,
      /\b(AFTER|UPON|WHEN|SUBJECT TO)\b.{0,60}\bGOODS (ARE |HAVE BEEN )?(ACCEPTED|INSPECTED|CLEARED|RELEASED)\b/,
    ],
    why: 'payment waits for the applicant or the goods, not for documents',
    ask: 'payment against complying documents',
  },
  {
    code: 'SAMPLE_APPROVAL',
    severity: 'must',
    patterns: [
      /\bSAMPLES?\b.{0,80}\b(APPROVED|APPROVAL|CONFIRMED|CONFIRMATION|ACCEPTED)\b/,
      /\bAPPROVAL OF (THE )?(PRE-?SHIPMENT )?SAMPLES?\b/,
    ],
    why: 'the applicant’s approval of a sample is needed',
    ask: 'this condition deleted, or the approval obtained first',
  },
  {
    code: 'ORIGINAL_BL_TO_APPLICANT',
    severity: 'must',
    patterns: [
      /\b(1\/3|2\/3|ONE)\b.{0,40}\b(B\/L|BILLS? OF LADING)\b.{0,120}\b(SENT|FORWARDED) .{0,40}\b(APPLICANT|BUYER)/,
    ],
    why: 'the buyer can take the goods without the bank’s payment',
    ask: 'the full set of originals presented to the bank',
  },
  {
    code: 'CONSIGNED_TO_APPLICANT',
    severity: 'should',
    patterns: [/\b(CONSIGNED|MADE OUT) TO (THE )?(ORDER OF )?(THE )?(APPLICANT|BUYER)\b/],
    why: 'the goods are at the buyer’s disposal before payment',
    ask: 'the transport document to order of the shipper or of the issuing bank',
  },
  {
    code: 'CUSTOMS_CLEARANCE',
    severity: 'must',
    patterns: [/\b(AFTER|UPON|SUBJECT TO)\b.{0,40}\b(CUSTOMS|FDA|QUARANTINE)\b.{0,40}\b(CLEAR|RELEASE|APPROVAL|PASS)/],
    why: 'payment waits for an authority of the buyer’s country',
    ask: 'this condition deleted',
  },
  {
    code: 'CANCELLABLE',
    severity: 'must',
    patterns: [
      /\b(MAY|CAN|RESERVES? THE RIGHT TO) (BE )?(CANCEL|CANCELLED|REVOKED?|WITHDRAWN?)\b/,
      /\bAPPLICANT\b.{0,40}\bRIGHT TO CANCEL\b/,
    ],
    why: 'an irrevocable credit is not the applicant’s to cancel',
    ask: 'this condition deleted',
  },
];
