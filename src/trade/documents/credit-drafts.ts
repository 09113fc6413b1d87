import { toMinor } from '#domain/money.ts';
import { mergeNotices } from '../rule.ts';
import { amountInWords } from './amount-in-words.ts';
import { advice, type DraftSource, given, headOf, moneyOf, noticesFrom } from './draft-source.ts';
import { CREDIT_DRAFTS } from './rules.ts';
import type { BeneficiaryCertificate, BillOfExchange } from './trade-document.ts';

const underCredit = (source: DraftSource) => {
  const { record, figures, context } = source;
  const credit = given(record.credit, 'credit');
  const over = credit.amount !== null && figures.totalMinor > toMinor(credit.amount, record.currency);
  const notices = mergeNotices(
    noticesFrom(context.asOf, CREDIT_DRAFTS),
    over
      ? [
          advice(
            'ucp600.drafts',
            `The drawing of ${moneyOf(source, figures.totalMinor)} is above the credit amount of ${credit.amount}: ` +
              'see whether a tolerance covers it (articles 18 and 30)',
          ),
        ]
      : [],
  );
  return {
    credit,
    notices,
    common: {
      issuingBank: credit.issuingBank,
      creditNumber: credit.number,
      creditIssuedOn: given(credit.issuedOn, 'credit.issuedOn'),
      invoiceNo: record.references.invoiceNo,
    },
  };
};

/** The beneficiary's draft for the full invoice amount, in the currency of the credit. */
export const billOfExchange = (source: DraftSource): BillOfExchange => {
  const { record, figures } = source;
  const { credit, notices, common } = underCredit(source);
  const drawer = given(record.exporter, 'exporter');
  return {
    ...headOf('bill_of_exchange', source, record.references.invoiceNo, notices),
    ...common,
    drawer,
    place: drawer.city,
    tenor: credit.tenor,
    payee: credit.payee,
    drawee: credit.drawee,
    amount: moneyOf(source, figures.totalMinor),
    amountInWords: amountInWords(figures.totalMinor, record.currency),
  };
};

/** Certifies what the credit requires, in the credit's own words. */
export const beneficiaryCertificate = (source: DraftSource): BeneficiaryCertificate => {
  const { record, figures } = source;
  const { credit, notices, common } = underCredit(source);
  const head = headOf('beneficiary_certificate', source, record.references.invoiceNo, notices);
  return {
    ...head,
    ...common,
    beneficiary: given(record.exporter, 'exporter'),
    invoiceDate: head.date,
    amount: moneyOf(source, figures.totalMinor),
    statements: credit.certifies,
  };
};
