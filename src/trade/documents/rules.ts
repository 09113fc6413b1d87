import { plainDate } from '../plain-date.ts';
import type { RuleTable, Source } from '../rule.ts';

const day = plainDate;
const READ = day('2026-11-25');
const REFERENCE = day('2026-11-24');

export const DOCUMENT_KINDS = [
  'commercial_invoice',
  'packing_list',
  'cn22',
  'cn23',
  'certificate_of_origin',
  'eu_h7',
  'eu_h1',
  'cn_declaration',
  'us_entry',
  'bill_of_exchange',
  'beneficiary_certificate',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export const EU_VAT_SCHEMES = ['ioss', 'special_arrangements', 'standard'] as const;
export type EuVatScheme = (typeof EU_VAT_SCHEMES)[number];

export const CUSTOMS_MODES = ['0110', '1210', '9610', '9710', '9810'] as const;
export type CustomsMode = (typeof CUSTOMS_MODES)[number];

export const ORIGIN_FORMS = ['non_preferential', 'form_e', 'rcep', 'gsp_form_a', 'fta_other'] as const;
export type OriginForm = (typeof ORIGIN_FORMS)[number];

/** The boxes of the postal forms. */
export const POSTAL_FORM: RuleTable<{ printedBy: string }> = {
  id: 'upu.customs-forms',
  name: 'Boxes of the postal customs declarations CN22 and CN23',
  rows: [
    {
      from: null,
      to: null,
      value: { printedBy: 'the post' },
      reviewBy: day('2027-06-30'),
      source: {
        title: 'CN 23 of the UPU as OECD (2018) reprints it, boxes 1 to 15; CN22 as India Post prints it',
        url: 'https://docslib.org/doc/3085148/annex-a-cn-23-customs-declaration-form-81',
        read: READ,
      },
      status: 'verified',
      note: 'postal charges, comments, references of the customs and the office of origin are left to the post',
    },
  ],
};

const AEAT: Source = {
  title: 'Agencia Tributaria, manual on low-value consignments, 2.2.1.1; gov.uk Appendix 21H, H7 data set',
  url: 'https://www.gov.uk/government/publications/appendix-21-import-declaration-category-data-sets/appendix-21h-declaration-category-data-sets-h7',
  read: READ,
};

/** H7 is for goods up to the low-value limit of the duty rules, and not for goods under the listed controls. */
export const H7_SCOPE: RuleTable<{ refused: readonly string[] }> = {
  id: 'eu.h7-scope',
  name: 'Goods that data set H7 may declare',
  rows: [
    {
      from: day('2021-07-01'),
      to: day('2028-06-30'),
      source: AEAT,
      status: 'verified',
      value: { refused: ['excise', 'prohibited_or_restricted', 'quota', 'preference'] },
      reviewBy: day('2027-06-30'),
    },
  ],
};

/** Merchant and manufacturer identifiers per item: whether they are requested, and whether H7 requires them. */
export const H7_PRODUCT_IDS: RuleTable<'none' | 'voluntary' | 'mandatory'> = {
  id: 'eu.h7-product-ids',
  name: 'EU product identifiers of low-value items',
  rows: [
    {
      from: day('2021-07-01'),
      to: day('2026-06-30'),
      value: 'none',
      status: 'verified',
      source: { title: 'owlbrief.com 14284', read: REFERENCE },
      reviewBy: null,
    },
    {
      from: day('2026-07-01'),
      to: day('2026-10-31'),
      value: 'voluntary',
      status: 'verified',
      source: { title: 'owlbrief.com 14284', read: REFERENCE },
      reviewBy: null,
    },
    {
      from: day('2026-11-01'),
      to: null,
      value: 'mandatory',
      status: 'verified',
      source: { title: 'owlbrief.com 14284', read: REFERENCE },
      reviewBy: day('2027-06-30'),
    },
  ],
};

interface ProcedureCodes {
  /** Duty relief code for low-value goods; null if none is on file. */
  relief: string | null;
  byScheme: Readonly<Record<EuVatScheme, string | null>>;
}

const SCHEMES = { ioss: 'F48', special_arrangements: 'F49', standard: null } as const;

export const H7_PROCEDURES: RuleTable<ProcedureCodes> = {
  id: 'eu.h7-additional-procedures',
  name: 'Additional procedure codes of H7',
  rows: [
    {
      from: day('2021-07-01'),
      to: day('2026-06-30'),
      status: 'general_knowledge',
      reviewBy: day('2027-06-30'),
      value: { relief: 'C07', byScheme: SCHEMES },
      source: { title: 'Agencia Tributaria, technical guide H7 (C07 of e-commerce)', read: READ },
    },
    {
      from: day('2026-07-01'),
      to: null,
      status: 'unverified',
      reviewBy: day('2027-01-31'),
      value: { relief: null, byScheme: SCHEMES },
      source: { title: 'Council Regulation (EU) 2026/382', read: REFERENCE },
      note: 'the relief behind C07 ended with the EUR 3 duty; the code that took its place is not on file',
    },
  ],
};

/** The elements that we fill, in words. The element numbers of the Union's data model are not on file except 14 14. */
export const H7_ELEMENTS: RuleTable<{ intrinsicValue: string }> = {
  id: 'eu.h7-elements',
  name: 'Elements of data set H7',
  rows: [
    {
      from: day('2021-07-01'),
      to: null,
      value: { intrinsicValue: '14 14' },
      source: AEAT,
      status: 'general_knowledge',
      reviewBy: day('2027-06-30'),
    },
  ],
};

export const H1_ELEMENTS: RuleTable<{ codeDigits: number }> = {
  id: 'eu.h1-elements',
  name: 'Elements of data set H1',
  rows: [
    {
      from: null,
      to: null,
      value: { codeDigits: 10 },
      status: 'general_knowledge',
      reviewBy: day('2027-06-30'),
      source: {
        title: 'gov.uk Appendix 21A, H1 data set (the names, as the United Kingdom prints them)',
        url: 'https://www.gov.uk/government/publications/appendix-21-import-declaration-category-data-sets/appendix-21a-declaration-category-data-sets-h1',
        read: READ,
      },
      note: 'a subset that the shipment knows; Annex B of Delegated Regulation (EU) 2015/2446 names more elements',
    },
  ],
};

export const CHINA_ELEMENTS: RuleTable<{ form: string }> = {
  id: 'cn.declaration-elements',
  name: 'Fields of the Chinese export declaration (出口货物报关单)',
  rows: [
    {
      from: null,
      to: null,
      value: { form: '出口货物报关单' },
      reviewBy: day('2027-06-30'),
      source: { title: '海关总署公告2019年第18号 (text not read)', read: READ },
      status: 'general_knowledge',
      note: 'field names as the trade uses them; declared quantities in legal units stay with the broker',
    },
  ],
};

export const US_ELEMENTS: RuleTable<{ codeDigits: number; form: string }> = {
  id: 'us.entry-elements',
  name: 'Blocks of CBP Form 7501',
  rows: [
    {
      from: day('2024-01-01'),
      to: null,
      value: { codeDigits: 10, form: 'CBP Form 7501' },
      status: 'verified',
      source: {
        title: 'CBP Form 7501 (updated 2024), OMB 1651-0022',
        url: 'https://omb.report/icr/202311-1651-004/doc/137218000',
        read: READ,
      },
      reviewBy: day('2027-06-30'),
      note: 'filed in ACE; the form expired 2025-03-31 on its face',
    },
  ],
};

/** Entry type by value: up to and including the limit, an informal entry. */
export const US_ENTRY_TYPES: RuleTable<{ informalMaxUsd: string; informal: string; formal: string }> = {
  id: 'us.entry-types',
  name: 'Informal and formal entry',
  rows: [
    {
      from: day('2025-08-29'),
      to: null,
      value: { informalMaxUsd: '2500', informal: '11', formal: '01' },
      source: {
        title: 'CBP Form 7501 instructions, block 2',
        url: 'https://www.cbp.gov/trade/programs-administration/entry-summary/cbp-form-7501',
        read: READ,
      },
      status: 'verified',
      reviewBy: day('2027-06-30'),
    },
  ],
};

export const ORIGIN_CERTIFICATE: RuleTable<{ validMonths: number }> = {
  id: 'origin.certificate',
  name: 'Certificate of origin',
  rows: [
    {
      from: null,
      to: null,
      value: { validMonths: 12 },
      status: 'general_knowledge',
      reviewBy: day('2027-06-30'),
      source: {
        title: 'Overleaf notes of the China–Australia form; chamber-business.com, how to complete a certificate',
        url: 'http://chamber-business.com/exporting/complete-certification-origin/',
        read: READ,
      },
      note: 'the form of the agreement is not on file: this is the data for it; twelve months are typical',
    },
  ],
};

export const CREDIT_DRAFTS: RuleTable<{ currencyOfCredit: true }> = {
  id: 'ucp600.drafts',
  name: 'Drafts under a documentary credit (UCP 600 articles 2, 17, 18)',
  rows: [
    {
      from: day('2007-07-01'),
      to: null,
      value: { currencyOfCredit: true },
      reviewBy: day('2027-06-30'),
      source: { title: 'UCP 600, as summarised by banks', read: REFERENCE },
      status: 'general_knowledge',
      note: 'a draft for the clerk: the wording of the credit decides',
    },
  ],
};

export const DOCUMENT_RULES = [
  POSTAL_FORM,
  H7_SCOPE,
  H7_PRODUCT_IDS,
  H7_PROCEDURES,
  H7_ELEMENTS,
  H1_ELEMENTS,
  CHINA_ELEMENTS,
  US_ELEMENTS,
  US_ENTRY_TYPES,
  ORIGIN_CERTIFICATE,
  CREDIT_DRAFTS,
] as const;
