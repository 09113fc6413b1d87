import { isFailure } from '#domain/failure.ts';
import { Exact } from '../decimal.ts';
import { type Tenor, tenorOf } from './maturity.ts';
import { finding, type Rule } from './review-finding.ts';
import type { SalesContract } from './sales-contract.ts';
import { beginsWithName, hasWords } from './text-compare.ts';
import { amountRange } from './tolerance.ts';

const parties: Rule = ({ credit, contract }) => [
  ...(beginsWithName(credit.beneficiary.lines, contract.seller.name)
    ? []
    : finding(
        'BENEFICIARY_NAME',
        'must',
        '59',
        [contract.seller.name, credit.beneficiary.lines[0] ?? null],
        'the beneficiary named as in the contract',
      )),
  ...(beginsWithName(credit.applicant, contract.buyer.name)
    ? []
    : finding(
        'APPLICANT_NAME',
        'must',
        '50',
        [contract.buyer.name, credit.applicant[0] ?? null],
        'the applicant named as in the contract',
      )),
];

const amount: Rule = ({ credit, contract, asOf }) => {
  if (credit.currency !== contract.currency)
    return finding(
      'CURRENCY',
      'must',
      '32B',
      [contract.currency, credit.currency],
      `the credit in ${contract.currency}`,
    );
  const most = (of: Pick<SalesContract, 'amount' | 'currency' | 'tolerance'>) =>
    amountRange({ amount: of.amount, currency: of.currency, about: false, tolerance: of.tolerance }, asOf);
  const [wanted, given] = [most(contract), most(credit)];
  const short = new Exact(credit.amount).lt(contract.amount);
  return [
    ...(short
      ? finding(
          'AMOUNT_SHORT',
          'must',
          '32B',
          [contract.amount, credit.amount],
          `an amount of at least ${contract.currency} ${contract.amount}`,
        )
      : []),
    ...(!short && new Exact(given.max).lt(wanted.max)
      ? finding(
          'TOLERANCE_SHORT',
          'should',
          '39A',
          [`up to ${wanted.max}`, `up to ${given.max}`],
          `a tolerance of ${contract.tolerance?.plus ?? 0} per cent more of amount and quantity`,
        )
      : []),
    ...(contract.tolerance &&
    contract.tolerance.minus > 0 &&
    new Exact(given.min).gt(wanted.min) &&
    credit.partialShipments === 'NOT ALLOWED'
      ? finding(
          'TOLERANCE_DOWN',
          'should',
          '39A',
          [`down to ${wanted.min}`, `down to ${given.min}`],
          `a tolerance of ${contract.tolerance.minus} per cent less of amount and quantity`,
        )
      : []),
  ];
};

const availability: Rule = ({ credit, contract }) => {
  const { by, with: bank } = credit.available;
  const named = bank.lines.join(' ');
  // Letters 5 and 6 of a BIC are its country.
  const country = bank.option === 'A' ? (bank.lines.at(-1)?.slice(4, 6) ?? null) : null;
  // If only a bank in the buyer's country pays, it pays once the documents have arrived there.
  const abroad =
    (country !== null && country === contract.buyer.country) ||
    contract.buyer.places.some((place) => hasWords(named, place)) ||
    /\bISSUING BANK\b/i.test(named);
  const home = country === contract.seller.country || contract.seller.places.some((place) => hasWords(named, place));
  const any = /\bANY BANK\b/i.test(named);
  return [
    ...(contract.availableBy.includes(by)
      ? []
      : finding(
          'AVAILABLE_BY',
          'must',
          '41a',
          [contract.availableBy.join(' or '), by],
          `availability ${contract.availableBy.join(' or ').toLowerCase()}`,
        )),
    ...(any || (!abroad && home)
      ? []
      : finding(
          'AVAILABLE_WITH',
          abroad ? 'should' : 'note',
          '41a',
          ['any bank, or a bank in the seller’s country', named],
          abroad
            ? 'availability with any bank in the seller’s country: now documents are paid for in the buyer’s alone'
            : `check that ${named} is a bank the seller can present to`,
        )),
  ];
};

const dueDate = (tenor: Tenor): string => JSON.stringify(tenor);

const tenorAgrees: Rule = ({ credit, contract, asOf }) => {
  const text =
    (credit.draftsAt ?? credit.deferredPayment)?.join(' ') ??
    (credit.available.by === 'BY PAYMENT' ? 'at sight' : null);
  if (text === null)
    return credit.mixedPayment
      ? finding(
          'TENOR_UNREAD',
          'should',
          '42M',
          [contract.tenor, credit.mixedPayment.join(' ')],
          'terms of payment to be read by a person',
        )
      : [];
  const field = credit.draftsAt ? '42C' : credit.deferredPayment ? '42P' : '41a';
  try {
    const [wanted, found] = [tenorOf(contract.tenor, asOf, 'contract.tenor'), tenorOf(text, asOf, field)];
    return dueDate(wanted) === dueDate(found)
      ? []
      : finding('TENOR', 'must', field, [contract.tenor, text], `payment ${contract.tenor}`);
  } catch (error) {
    if (!isFailure(error, 'invalid')) throw error;
    return finding(
      'TENOR_UNREAD',
      'should',
      field,
      [contract.tenor, text],
      `payment ${contract.tenor}, in words that are easily read`,
    );
  }
};

const confirmation: Rule = ({ credit, contract }) => {
  // In a transferred credit, 40B says whether the transferring bank has added its own confirmation (MT720).
  if (contract.confirmed && credit.transfer?.confirmation === 'ADDING OUR CONFIRMATION') return [];
  if (contract.confirmed && credit.confirmation === 'WITHOUT')
    return finding('CONFIRMATION_MISSING', 'must', '49', ['CONFIRM', credit.confirmation], 'the credit confirmed');
  if (contract.confirmed && credit.confirmation === 'MAY ADD')
    return finding(
      'CONFIRMATION_OPEN',
      'should',
      '49',
      ['CONFIRM', credit.confirmation],
      'the advising bank asked whether it confirms, before shipment',
    );
  if (credit.confirmation === 'CONFIRM' && !contract.confirmed)
    return finding(
      'CONFIRMATION_COST',
      'note',
      '49',
      ['WITHOUT', credit.confirmation],
      'who bears the cost of confirmation, if the seller does not need it',
    );
  return [];
};

const FOR_BENEFICIARY = /\b(FOR|TO|ON)\b.{0,30}\bBENEFICIARY'?S?'?( ACCOUNT)?\b/i;

const charges: Rule = ({ credit, contract }) => {
  const text = credit.charges?.join(' ') ?? null;
  // Without 71D the applicant pays all charges except negotiation and transfer.
  return text !== null && contract.chargesAbroad === 'buyer' && FOR_BENEFICIARY.test(text)
    ? finding(
        'CHARGES',
        'should',
        '71D',
        ['charges abroad for the applicant', text],
        'bank charges outside the buyer’s country for the applicant’s account',
      )
    : [];
};

const applicableRules: Rule = ({ credit }) =>
  credit.rules.version.startsWith('UCP') || credit.rules.version.startsWith('EUCP')
    ? []
    : finding(
        'RULES',
        'must',
        '40E',
        ['UCP LATEST VERSION', credit.rules.version],
        'the credit subject to UCP, latest version',
      );

/** Who pays whom, how much, when and under which rules: fields 32B to 42P, 49, 50, 59 and 71D. */
export const RULES_OF_PAYMENT: readonly Rule[] = [
  parties,
  amount,
  availability,
  tenorAgrees,
  confirmation,
  charges,
  applicableRules,
];
