import { isMember } from '#domain/eu-members.ts';
import { readUnder } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice, noRow, type RuleTable, ruleOn } from '../rule.ts';
import { languagesLacking } from './member-languages.ts';
import {
  type Contact,
  CPSC_ELEMENTS,
  Destination,
  type EvidenceKind,
  ProductFacts,
  type RESPONSIBLE_ROLES,
} from './product-facts.ts';
import {
  COSMETICS_RP,
  CPSC_EFILING,
  EVIDENCE_RULES,
  type EvidenceRule,
  GPSR_RULES,
  type InForce,
  type Market,
  MSR_4,
  MSR_4_BATTERIES,
  NOT_ON_FILE,
  REACH_33,
  type Severity,
  UK_COSMETICS_RP,
} from './rules.ts';

/** A requirement that is not met. A `block` stops listing and dispatch. */
export interface RequirementFinding {
  code: string;
  severity: Severity;
  what: string;
  todo: string;
  notices: readonly Notice[];
}

export interface RequirementAnswer {
  findings: readonly RequirementFinding[];
  blocked: boolean;
  /** Codes of all requirements checked, met or not. */
  checkedCodes: readonly string[];
  /** What a user must know about the rules used, including those that are met. */
  notices: readonly Notice[];
}

interface Question {
  facts: ProductFacts;
  destination: Destination;
  asOf: AsOf;
}

/** A requirement that applies: null if it is met, otherwise what is missing. */
interface Verdict {
  code: string;
  table: RuleTable<InForce>;
  missing: { what: string; todo: string } | null;
  notices?: readonly Notice[];
}

const MARKETS: Readonly<Record<string, Market>> = {
  XI: 'EU',
  GB: 'GB',
  US: 'US',
  JP: 'JP',
  KR: 'KR',
  AU: 'AU',
  CA: 'CA',
  SA: 'SA',
};

const marketOf = (country: string): Market => {
  const market = isMember(country) ? 'EU' : Object.hasOwn(MARKETS, country) ? MARKETS[country] : undefined;
  if (!market) throw noRow(`the product requirements of ${country}`, 'destination.country');
  return market;
};

/** Contains a letter or a digit of any script: spaces, dashes and combining marks alone are no content. */
const hasContent = (text: string | null | undefined): boolean =>
  text !== null && text !== undefined && /[\p{L}\p{N}]/u.test(text);
/** Complete for a label. */
const named = (contact: Contact): boolean => hasContent(contact.name) && hasContent(contact.postalAddress);
/** Complete for a listing. */
const reachable = (contact: Contact): boolean => named(contact) && hasContent(contact.electronicAddress);

/** In the Union; for Northern Ireland, there or in the Union. */
const inside = (country: string, destination: Destination): boolean =>
  isMember(country) || (destination.country === 'XI' && country === 'XI');

const responsibleIn = (
  { facts }: Question,
  role: (typeof RESPONSIBLE_ROLES)[number],
  at: (country: string) => boolean,
) => facts.responsible.filter((person) => person.role === role && at(person.country));

const any = <T>(list: readonly T[], of: readonly T[]): boolean => list.some((item) => of.includes(item));

/**
 * The rule by which Art. 4 of Regulation (EU) 2019/1020 requires an operator in the Union; null for goods it does not
 * cover.
 */
const operatorRule = ({ facts: { categories } }: Question): RuleTable<InForce> | null =>
  any(categories, ['electronics', 'toys']) ? MSR_4 : categories.includes('batteries') ? MSR_4_BATTERIES : null;

/**
 * The evidence on file for `needs`: issued for the destination itself, or for any country if the rule is not national.
 */
const evidenceFor = (question: Question, needs: readonly EvidenceKind[], national: boolean) => {
  const { facts, destination, asOf } = question;
  const held = facts.evidence.filter(
    ({ kind, country }) => needs.includes(kind) && (country === destination.country || (!national && country === null)),
  );
  const valid = held.filter(({ expires }) => expires === null || asOf.on <= expires);
  return { valid, expired: valid.length === 0 ? (held[0]?.expires ?? null) : null };
};

const applies = (rule: EvidenceRule, { facts, destination }: Question): boolean =>
  (rule.categories === undefined ||
    any(facts.categories, rule.categories) ||
    (rule.orFlag !== undefined && facts.flags[rule.orFlag])) &&
  (rule.flag === undefined || facts.flags[rule.flag]) &&
  !(rule.except !== undefined && facts.categories.every((category) => rule.except?.includes(category))) &&
  (facts.consumer || rule.consumerOnly === undefined) &&
  (rule.only === undefined || rule.only.includes(destination.country));

const evidenceVerdicts = (question: Question, market: Market): Verdict[] =>
  EVIDENCE_RULES.filter((rule) => rule.market === market && applies(rule, question)).map((rule) => {
    const { valid, expired } = evidenceFor(question, rule.needs, rule.national ?? false);
    const what = expired === null ? rule.what : `${rule.what}: what is there expired on ${expired}`;
    return { code: rule.code, table: rule.table, missing: valid.length > 0 ? null : { what, todo: rule.todo } };
  });

/** Art. 19 and 22 GPSR: consumer products other than food, whatever other law also applies to them. */
const gpsrVerdicts = (question: Question): Verdict[] => {
  const { facts, destination, asOf } = question;
  const { manufacturer, listing, warnings } = facts;
  const verdicts: Verdict[] = [];
  const verdict = (
    code: keyof typeof GPSR_RULES,
    met: boolean,
    what: string,
    todo: string,
    notices?: readonly Notice[],
  ) =>
    verdicts.push({
      code,
      table: GPSR_RULES[code],
      missing: met ? null : { what, todo },
      ...(notices ? { notices } : {}),
    });
  if (facts.consumer && !facts.categories.every((category) => category === 'food')) {
    verdict(
      'GPSR_19_1_A',
      manufacturer !== null && reachable(manufacturer),
      'the listing lacks the manufacturer’s name, postal or electronic address',
      'add name, postal address and electronic address of the manufacturer',
    );
    if (manufacturer === null || !inside(manufacturer.country, destination)) {
      const within = (role: (typeof RESPONSIBLE_ROLES)[number]) =>
        responsibleIn(question, role, (country) => inside(country, destination)).some(reachable);
      verdict(
        'GPSR_19_1_B',
        // Art. 19(1)(b) accepts the person of Art. 16, or that of Art. 4 of Regulation 2019/1020 for goods under it.
        within('gpsr') || (operatorRule(question) !== null && within('market_surveillance')),
        'the manufacturer is not in the Union, and no responsible person in it is named with both addresses',
        'appoint a responsible person (Art. 16) and add name, postal and electronic address to the listing',
      );
    }
    verdict(
      'GPSR_19_1_C',
      listing.picture && hasContent(listing.type) && hasContent(listing.identifier),
      'the listing lacks the picture, the type or an identifier of the product',
      'add a picture, the type and a model, batch or other identifier',
    );
    if (warnings !== null) {
      const { lacking, every, notices } = languagesLacking(destination.country, warnings.languages, asOf);
      verdict(
        'GPSR_19_1_D',
        lacking.length === 0,
        `warnings and safety information are not there in ${lacking.join(every ? ', ' : ' or ')}`,
        `add them in ${lacking.join(every ? ' and ' : ' or ')}`,
        notices,
      );
    }
  }
  const { marketplace } = destination;
  if (marketplace !== null) {
    verdict(
      'GPSR_22_1',
      marketplace.authorityContact && marketplace.safetyGateRegistered,
      'the marketplace has no contact point for authorities, or is not registered with the Safety Gate Portal',
      'name a single contact point for authorities and register with the Safety Gate Portal',
    );
    verdict(
      'GPSR_22_2',
      marketplace.consumerContact,
      'the marketplace has no contact point for consumers on product safety',
      'name a single contact point for consumers',
    );
    verdict(
      'GPSR_22_12',
      marketplace.actsOnNotices,
      'the marketplace has no process for orders and notices on dangerous products',
      'act on orders within two working days and on notices within three',
    );
  }
  return verdicts;
};

/** Roles that laws other than GPSR require. A person in one role does not fill another. */
const roleVerdicts = (question: Question, market: Market): Verdict[] => {
  const { facts, destination } = question;
  const verdicts: Verdict[] = [];
  if (market === 'EU') {
    const atHome = facts.manufacturer !== null && inside(facts.manufacturer.country, destination);
    const at = (country: string) => inside(country, destination);
    const operator = operatorRule(question);
    if (operator !== null && !atHome)
      verdicts.push({
        code: 'EU_MSR_4',
        table: operator,
        missing: responsibleIn(question, 'market_surveillance', at).some(named)
          ? null
          : {
              what: 'no economic operator in the Union, with name and postal address, for a product with CE marking',
              todo: 'name an importer, authorised representative or fulfilment provider in the Union',
            },
      });
    if (facts.categories.includes('cosmetics'))
      verdicts.push({
        code: 'EU_COSMETICS_RP',
        table: COSMETICS_RP,
        missing: responsibleIn(question, 'cosmetics', at).some(named)
          ? null
          : {
              what: 'no responsible person for cosmetics in the Union, with name and address',
              todo: 'appoint one under Regulation 1223/2009',
            },
      });
    if (facts.flags.svhc !== false && (facts.flags.svhc || facts.categories.includes('chemicals'))) {
      const notified = evidenceFor(question, ['SCIP'], false).valid.length > 0;
      const unknown = facts.flags.svhc === null;
      verdicts.push({
        code: 'EU_REACH_33',
        table: REACH_33,
        missing:
          notified && !unknown
            ? null
            : {
                what: unknown
                  ? 'whether an SVHC is above 0.1 % is not known'
                  : 'an SVHC above 0.1 % is not notified in SCIP',
                todo: unknown
                  ? 'ask the supplier for a declaration'
                  : 'notify in SCIP and inform the recipients (Art. 33)',
              },
      });
    }
  }
  if (market === 'GB' && facts.categories.includes('cosmetics'))
    verdicts.push({
      code: 'GB_COSMETICS_RP',
      table: UK_COSMETICS_RP,
      missing: responsibleIn(question, 'cosmetics', (country) => country === 'GB' || country === 'XI').some(named)
        ? null
        : { what: 'no UK responsible person for cosmetics', todo: 'appoint one in the United Kingdom' },
    });
  return verdicts;
};

/** Toys (HS 9503), goods for children and those flagged; the CPSC's list of tariff codes is not on file. */
const cpscVerdicts = ({ facts, destination }: Question): Verdict[] => {
  const { cpsc, flags, categories, hs } = facts;
  const toy = categories.includes('toys') || (hs?.startsWith('9503') ?? false);
  if (!facts.consumer || !(toy || flags.children || flags.cpscRegulated)) return [];
  const table = destination.foreignTradeZone ? CPSC_EFILING.foreignTradeZone : CPSC_EFILING.ordinary;
  const lacking = CPSC_ELEMENTS.filter((element) => !hasContent(cpsc?.elements[element]));
  const todo = 'file the certificate with the entry (16 CFR 1110) and put its identifier and data elements here';
  const missing = !hasContent(cpsc?.certificateId)
    ? { what: 'hold: no certificate is filed with the CPSC', todo }
    : lacking.length > 0
      ? { what: `hold: the certificate lacks ${lacking.join(', ')}`, todo }
      : null;
  return [{ code: 'US_CPSC_EFILING', table, missing }];
};

/**
 * What a product lacks to be offered and sent to a destination on a day, each with what to do. Uses the law in force on
 * that day. It finds what is missing in the facts on file and never says that a product is compliant. Great Britain is
 * not under EU GPSR, Northern Ireland (XI) is. Throws `no_row` for a destination without requirements on file, so that
 * no product passes unchecked, and `invalid` naming the field of the facts. Its notices name the laws of the market
 * that no rule here covers.
 */
export const checkRequirements = (facts: ProductFacts, destination: Destination, asOf: AsOf): RequirementAnswer => {
  const question: Question = {
    facts: readUnder('facts', ProductFacts, facts),
    destination: readUnder('destination', Destination, destination),
    asOf,
  };
  const market = marketOf(question.destination.country);
  const verdicts = [
    ...(market === 'EU' ? gpsrVerdicts(question) : []),
    ...roleVerdicts(question, market),
    ...(market === 'US' ? cpscVerdicts(question) : []),
    ...evidenceVerdicts(question, market),
  ];
  const inForce = verdicts.flatMap((verdict) => {
    const { value, notices } = ruleOn(verdict.table, asOf);
    return value === null
      ? []
      : [{ ...verdict, severity: value.severity, notices: mergeNotices(notices, verdict.notices ?? []) }];
  });
  const findings = inForce.flatMap(({ code, severity, missing, notices }): RequirementFinding[] =>
    missing === null ? [] : [{ code, severity, ...missing, notices }],
  );
  return {
    findings,
    blocked: findings.some(({ severity }) => severity === 'block'),
    checkedCodes: inForce.map(({ code }) => code),
    notices: mergeNotices(...inForce.map(({ notices }) => notices), [
      {
        code: 'advice',
        rule: `${market.toLowerCase()}.requirements`,
        message: `${market}: not looked at, as no rules are on file: ${NOT_ON_FILE[market]}`,
      },
    ]),
  };
};
