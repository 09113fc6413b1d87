import type { BeneficiaryCertificate, BillOfExchange } from '#trade/documents/trade-document.ts';
import { label, type PaperLanguage } from './labels.ts';
import type { Block, Paper } from './paper.ts';
import { field, fields, grouped, notesOf, partyCell, partyField } from './wording.ts';

/** `sight` and `at sight` become `AT SIGHT`; any other tenor is printed as the credit words it. */
const tenorWords = (tenor: string): string => {
  const bare = tenor.replace(/^at\s+/i, '');
  return /^sight$/i.test(bare) ? 'AT SIGHT' : `AT ${bare.toUpperCase()}`;
};

const draftBlocks = (draft: BillOfExchange, copy: 'draftFirst' | 'draftSecond', language: PaperLanguage): Block[] => {
  const [here, there] = copy === 'draftFirst' ? ['FIRST', 'SECOND'] : ['SECOND', 'FIRST'];
  return [
    { block: 'heading', words: label(copy, language) },
    fields(
      4,
      field('amount', `${draft.currency} ${grouped(draft.amount)}`),
      field('place', draft.place),
      field('date', draft.date),
      field('tenor', draft.tenor),
    ),
    {
      block: 'words',
      small: false,
      paragraphs: [
        `${tenorWords(draft.tenor)} OF THIS ${here} OF EXCHANGE (${there} OF THE SAME TENOR AND DATE BEING UNPAID) ` +
          `PAY TO THE ORDER OF ${draft.payee} THE SUM OF ${draft.amountInWords}.`,
        `DRAWN UNDER ${draft.issuingBank} CREDIT NO. ${draft.creditNumber} DATED ${draft.creditIssuedOn}, ` +
          `INVOICE NO. ${draft.invoiceNo}.`,
      ],
    },
    fields(2, field('drawee', draft.drawee), field('payee', draft.payee)),
    { block: 'signature', label: 'signature', words: partyCell(draft.drawer, language).slice(0, 2) },
  ];
};

/** Both copies of a set of two. The operative words are in English, as credits require. */
export const billPaper = (draft: BillOfExchange, language: PaperLanguage): Paper => ({
  title: 'bill_of_exchange',
  number: draft.number,
  date: draft.date,
  reference: draft.reference,
  blocks: [
    ...draftBlocks(draft, 'draftFirst', language),
    ...draftBlocks(draft, 'draftSecond', language),
    ...notesOf(draft.notices, language),
  ],
});

export const certificatePaper = (certificate: BeneficiaryCertificate, language: PaperLanguage): Paper => ({
  title: 'beneficiary_certificate',
  number: certificate.number,
  date: certificate.date,
  reference: certificate.reference,
  blocks: [
    fields(
      2,
      partyField('beneficiary', certificate.beneficiary, language),
      field('issuingBank', certificate.issuingBank),
    ),
    fields(
      4,
      field('credit', certificate.creditNumber),
      field('creditDate', certificate.creditIssuedOn),
      field('invoiceNo', certificate.invoiceNo),
      field('amount', `${certificate.currency} ${grouped(certificate.amount)}`),
    ),
    { block: 'words', small: false, paragraphs: [label('certifies', language), ...certificate.statements] },
    { block: 'signature', label: 'signature', words: partyCell(certificate.beneficiary, language).slice(0, 2) },
    ...notesOf(certificate.notices, language),
  ],
});
