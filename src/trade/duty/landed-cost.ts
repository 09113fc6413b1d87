import { fromMinor } from '#domain/money.ts';
import { Exact, moneyText } from '../decimal.ts';
import { invalid, readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice } from '../rule.ts';
import { assessAu } from './assess-au.ts';
import { assessBr } from './assess-br.ts';
import { assessCa } from './assess-ca.ts';
import { assessCh } from './assess-ch.ts';
import { assessEu } from './assess-eu.ts';
import { assessGb } from './assess-gb.ts';
import { assessJp } from './assess-jp.ts';
import { assessMx } from './assess-mx.ts';
import { assessNo } from './assess-no.ts';
import { assessNz } from './assess-nz.ts';
import { assessUs } from './assess-us.ts';
import { Consignment, type ConsignmentInput, type Jurisdiction, OPEN_TO } from './consignment.ts';
import { bearsExcise } from './excepted-goods.ts';
import { ddpReadiness } from './importer-of-record.ts';
import {
  type Assess,
  type Assessment,
  advice,
  type Levied,
  type LevyKind,
  type LevyMoment,
  MILLIGRAMS,
} from './levy.ts';
import { notTooLarge, sumIn, sumOf, type WorkLine, type Worksheet, worksheetOf } from './worksheet.ts';

const ASSESSMENTS: Readonly<Record<Jurisdiction, Assess>> = {
  EU: assessEu,
  GB: assessGb,
  US: assessUs,
  CA: assessCa,
  AU: assessAu,
  NZ: assessNz,
  CH: assessCh,
  NO: assessNo,
  JP: assessJp,
  BR: assessBr,
  MX: assessMx,
};

/**
 * One levy, with everything a reader needs to repeat it. Amounts are text with the decimals of the answer's currency.
 */
export interface LandedStep {
  code: string;
  kind: LevyKind;
  at: LevyMoment;
  /** The base of the levy: a value, or a count or weight if `rate` says so. */
  base: string;
  rate: string | null;
  amount: string;
  /** Id of the rule, or the source of a given figure. */
  rule: string;
  rounding: string;
}

export interface LandedLine {
  id: string;
  hs: string;
  goods: string;
  freight: string;
  insurance: string;
  inlandFreight: string;
  customsValue: string;
  duty: string;
  levies: string;
  taxBase: string;
  tax: string;
  /** Goods, costs, duty, levies and tax. */
  total: string;
  /** The share of this line in each step of the consignment. */
  steps: readonly LandedStep[];
}

export interface LandedTotals {
  goods: string;
  freight: string;
  insurance: string;
  inlandFreight: string;
  /** The price without separately shown costs, to which low-value limits apply. */
  intrinsicValue: string;
  customsValue: string;
  duty: string;
  levies: string;
  taxBase: string;
  tax: string;
  /** Duty, levies and tax, whoever collects them. */
  dutyAndTax: string;
  /** Split of this amount: collected with the sale, at the border, or accounted for by the buyer. */
  atSale: string;
  atImport: string;
  reverseCharge: string;
  total: string;
}

export interface LandedCost {
  jurisdiction: Jurisdiction;
  country: string;
  /** The day the declaration is accepted. It selects the rows. */
  on: string;
  /** The currency of every amount of the answer. */
  currency: string;
  basis: Assessment['basis'];
  regime: string;
  declaration: string | null;
  items: number | null;
  lines: readonly LandedLine[];
  steps: readonly LandedStep[];
  totals: LandedTotals;
  /** False if DDP was promised and nobody can be importer of record. */
  ddpReady: boolean;
  notices: readonly Notice[];
}

const stepOf = (levy: Levied, base: string, amount: string): LandedStep => ({
  code: levy.code,
  kind: levy.kind,
  at: levy.at,
  base,
  rate: levy.rate,
  amount,
  rule: levy.rule,
  rounding: levy.rounding,
});

interface OfLine {
  levy: Levied;
  base: number;
  amount: number;
}

const byLine = (levies: readonly Levied[], lines: number): OfLine[][] => {
  const lists: OfLine[][] = Array.from({ length: lines }, () => []);
  for (const levy of levies)
    for (const { line, base, amount } of levy.shares) lists[line]?.push({ levy, base, amount });
  return lists;
};

const amountsOf = (of: readonly OfLine[], kind: LevyKind): number => {
  let sum = 0;
  for (const { levy, amount } of of) if (levy.kind === kind) sum += amount;
  return sum;
};

const baseText = ({ levy, base }: OfLine, currency: string): string =>
  levy.byWeight ? new Exact(base).div(MILLIGRAMS).toFixed() : fromMinor(base, currency);

/** Handles thousands of lines: plain fields, no intermediate objects. */
const lineOf = (line: WorkLine, at: number, found: Assessment, of: readonly OfLine[], currency: string): LandedLine => {
  const [duty, levies, tax] = [amountsOf(of, 'duty'), amountsOf(of, 'levy'), amountsOf(of, 'tax')];
  const costs = line.freight + line.insurance + line.inland;
  return {
    id: line.id,
    hs: line.given.hs,
    goods: fromMinor(line.goods, currency),
    freight: fromMinor(line.freight, currency),
    insurance: fromMinor(line.insurance, currency),
    inlandFreight: fromMinor(line.inland, currency),
    customsValue: fromMinor(found.customsValues[at] ?? 0, currency),
    duty: fromMinor(duty, currency),
    levies: fromMinor(levies, currency),
    taxBase: fromMinor(found.taxBases[at] ?? 0, currency),
    tax: fromMinor(tax, currency),
    total: fromMinor(line.goods + costs + duty + levies + tax, currency),
    steps: of.map((one) => stepOf(one.levy, baseText(one, currency), fromMinor(one.amount, currency))),
  };
};

const totalsOf = (sheet: Worksheet, found: Assessment): LandedTotals => {
  const { currency, goods, freight, insurance, inland } = sheet;
  const text = (amount: Exact) => moneyText(amount, currency);
  const of = (counts: (levy: Levied) => boolean) => sumOf(found.levies.filter(counts).map(({ amount }) => amount));
  const all = of(() => true);
  return {
    goods: text(goods),
    freight: text(freight),
    insurance: text(insurance),
    inlandFreight: text(inland),
    intrinsicValue: text(goods),
    customsValue: text(sumIn(currency, found.customsValues)),
    duty: text(of(({ kind }) => kind === 'duty')),
    levies: text(of(({ kind }) => kind === 'levy')),
    taxBase: text(sumIn(currency, found.taxBases)),
    tax: text(of(({ kind }) => kind === 'tax')),
    dutyAndTax: text(all),
    atSale: text(of(({ at }) => at === 'sale')),
    atImport: text(of(({ at }) => at === 'import')),
    reverseCharge: text(of(({ at }) => at === 'reverse_charge')),
    total: text(notTooLarge(sumOf([goods, freight, insurance, inland, all]), 'lines')),
  };
};

/** Tax rates given by the caller replace the one on file. The answer says so. */
const handedInRates = ({ taxRate, jurisdiction, lines }: Consignment): Notice[] => {
  const rates = new Set(lines.flatMap(({ taxRate: own = taxRate }) => (own === undefined ? [] : [own])));
  const rule = `${jurisdiction.toLowerCase()}.tax-rate`;
  return [...rates].map((rate) =>
    advice(rule, `the tax rate ${rate} was handed in and not compared with a rate on file`),
  );
};

/** Excise is not on file: an answer for goods subject to excise lacks it unless the caller gave it as a layer. */
const exciseMissing = ({ jurisdiction, lines }: Consignment): Notice[] =>
  lines.some(({ hs }) => bearsExcise(hs))
    ? [
        advice(
          `${jurisdiction.toLowerCase()}.excise`,
          'excise on alcohol and tobacco is not on file and not included, unless it was handed in as a layer',
        ),
      ]
    : [];

/** Refuses fields that have no meaning in the jurisdiction: ignoring them would answer another question. */
const readConsignment = (input: ConsignmentInput): Consignment => {
  const consignment = readInput(Consignment, input, 'consignment');
  const { jurisdiction, country, scheme, declaration, postalMethod, channel, taxRate, lines } = consignment;
  const { schemes, declarations, taxed } = OPEN_TO[jurisdiction];
  const oneOf = (names: readonly string[]) =>
    names.length === 0 ? 'has to be left out' : `has to be ${names.join(' or ')}`;
  if (jurisdiction !== 'EU' && country !== jurisdiction)
    throw invalid('country', `has to be ${jurisdiction} for the jurisdiction ${jurisdiction}`);
  if (scheme !== 'none' && !schemes.includes(scheme)) throw invalid('scheme', `${oneOf(schemes)} for ${jurisdiction}`);
  if (declaration !== undefined && !declarations.includes(declaration))
    throw invalid('declaration', `${oneOf(declarations)} for ${jurisdiction}`);
  if (postalMethod !== undefined && (jurisdiction !== 'US' || channel !== 'postal'))
    throw invalid('postalMethod', 'has to be left out but for post to US');
  const own = lines.findIndex((line) => line.taxRate !== undefined);
  if (!taxed && (taxRate !== undefined || own >= 0))
    throw invalid(taxRate === undefined ? `lines.${own}.taxRate` : 'taxRate', `has to be left out for ${jurisdiction}`);
  return consignment;
};

/**
 * The landed cost of a consignment: customs value, layers of duty, other levies, base and tax, per line and in total.
 * Every step shows base, rate, amount, rule and rounding. A levy is rounded to the minor unit when it is levied, once
 * for all lines with the same rate, and the next base uses the rounded figure. Line amounts add up to the totals.
 *
 * `asOf.on` is the day the declaration is accepted (or of the sale, if the tax is due with it). The caller gives tariff
 * rates and exchange rates; they are never looked up. Throws `invalid` naming the wrong field, and `no_row` naming the
 * rate, limit or fee that is not on file; a neighbouring row is never used instead. Sources: with each rule.
 */
export const landedCost = (input: ConsignmentInput, asOf: AsOf): LandedCost => {
  const consignment = readConsignment(input);
  const sheet = worksheetOf(consignment, asOf);
  const found = ASSESSMENTS[consignment.jurisdiction](sheet);
  const { currency } = sheet;
  const ddp = ddpReadiness(consignment, found);
  const lists = byLine(found.levies, sheet.lines.length);
  return {
    jurisdiction: consignment.jurisdiction,
    country: consignment.country,
    on: asOf.on,
    currency,
    basis: found.basis,
    regime: found.regime,
    declaration: found.declaration,
    items: found.items,
    lines: sheet.lines.map((line, at) => lineOf(line, at, found, lists[at] ?? [], currency)),
    steps: found.levies.map((levy) => stepOf(levy, levy.base.toFixed(), moneyText(levy.amount, currency))),
    totals: totalsOf(sheet, found),
    ddpReady: ddp.ready,
    notices: mergeNotices(found.notices, handedInRates(consignment), exciseMissing(consignment), ddp.notices),
  };
};
