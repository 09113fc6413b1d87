import { Failure } from '#domain/failure.ts';
import { minorUnitOn } from '../currency/minor-unit.ts';
import { readInput } from '../read-input.ts';
import { certificateOfOrigin } from './certificate-of-origin.ts';
import { chinaDeclaration } from './china-declaration.ts';
import { commercialInvoice } from './commercial-invoice.ts';
import { beneficiaryCertificate, billOfExchange } from './credit-drafts.ts';
import type { DocumentContext, DraftSource } from './draft-source.ts';
import { euH1, euH7 } from './eu-declarations.ts';
import { figuresOf } from './figures.ts';
import { missingFor } from './missing.ts';
import { packingList } from './packing-list.ts';
import { cn22, cn23, type PostalChoice, postalChoices } from './postal-forms.ts';
import type { DocumentKind } from './rules.ts';
import { ShipmentRecord } from './shipment-record.ts';
import type { DocumentOf } from './trade-document.ts';
import { usEntry } from './us-entry.ts';

const MAKERS: { readonly [K in DocumentKind]: (source: DraftSource) => DocumentOf<K> } = {
  commercial_invoice: commercialInvoice,
  packing_list: packingList,
  cn22,
  cn23,
  certificate_of_origin: certificateOfOrigin,
  eu_h7: euH7,
  eu_h1: euH1,
  cn_declaration: chinaDeclaration,
  us_entry: usEntry,
  bill_of_exchange: billOfExchange,
  beneficiary_certificate: beneficiaryCertificate,
};

/** Parses a shipment record from outside and fills in defaults. Throws `invalid` naming the first wrong field. */
export const readShipmentRecord = (input: unknown): ShipmentRecord => readInput(ShipmentRecord, input, 'shipment');

const sourceOf = (kind: DocumentKind, record: ShipmentRecord, context: DocumentContext): DraftSource => {
  const { notices } = minorUnitOn(record.currency, context.asOf);
  const { figures, faults } = figuresOf(record);
  const [fault] = faults;
  if (fault)
    throw new Failure('invalid', `${fault.field}: ${fault.reason}`, {
      safe: { field: fault.field, reason: fault.reason, faults: faults.slice(0, 50) },
    });
  const missing = missingFor(kind, record, context.asOf, context);
  if (missing.length > 0)
    throw new Failure('invalid', `${kind}: the shipment lacks ${missing.slice(0, 20).join(', ')}; fill it in first`, {
      safe: { field: missing[0], reason: 'missing', missing: missing.slice(0, 200) },
    });
  return { record, figures, context, notices };
};

/**
 * Makes the data of one paper. All papers of a shipment come from the same record, so they agree to the minor unit, the
 * gram and the piece. Throws `invalid` for a record that contradicts itself (all in `safe.faults`), that lacks fields
 * (all in `safe.missing`) or that this paper may not declare; `no_row` on a day without a rule and for a currency that
 * is not in force.
 */
export const makeDocument = <K extends DocumentKind>(
  kind: K,
  record: ShipmentRecord,
  context: DocumentContext,
): DocumentOf<K> => MAKERS[kind](sourceOf(kind, record, context));

/** The postal form of each package, as one item of mail each. Needs the fields of a CN23 and an SDR rate. */
export const postalFormsOf = (record: ShipmentRecord, context: DocumentContext): PostalChoice[] =>
  postalChoices(sourceOf('cn23', record, context));
