import { carriageOf, kindName, type TransportDocument, type TransportKind } from './documents.ts';
import {
  type Check,
  discrepancy,
  type ExaminationFindings,
  notExamined,
  nothing,
  type PresentationCase,
  together,
  warning,
} from './presentation-case.ts';
import type { RequiredDocument } from './required-documents.ts';
import { beginsWithName, foldedText, hasWords, sameName, samePlace } from './text-compare.ts';

interface OnDocument {
  credit: PresentationCase['credit'];
  document: TransportDocument;
  name: string;
  item: RequiredDocument | null;
}
type TransportCheck = (input: OnDocument) => ExaminationFindings;

/** Documents that show ports, and those issued in a full set of originals: arts 19 to 22. */
const SEA: readonly TransportKind[] = ['bill_of_lading', 'sea_waybill', 'charter_party_bill_of_lading'];
const IN_SETS: readonly TransportKind[] = [...SEA, 'multimodal'];

const PLACES = [
  ['PLACE_OF_TAKING_IN_CHARGE', 'takingInCharge', 'place of taking in charge'],
  ['PORT_OF_LOADING', 'loading', 'port of loading'],
  ['PORT_OF_DISCHARGE', 'discharge', 'port of discharge'],
  ['PLACE_OF_DESTINATION', 'destination', 'place of final destination'],
] as const;

const places: TransportCheck = ({ credit, document, name }) =>
  together(
    ...PLACES.map(([code, key, what]) => {
      const [expected, found] = [credit[key], document[key]];
      if (expected === null) return nothing();
      if (found === undefined) return notExamined(`the ${what} on the ${name}`);
      // “ANY PORT IN CHINA” names no port to compare with.
      if (/\bANY\b/.test(foldedText(expected))) return notExamined(`whether ${found} is ${expected}`);
      return samePlace(expected, found) ? nothing() : discrepancy(code, { document: name, expected, found });
    }),
  );

const shipped: TransportCheck = ({ document, name }) => {
  if (document.shipped === undefined) return notExamined(`the date of shipment on the ${name}`);
  return document.shipped === null
    ? discrepancy('SHIPMENT_DATE_NOT_SHOWN', { document: name, expected: 'a date of shipment' })
    : nothing();
};

/** By air, road and rail only the shipper's original is presented, whatever set was issued (arts 23(a)(v), 24). */
const fullSet: TransportCheck = ({ document: { set, kind }, name }) => {
  if (!IN_SETS.includes(kind)) return nothing();
  if (!set) return notExamined(`the number of originals of the ${name}`);
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
  `(?<!\\b(?:NO|NOT|NON|WITHOUT)[ -])\\b(${[
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
    'BENT',
    'CRUSHED',
    'MOULDY',
    'MOLDY',
    'ROTTEN',
    'BURST',
    'CRACKED',
    'SCRATCHED',
    'OPENED',
    'REPAIRED',
    'INSUFFICIENT',
    'INADEQUATE',
    'DEFECTIVE',
    'SHORT[- ]?LANDED',
    'SECOND[- ]?HAND',
    'CONTAMINATED',
  ].join('|')})\\b`,
);
/**
 * Clauses that art. 26 and practice accept: said to contain, load and count, unknown contents, may be carried on deck.
 */
const HARMLESS = new RegExp(
  `\\b(${[
    'SAID TO CONTAIN',
    'LOAD(ED)?,?( STOW(ED)?,?)? (AND|&) COUNT',
    'MAY BE (LOADED|CARRIED) ON DECK',
    'UNKNOWN',
    'CLEAN( ON BOARD)?',
    'SHIPPED ON BOARD',
    'FREIGHT (PREPAID|COLLECT)',
    'CHARGES',
  ].join('|')})\\b`,
);
/** “Packaging may not be sufficient for the sea journey” does not expressly declare a defect (ISBP E20). */
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

const underDeck: TransportCheck = ({ document: { onDeck, kind }, name }) => {
  if (onDeck === undefined) return SEA.includes(kind) ? notExamined(`loading on deck on the ${name}`) : nothing();
  return onDeck ? discrepancy('ON_DECK', { document: name, found: 'loaded on deck' }) : nothing();
};

const noCharterParty: TransportCheck = ({ document: { charterParty, kind }, name }) => {
  if (kind === 'charter_party_bill_of_lading') return nothing();
  if (charterParty === undefined)
    return IN_SETS.includes(kind) ? notExamined(`whether the ${name} is subject to a charter party`) : nothing();
  return charterParty ? discrepancy('CHARTER_PARTY', { document: name }) : nothing();
};

const carrier: TransportCheck = ({ document: { carrier: named, kind }, name }) => {
  // A charter party bill of lading need not name the carrier (art. 22(a)(i)).
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

/**
 * Transhipment of containers, trailers and LASH barges is accepted even if the credit prohibits it (art. 20(c)(ii)),
 * and so is any transhipment within multimodal, air, road or rail carriage (arts 19(c)(ii), 23(c)(ii), 24(e)(ii)).
 */
const transhipment: TransportCheck = ({ credit, document, name }) => {
  if (credit.transhipment !== 'NOT ALLOWED' || document.transhipment === false || !SEA.includes(document.kind))
    return nothing();
  if (document.transhipment === undefined) return notExamined(`transhipment on the ${name}`);
  return document.kind === 'charter_party_bill_of_lading'
    ? discrepancy('TRANSHIPMENT', { document: name, expected: 'no transhipment', found: 'transhipped' })
    : notExamined(
        'whether the goods transhipped were in a container, trailer or LASH barge, which art. 20(c)(ii) allows',
      );
};

const EACH: readonly TransportCheck[] = [
  shipped,
  places,
  transhipment,
  fullSet,
  clean,
  underDeck,
  noCharterParty,
  carrier,
  signed,
  freight,
  consignee,
  endorsed,
  notify,
];

const eachDocument = ({ credit, presentation, required }: PresentationCase): ExaminationFindings =>
  together(
    ...carriageOf(presentation.documents).flatMap((document) => {
      const item = required.find(({ kind }) => kind === document.kind) ?? null;
      return EACH.map((check) => check({ credit, document, item, name: kindName(document.kind) }));
    }),
  );

/** Checks each transport document separately: arts 19 to 27; fields 43T and 44A to 44F. */
export const CHECKS_OF_TRANSPORT: readonly Check[] = [eachDocument];
