import { isFailure } from '#domain/failure.ts';
import { Exact, exact } from '../decimal.ts';
import { addDays, daysBetween, latest, type PlainDate } from '../plain-date.ts';
import { type Asked, type Notice, noticesTogether, ruleOn } from '../rule.ts';
import type { Credit } from './credit.ts';
import { type GoodsTerms, goodsTerms } from './goods.ts';
import { type Tenor, tenorOf } from './maturity.ts';
import { sameUnit } from './quantity-units.ts';
import { itemsOf, type RequiredDocument, requiredDocuments } from './required-documents.ts';
import type { SalesContract } from './sales-contract.ts';
import { shipmentPeriod } from './shipment-period.ts';
import { type Severity, SOFT_CLAUSES } from './soft-clauses.ts';
import { beginsWithName, hasWords, samePlace } from './text-compare.ts';
import { amountRange } from './tolerance.ts';
import { PRESENTATION_DAYS } from './ucp-rules.ts';

/** `must`: do not ship before it is amended; `should`: a cost or risk to settle; `note`: to know. */

export interface Finding {
  code: string;
  severity: Severity;
  /** Field of the credit. */
  field: string;
  expected: string | null;
  found: string | null;
  /** What to ask the applicant for. */
  ask: string;
}

export interface Review {
  findings: Finding[];
  /** No finding that must be amended. */
  acceptable: boolean;
  notices: Notice[];
}

interface Reviewed {
  credit: Credit;
  contract: SalesContract;
  goods: GoodsTerms;
  required: readonly RequiredDocument[];
  asked: Asked;
}

type Rule = (input: Reviewed) => Finding[];

const finding = (
  code: string,
  severity: Severity,
  field: string,
  [expected, found]: readonly [string | null, string | null],
  ask: string,
): Finding[] => [{ code, severity, field, expected, found, ask }];

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

const amount: Rule = ({ credit, contract, asked }) => {
  if (credit.currency !== contract.currency)
    return finding(
      'CURRENCY',
      'must',
      '32B',
      [contract.currency, credit.currency],
      `the credit in ${contract.currency}`,
    );
  const most = (of: Pick<SalesContract, 'amount' | 'currency' | 'tolerance'>) =>
    amountRange({ amount: of.amount, currency: of.currency, about: false, tolerance: of.tolerance }, asked);
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

const goodsAgree: Rule = ({ credit, contract, goods }) => {
  const said = goods.quantities.filter(({ unit }) => sameUnit(unit, contract.goods.unit));
  const total = said.reduce((sum, { quantity }) => sum.plus(quantity), new Exact(0));
  const wanted = exact(contract.goods.quantity, 'contract.goods.quantity');
  const { unitPrice } = goods;
  const price = contract.goods.unitPrice;
  // 39A is of the amount alone: a quantity in pieces stays fixed unless 45A gives it room as well.
  const fixed =
    contract.tolerance !== null &&
    said.length > 0 &&
    said.every(({ about, tolerance }) => !about && tolerance === null);
  return [
    ...(credit.goods === null
      ? finding(
          'GOODS_MISSING',
          'must',
          '45A',
          [contract.goods.description, null],
          'the description of goods of the contract',
        )
      : []),
    ...(said.length > 0 && !total.eq(wanted)
      ? finding(
          'QUANTITY',
          'must',
          '45A',
          [`${wanted.toFixed()} ${contract.goods.unit}`, `${total.toFixed()} ${said[0]?.unit ?? ''}`],
          'the quantity of the contract',
        )
      : []),
    ...(price !== null && unitPrice !== null && !new Exact(unitPrice.price).eq(price)
      ? finding('UNIT_PRICE', 'must', '45A', [price, unitPrice.price], 'the unit price of the contract')
      : []),
    ...(fixed && credit.tolerance !== null
      ? finding(
          'QUANTITY_TOLERANCE',
          'should',
          '45A',
          [`${contract.tolerance?.plus}/${contract.tolerance?.minus} per cent`, 'none'],
          'the tolerance in the description of goods too: 39A is of the amount alone',
        )
      : []),
    ...(goods.incoterm === null && credit.goods !== null
      ? finding(
          'INCOTERM_MISSING',
          'should',
          '45A',
          [`${contract.incoterm.code} ${contract.incoterm.place}`, null],
          'the Incoterms rule of the contract',
        )
      : []),
    ...(goods.incoterm &&
    (goods.incoterm.code !== contract.incoterm.code || !samePlace(goods.incoterm.place, contract.incoterm.place))
      ? finding(
          'INCOTERM',
          'must',
          '45A',
          [`${contract.incoterm.code} ${contract.incoterm.place}`, `${goods.incoterm.code} ${goods.incoterm.place}`],
          'the Incoterms rule and place of the contract',
        )
      : []),
  ];
};

/** Rules under which the seller insures, and under which the buyer pays the freight. */
const SELLER_INSURES: readonly string[] = ['CIF', 'CIP'];
const BUYER_PAYS_FREIGHT: readonly string[] = ['EXW', 'FCA', 'FAS', 'FOB'];

const documentsFitIncoterm: Rule = ({ contract, required }) => {
  const { code } = contract.incoterm;
  const insurance = required.find(({ kind }) => kind === 'insurance');
  const freight = required.find((item) => item.freight !== null);
  const wanted = BUYER_PAYS_FREIGHT.includes(code) ? 'COLLECT' : 'PREPAID';
  return [
    ...(insurance && !SELLER_INSURES.includes(code)
      ? finding(
          'INSURANCE_NOT_DUE',
          'must',
          '46A',
          [`none under ${code}`, insurance.text.slice(0, 120)],
          'the insurance document taken out, or its cost borne by the buyer',
        )
      : []),
    ...(freight && freight.freight !== wanted
      ? finding(
          'FREIGHT_MARK',
          'must',
          '46A',
          [`FREIGHT ${wanted} under ${code}`, `FREIGHT ${freight.freight}`],
          `the transport document marked freight ${wanted.toLowerCase()}`,
        )
      : []),
  ];
};

const portsAgree: Rule = ({ credit, contract }) =>
  (
    [
      ['PORT_OF_LOADING', '44E', contract.loading, credit.loading ?? credit.takingInCharge],
      ['PORT_OF_DISCHARGE', '44F', contract.discharge, credit.discharge ?? credit.destination],
    ] as const
  ).flatMap(([code, field, wanted, found]) => {
    if (found === null)
      return finding(code, 'note', field, [wanted, null], `${wanted} named, if the credit is to name a place at all`);
    return samePlace(wanted, found) || /\bANY\b/i.test(found)
      ? []
      : finding(code, 'must', field, [wanted, found], `${wanted} instead of ${found}`);
  });

const lastShipment = ({ credit, asked }: Reviewed): PlainDate | null => {
  if (credit.latestShipment !== null) return credit.latestShipment;
  // Without a date goods may be shipped until expiry.
  if (credit.shipmentPeriod === null) return credit.expiry.date;
  try {
    return shipmentPeriod(credit.shipmentPeriod.join(' '), asked, '44D').latest ?? credit.expiry.date;
  } catch (error) {
    if (isFailure(error, 'invalid')) return null;
    throw error;
  }
};

const timesAreEnough: Rule = (input) => {
  const { credit, contract, asked } = input;
  const needed = addDays(contract.plannedShipment, contract.shipmentBuffer);
  const last = lastShipment(input);
  const field = credit.latestShipment === null && credit.shipmentPeriod !== null ? '44D' : '44C';
  if (last === null)
    return finding(
      'SHIPMENT_PERIOD_UNCLEAR',
      'must',
      '44D',
      ['dates', credit.shipmentPeriod?.join(' ') ?? null],
      'the shipment period in dates',
    );
  const period = credit.presentation?.days ?? ruleOn(PRESENTATION_DAYS, asked, '48').value;
  const days = Math.min(period, contract.presentationDays);
  const wanted = addDays(latest(last, needed), contract.presentationDays);
  return [
    ...(last < needed
      ? finding(
          'LATEST_SHIPMENT',
          'must',
          field,
          [`${needed} or later (planned ${contract.plannedShipment} and ${contract.shipmentBuffer} days)`, last],
          `a latest date of shipment of ${needed} or later`,
        )
      : []),
    ...(credit.expiry.date < addDays(last, contract.presentationDays)
      ? finding(
          'EXPIRY_SHORT',
          'must',
          '31D',
          [`${wanted} or later`, credit.expiry.date],
          `an expiry of ${wanted} or later, ${contract.presentationDays} days after the latest shipment`,
        )
      : []),
    ...(days < contract.presentationDays
      ? finding(
          'PRESENTATION_SHORT',
          'must',
          '48',
          [`${contract.presentationDays} days`, `${period} days`],
          `a presentation period of ${contract.presentationDays} days`,
        )
      : []),
    ...(credit.presentation?.after
      ? finding(
          'PRESENTATION_COUNTED',
          'should',
          '48',
          ['after the date of shipment', credit.presentation.after],
          'the presentation period counted from the date of shipment',
        )
      : []),
    ...(credit.expiry.date < asked.today
      ? finding('EXPIRED', 'must', '31D', [`after ${asked.today}`, credit.expiry.date], 'a new expiry')
      : daysBetween(asked.today, credit.expiry.date) < contract.presentationDays
        ? finding(
            'EXPIRY_NEAR',
            'should',
            '31D',
            [null, credit.expiry.date],
            'a later expiry, if the goods have not left yet',
          )
        : []),
  ];
};

const expiryPlace: Rule = ({ credit, contract }) => {
  const { place } = credit.expiry;
  return contract.seller.places.some((own) => hasWords(place, own))
    ? []
    : finding(
        'EXPIRY_PLACE',
        'should',
        '31D',
        [`in the seller’s country (${contract.seller.places.join(', ')})`, place],
        'expiry at a bank in the seller’s country; until then count the days of the mail',
      );
};

const availability: Rule = ({ credit, contract }) => {
  const { by, with: bank } = credit.available;
  const named = bank.lines.join(' ');
  // A BIC names its country at letters 5 and 6.
  const country = bank.option === 'A' ? (bank.lines.at(-1)?.slice(4, 6) ?? null) : null;
  // With a bank in the buyer's country alone, documents are paid for only once they arrive there.
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

const tenorAgrees: Rule = ({ credit, contract, asked }) => {
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
    const [wanted, found] = [tenorOf(contract.tenor, asked, 'contract.tenor'), tenorOf(text, asked, field)];
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
  // Without 71D all charges but negotiation and transfer are the applicant's.
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

const shipmentModes: Rule = ({ credit, contract }) => {
  const refused = (code: 'NOT ALLOWED' | 'ALLOWED' | 'CONDITIONAL' | null) => code === 'NOT ALLOWED';
  return [
    ...(contract.partialShipments && refused(credit.partialShipments)
      ? finding('PARTIAL_SHIPMENTS', 'must', '43P', ['ALLOWED', credit.partialShipments], 'partial shipments allowed')
      : []),
    ...(contract.transhipment && refused(credit.transhipment)
      ? finding('TRANSHIPMENT', 'should', '43T', ['ALLOWED', credit.transhipment], 'transhipment allowed')
      : []),
    ...(
      [
        ['43P', credit.partialShipments],
        ['43T', credit.transhipment],
      ] as const
    ).flatMap(([field, code]) =>
      code === 'CONDITIONAL' ? finding('CONDITIONAL', 'note', field, [null, code], 'read the condition in 47A') : [],
    ),
  ];
};

const softClauses: Rule = ({ credit }) =>
  (
    [
      ['45A', credit.goods],
      ['46A', credit.documents],
      ['47A', credit.conditions],
      ['49G', credit.specialPayment],
      ['78', credit.instructions],
    ] as const
  ).flatMap(([field, lines]) =>
    itemsOf(lines ?? []).flatMap((item) =>
      SOFT_CLAUSES.filter(({ patterns }) => patterns.some((pattern) => pattern.test(item))).flatMap(
        ({ code, severity, why, ask }) => finding(code, severity, field, [why, item.slice(0, 200)], ask),
      ),
    ),
  );

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

const contractQuoted: Rule = ({ goods, contract }) =>
  goods.references.length > 0 && !goods.references.some((reference) => samePlace(reference, contract.number))
    ? finding(
        'CONTRACT_NUMBER',
        'should',
        '45A',
        [contract.number, goods.references.join(', ')],
        'the number of this contract',
      )
    : [];

const RULES: readonly Rule[] = [
  ...[
    parties,
    amount,
    goodsAgree,
    contractQuoted,
    documentsFitIncoterm,
    portsAgree,
    timesAreEnough,
    expiryPlace,
    availability,
  ],
  ...[tenorAgrees, confirmation, charges, shipmentModes, softClauses, applicableRules],
];

const WEIGHT: Record<Severity, number> = { must: 0, should: 1, note: 2 };

/**
 * What has to be put right in a credit before goods are made or shipped, weightiest first: every term on which it
 * departs from the contract to the seller's loss, every clause that leaves payment to the buyer, each with what to ask
 * for.
 */
export const reviewCredit = (credit: Credit, contract: SalesContract, { today }: Pick<Asked, 'today'>): Review => {
  const asked: Asked = { on: today, today };
  const input: Reviewed = {
    credit,
    contract,
    asked,
    goods: goodsTerms(credit.goods ?? []),
    required: requiredDocuments(credit.documents),
  };
  const findings = RULES.flatMap((rule) => rule(input)).sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
  return {
    findings,
    acceptable: findings.every(({ severity }) => severity !== 'must'),
    notices: noticesTogether(ruleOn(PRESENTATION_DAYS, asked).notices),
  };
};
