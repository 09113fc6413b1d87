import { Exact, exact } from '../decimal.ts';
import { sameUnit } from './quantity-units.ts';
import { finding, type Rule } from './review-finding.ts';
import { hasWords, samePlace } from './text-compare.ts';

/** The figures of 45A in the unit of the contract. A description may state the total and its parts. */
const quantityAgrees: Rule = ({ contract, goods }) => {
  const { quantity, unit } = contract.goods;
  const wanted = exact(quantity, 'contract.goods.quantity');
  const said = goods.quantities.filter((one) => sameUnit(one.unit, unit));
  const total = said.reduce((sum, one) => sum.plus(one.quantity), new Exact(0));
  const [other] = goods.quantities;
  if (said.length === 0)
    return other
      ? finding(
          'QUANTITY_UNIT',
          'should',
          '45A',
          [`${wanted.toFixed()} ${unit}`, `${other.quantity} ${other.unit}`],
          `the quantity in ${unit}, as the contract has it`,
        )
      : [];
  return total.eq(wanted) || said.some((one) => wanted.eq(one.quantity))
    ? []
    : finding(
        'QUANTITY',
        'must',
        '45A',
        [`${wanted.toFixed()} ${unit}`, `${total.toFixed()} ${said[0]?.unit ?? ''}`],
        'the quantity of the contract',
      );
};

/** 39A only applies to the amount: a quantity in pieces is fixed unless 45A gives it a tolerance too. */
const quantityHasRoom: Rule = ({ credit, contract, goods }) => {
  const said = goods.quantities.filter(({ unit }) => sameUnit(unit, contract.goods.unit));
  const fixed = said.length > 0 && said.every(({ about, tolerance }) => !about && tolerance === null);
  return contract.tolerance !== null && fixed && credit.tolerance !== null
    ? finding(
        'QUANTITY_TOLERANCE',
        'should',
        '45A',
        [`${contract.tolerance.plus}/${contract.tolerance.minus} per cent`, 'none'],
        'the tolerance in the description of goods too: 39A is of the amount alone',
      )
    : [];
};

const unitPriceAgrees: Rule = ({ contract, goods: { unitPrice } }) => {
  const { unitPrice: wanted, unit } = contract.goods;
  if (wanted === null || unitPrice === null) return [];
  const per = unitPrice.unit === null ? '' : ` per ${unitPrice.unit}`;
  const both = [
    `${contract.currency} ${wanted} per ${unit}`,
    `${unitPrice.currency} ${unitPrice.price}${per}`,
  ] as const;
  if (unitPrice.unit !== null && !sameUnit(unitPrice.unit, unit))
    return finding('UNIT_PRICE_UNIT', 'should', '45A', both, `the unit price per ${unit}, as the contract has it`);
  return unitPrice.currency === contract.currency && new Exact(unitPrice.price).eq(wanted)
    ? []
    : finding('UNIT_PRICE', 'must', '45A', both, 'the unit price of the contract');
};

const descriptionStands: Rule = ({ credit, contract }) =>
  credit.goods === null
    ? finding(
        'GOODS_MISSING',
        'must',
        '45A',
        [contract.goods.description, null],
        'the description of goods of the contract',
      )
    : [];

const incotermAgrees: Rule = ({ credit, contract, goods: { incoterm } }) => {
  const wanted = `${contract.incoterm.code} ${contract.incoterm.place}`;
  if (incoterm === null)
    return credit.goods === null
      ? []
      : finding('INCOTERM_MISSING', 'should', '45A', [wanted, null], 'the Incoterms rule of the contract');
  return incoterm.code === contract.incoterm.code && samePlace(incoterm.place, contract.incoterm.place)
    ? []
    : finding(
        'INCOTERM',
        'must',
        '45A',
        [wanted, `${incoterm.code} ${incoterm.place}`],
        'the Incoterms rule and place of the contract',
      );
};

const contractQuoted: Rule = ({ goods: { references }, contract: { number } }) =>
  references.length > 0 && !references.some((one) => hasWords(one, number) || hasWords(number, one))
    ? finding('CONTRACT_NUMBER', 'should', '45A', [number, references.join(', ')], 'the number of this contract')
    : [];

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

/** What is sold and how it is shipped: fields 44A to 44F, 45A and 46A. */
export const RULES_OF_GOODS: readonly Rule[] = [
  descriptionStands,
  quantityAgrees,
  quantityHasRoom,
  unitPriceAgrees,
  incotermAgrees,
  contractQuoted,
  documentsFitIncoterm,
  portsAgree,
];
