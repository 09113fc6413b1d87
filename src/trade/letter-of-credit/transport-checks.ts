import { isTransport, kindName, type TransportDocument } from './documents.ts';
import { type Case, discrepancy, type Findings, notExamined, nothing, together, warning } from './presentation-case.ts';
import type { RequiredDocument } from './required-documents.ts';
import { beginsWithName, foldedText, hasWords, sameName, samePlace } from './text-compare.ts';

interface OnDocument {
  credit: Case['credit'];
  document: TransportDocument;
  name: string;
  item: RequiredDocument | null;
}
type TransportCheck = (input: OnDocument) => Findings;

const port = (
  code: 'PORT_OF_LOADING' | 'PORT_OF_DISCHARGE',
  { name: document }: OnDocument,
  expected: string | null,
  found: string | undefined,
): Findings => {
  if (expected === null) return nothing();
  const what = code === 'PORT_OF_LOADING' ? 'port of loading' : 'port of discharge';
  if (found === undefined) return notExamined(`the ${what} on the ${document}`);
  // “ANY PORT IN CHINA” names no port to compare with.
  if (/\bANY\b/.test(foldedText(expected))) return notExamined(`whether ${found} is ${expected}`);
  return samePlace(expected, found) ? nothing() : discrepancy(code, { document, expected, found });
};

const loading: TransportCheck = (input) => port('PORT_OF_LOADING', input, input.credit.loading, input.document.loading);
const discharge: TransportCheck = (input) =>
  port('PORT_OF_DISCHARGE', input, input.credit.discharge, input.document.discharge);

const shipped: TransportCheck = ({ document, name }) =>
  document.shipped === null
    ? discrepancy('SHIPMENT_DATE_NOT_SHOWN', { document: name, expected: 'a date of shipment' })
    : nothing();

const fullSet: TransportCheck = ({ document: { set, kind }, name }) => {
  if (!set) return kind === 'bill_of_lading' ? notExamined('the number of originals of the bill of lading') : nothing();
  return set.presented < set.issued
    ? discrepancy('BL_NOT_FULL_SET', {
        document: name,
        expected: `${set.issued}/${set.issued}`,
        found: `${set.presented}/${set.issued}`,
      })
    : nothing();
};

/** Words that declare a defect of goods or packing. */
const DEFECT = new RegExp(
  `\\b(${[
    ...[
      'TORN',
      'DAMAGED?',
      'BROKEN',
      'WET',
      'STAINED',
      'STAINS?',
      'RUST',
      'RUSTY',
      'RUSTED',
      'LEAKING',
      'LEAKY',
      'DENTED',
    ],
    ...['BENT', 'CRUSHED', 'MOULDY', 'MOLDY', 'ROTTEN', 'BURST', 'CRACKED', 'SCRATCHED', 'OPENED', 'REPAIRED'],
    ...['INSUFFICIENT', 'INADEQUATE', 'DEFECTIVE', 'SHORT[- ]?LANDED', 'SECOND[- ]?HAND', 'CONTAMINATED'],
  ].join('|')})\\b`,
);
/**
 * Clauses that art. 26 and practice take: said to contain, load and count, unknown contents, may be carried on deck.
 */
const HARMLESS = new RegExp(
  `\\b(${[
    ...['SAID TO CONTAIN', 'LOAD(ED)?,?( STOW(ED)?,?)? (AND|&) COUNT', 'MAY BE (LOADED|CARRIED) ON DECK', 'UNKNOWN'],
    ...['CLEAN( ON BOARD)?', 'SHIPPED ON BOARD', 'FREIGHT (PREPAID|COLLECT)', 'CHARGES'],
  ].join('|')})\\b`,
);
/** “Packaging may not be sufficient for the sea journey” declares nothing expressly (ISBP E20). */
const DOUBT = /\bMAY NOT BE\b/;

const clean: TransportCheck = ({ document: { clauses }, name }) => {
  if (clauses === undefined) return notExamined(`clauses on the ${name} about goods or packing`);
  return together(
    ...clauses.map((clause) => {
      const said = clause.toUpperCase().slice(0, 2000);
      if (DEFECT.test(said) && !DOUBT.test(said))
        return discrepancy('NOT_CLEAN', { document: name, found: clause.slice(0, 200) });
      return HARMLESS.test(said)
        ? nothing()
        : warning('CLAUSE_TO_JUDGE', { document: name, found: clause.slice(0, 200) });
    }),
  );
};

const underDeck: TransportCheck = ({ document: { onDeck }, name }) =>
  onDeck === true ? discrepancy('ON_DECK', { document: name, found: 'loaded on deck' }) : nothing();

const noCharterParty: TransportCheck = ({ document: { charterParty, kind }, name }) =>
  charterParty === true && kind !== 'charter_party_bill_of_lading'
    ? discrepancy('CHARTER_PARTY', { document: name })
    : nothing();

const carrier: TransportCheck = ({ document: { carrier: named, kind }, name }) => {
  // The carrier need not be named on a charter party bill of lading (art. 22(a)(i)).
  if (kind === 'charter_party_bill_of_lading') return nothing();
  if (named === undefined) return notExamined(`the carrier on the ${name}`);
  return named === null
    ? discrepancy('CARRIER_NOT_NAMED', { document: name, expected: 'the name of the carrier' })
    : nothing();
};

const signed: TransportCheck = ({ document: { signed: is }, name }) => {
  if (is === undefined) return notExamined(`the signature on the ${name}`);
  return is
    ? nothing()
    : discrepancy('TRANSPORT_NOT_SIGNED', { document: name, expected: 'signed for the carrier or master' });
};

const freight: TransportCheck = ({ document: { freight: marked }, name, item }) => {
  if (item === null || item.freight === null) return nothing();
  if (marked === undefined) return notExamined(`the freight mark on the ${name}`);
  return marked === item.freight
    ? nothing()
    : discrepancy('FREIGHT', { document: name, expected: item.freight, found: marked });
};

const ORDER = /\bTO (THE )?ORDER\b/;

const consignee: TransportCheck = ({ document, name, item }) => {
  if (item === null || item.consignee === null) return nothing();
  if (document.consignee === undefined) return notExamined(`the consignee on the ${name}`);
  const said = foldedText(document.consignee);
  const toOrder = ORDER.test(said);
  const bare = /\bTO (THE )?ORDER( BLANK ENDORSED| ENDORSED IN BLANK| OF (THE )?SHIPPER.*)?$/.test(said);
  if (item.consignee === 'other')
    return hasWords(item.text, document.consignee)
      ? nothing()
      : notExamined(`the consignee on the ${name}: “${document.consignee}”`);
  return toOrder && (bare || (document.shipper !== undefined && hasWords(said, document.shipper)))
    ? nothing()
    : discrepancy('CONSIGNEE', {
        document: name,
        expected: item.consignee.replaceAll('_', ' '),
        found: document.consignee,
      });
};

const endorsed: TransportCheck = ({ document, name, item }) => {
  if (item === null || !item.blankEndorsed) return nothing();
  const said =
    document.endorsedInBlank ?? (document.consignee && /ENDORSED/i.test(document.consignee) ? true : undefined);
  if (said === undefined) return notExamined(`the endorsement of the ${name}`);
  return said ? nothing() : discrepancy('NOT_ENDORSED', { document: name, expected: 'endorsed in blank' });
};

const notify: TransportCheck = ({ credit, document: { notify: party }, name, item }) => {
  if (item === null || !item.notifyApplicant) return nothing();
  if (party === undefined) return notExamined(`the notify party on the ${name}`);
  const [first = ''] = party.split(/\n/, 1);
  return beginsWithName(credit.applicant, first) || sameName(first, 'APPLICANT')
    ? nothing()
    : discrepancy('NOTIFY_PARTY', { document: name, expected: credit.applicant[0] ?? null, found: party });
};

/** Transhipment of containers, trailers and LASH barges is taken even where the credit forbids it (art. 20(c)(ii)). */
const transhipment: TransportCheck = ({ credit, document, name }) => {
  if (credit.transhipment !== 'NOT ALLOWED' || document.transhipment !== true) return nothing();
  const sea = document.kind === 'bill_of_lading' || document.kind === 'sea_waybill';
  return sea
    ? notExamined(
        'whether the goods transhipped were in a container, trailer or LASH barge, which art. 20(c)(ii) allows',
      )
    : document.kind === 'charter_party_bill_of_lading'
      ? discrepancy('TRANSHIPMENT', { document: name, expected: 'no transhipment', found: 'transhipped' })
      : nothing();
};

const EACH: readonly TransportCheck[] = [
  ...[shipped, loading, discharge, transhipment, fullSet, clean, underDeck, noCharterParty, carrier, signed],
  ...[freight, consignee, endorsed, notify],
];

const eachDocument = ({ credit, presentation, required }: Case): Findings =>
  together(
    ...presentation.documents.filter(isTransport).flatMap((document) => {
      const item = required.find(({ kind }) => kind === document.kind) ?? null;
      return EACH.map((check) => check({ credit, document, item, name: kindName(document.kind) }));
    }),
  );

export const CHECKS_OF_TRANSPORT: readonly ((input: Case) => Findings)[] = [eachDocument];
