import type { z } from 'zod';
import { plainDate } from '../../plain-date.ts';
import { readCredit } from '../credit.ts';
import type { Credit } from '../credit-terms.ts';
import { examinePresentation } from '../examine-presentation.ts';
import type { Presentation } from '../presentation-case.ts';
import { SAMPLE_MT700 } from './sample-credit.ts';

const TODAY = plainDate('2026-11-09');
const ASKED = { on: TODAY, today: TODAY };
/** The sample credit, with some terms changed. */
export const creditOf = (change: Partial<Credit> = {}): Credit => {
  const { credit } = readCredit(SAMPLE_MT700, ASKED);
  if (!credit) throw new Error('the sample is a credit');
  return { ...credit, ...change };
};

export type Doc = z.input<typeof Presentation>['documents'][number];
type Of<K extends Doc['kind']> = Extract<Doc, { kind: K }>;
/** Documents that comply with it. */
export const invoice: Of<'invoice'> = {
  kind: 'invoice',
  amount: '100000.00',
  currency: 'USD',
  unitPrice: '5.00',
  signed: true,
  originals: 3,
  quotesCredit: true,
  issuer: 'Ningbo Sample Textile Co Ltd',
  addressee: 'MAISON EXEMPLE SARL',
  date: '2026-10-27',
  quantity: { value: '20000', unit: 'PCS' },
  incoterm: { code: 'CIF', place: 'Le Havre' },
  goods:
    '20,000 PCS COTTON T-SHIRTS, HS 610910 AT USD 5.00 PER PC CIF LE HAVRE INCOTERMS 2020 AS PER CONTRACT NO. NS-2026-118',
};
export const lading: Extract<Doc, { vessel?: string | undefined }> = {
  kind: 'bill_of_lading',
  freight: 'PREPAID',
  shipped: '2026-10-28',
  loading: 'NINGBO',
  discharge: 'LE HAVRE',
  carrier: 'DEMO LINE',
  vessel: 'DEMO STAR',
  voyage: '12W',
  set: { presented: 3, issued: 3 },
  clauses: [],
  onDeck: false,
  signed: true,
  charterParty: false,

  consignee: 'TO ORDER OF SHIPPER',
  endorsedInBlank: true,
  notify: 'MAISON EXEMPLE SARL\nLYON',
  quotesCredit: true,
};
export const packing: Doc = { kind: 'packing_list', originals: 1, copies: 1, quotesCredit: true };
export const insurance: Of<'insurance'> = {
  kind: 'insurance',
  form: 'policy',
  amount: '110000.00',
  currency: 'USD',
  date: '2026-10-27',
  clauses: 'ICC(A)',
  quotesCredit: true,
  set: { presented: 2, issued: 2 },
};
export const certificate: Doc = {
  kind: 'beneficiary_certificate',
  quotesCredit: true,
  wording: 'WE HEREBY CERTIFY THAT: One set of copies has been sent to applicant.',
};
export const draft: Of<'draft'> = {
  kind: 'draft',
  amount: '100000.00',
  currency: 'USD',
  drawee: 'TESTFRPP',
  tenor: '60 days after B/L date',
  quotesCredit: true,
};

interface Told {
  credit?: Credit;
  presented?: string;
  drawing?: string;
  drawnBefore?: string;
}

/** Examines these documents with some of them changed (null: left out). */
export const examine = (
  change: Record<string, Doc | null | Doc[]> = {},
  { credit = creditOf(), presented = '2026-11-09', ...more }: Told = {},
) => {
  const parts: Record<string, Doc | null | Doc[]> = {
    invoice,
    lading,
    packing,
    insurance,
    certificate,
    draft,
    ...change,
  };
  const documents = Object.values(parts).flatMap((part) => part ?? []);
  const calendar = { weekend: ['Sat' as const, 'Sun' as const], closed: [], openDays: [] };
  return examinePresentation(credit, { documents, presented, calendar, ...more }, TODAY);
};
export const codes = (...given: Parameters<typeof examine>) => examine(...given).discrepancies.map(({ code }) => code);
