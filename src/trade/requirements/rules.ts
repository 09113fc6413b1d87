import { addDays, type PlainDate, plainDate } from '../plain-date.ts';
import type { DatedRow, RuleStatus, RuleTable, Source } from '../rule.ts';
import type { CATEGORIES, EvidenceKind } from './product-facts.ts';

export type Severity = 'block' | 'warn';
export type Market = 'EU' | 'GB' | 'US' | 'JP' | 'KR' | 'AU' | 'CA' | 'SA';
type Category = (typeof CATEGORIES)[number];

/** A requirement while it is in force; null: not in force yet. */
export type InForce = { severity: Severity } | null;

const day = plainDate;
const READ = day('2026-11-25');
const REVIEW = day('2027-06-30');

const dated = (
  rule: { id: string; name: string },
  from: PlainDate | null,
  severity: Severity,
  row: Pick<DatedRow<InForce>, 'source' | 'status'> & { note?: string },
): RuleTable<InForce> => ({
  ...rule,
  rows: [
    ...(from === null ? [] : [{ ...row, from: null, to: addDays(from, -1), value: null, reviewBy: null }]),
    { ...row, from, to: null, value: { severity }, reviewBy: REVIEW },
  ],
});

const GPSR: Source = {
  title: 'Regulation (EU) 2023/988 (GPSR), articles 16, 19 (with Regulation (EU) 2019/1020 article 4(1)) and 22',
  url: 'https://gov.uk/government/publications/general-product-safety-regulations-northern-ireland/eu-regulation-2023988-on-general-product-safety-detailed-guidance',
  read: READ,
};
export const GPSR_FROM = day('2024-12-13');
const gpsr = (id: string, name: string, severity: Severity, status: RuleStatus = 'verified') =>
  dated({ id: `eu.gpsr.${id}`, name: `GPSR ${name}` }, GPSR_FROM, severity, { source: GPSR, status });

export const GPSR_RULES = {
  GPSR_19_1_A: gpsr('19-1-a', 'Art. 19(1)(a), the manufacturer on the listing', 'block'),
  GPSR_19_1_B: gpsr('19-1-b', 'Art. 19(1)(b), the responsible person on the listing', 'block'),
  GPSR_19_1_C: gpsr('19-1-c', 'Art. 19(1)(c), picture, type and identifier on the listing', 'block'),
  GPSR_19_1_D: gpsr('19-1-d', 'Art. 19(1)(d), warnings in the language of the consumers', 'block'),
  GPSR_22_1: gpsr('22-1', 'Art. 22(1), contact point for authorities and Safety Gate registration', 'block'),
  GPSR_22_2: gpsr('22-2', 'Art. 22(2), contact point for consumers', 'block'),
  GPSR_22_12: gpsr('22-12', 'Art. 22, action on orders and notices', 'warn', 'general_knowledge'),
} as const;

export const MSR_4: RuleTable<InForce> = dated(
  { id: 'eu.msr-4', name: 'Regulation (EU) 2019/1020 Art. 4, economic operator in the Union' },
  day('2021-07-16'),
  'block',
  { source: { title: 'Regulation (EU) 2019/1020', read: READ }, status: 'general_knowledge' },
);

/** Batteries came under Art. 4 with their own regulation. */
export const MSR_4_BATTERIES: RuleTable<InForce> = dated(
  {
    id: 'eu.msr-4-batteries',
    name: 'Regulation (EU) 2019/1020 Art. 4, economic operator in the Union for batteries',
  },
  day('2024-02-18'),
  'block',
  {
    source: { title: 'Regulation (EU) 2019/1020 Art. 4(5) as amended by Regulation (EU) 2023/1542', read: READ },
    status: 'general_knowledge',
  },
);

export const COSMETICS_RP: RuleTable<InForce> = dated(
  { id: 'eu.cosmetics-rp', name: 'Regulation (EC) 1223/2009 Art. 4, responsible person for cosmetics' },
  day('2013-07-11'),
  'block',
  { source: { title: 'Regulation (EC) 1223/2009', read: READ }, status: 'general_knowledge' },
);

export const UK_COSMETICS_RP: RuleTable<InForce> = dated(
  { id: 'gb.cosmetics-rp', name: 'UK responsible person for cosmetics' },
  day('2021-01-01'),
  'block',
  { source: { title: 'UK Cosmetics Regulation', read: READ }, status: 'general_knowledge' },
);

export const REACH_33: RuleTable<InForce> = dated(
  { id: 'eu.reach-33', name: 'REACH Art. 33 and SCIP, SVHC above 0.1 %' },
  null,
  'warn',
  {
    source: { title: 'Regulation (EC) 1907/2006 Art. 33; Directive 2008/98/EC Art. 9', read: READ },
    status: 'general_knowledge',
  },
);

const CPSC: Source = {
  title: '16 CFR 1110, Certificates of Compliance, 90 FR 1800 (2025-01-08)',
  url: 'https://regulations.justia.com/regulations/fedreg/2025/01/08/2024-30826.html',
  read: READ,
};
const eFiling = (id: string, name: string, from: PlainDate) =>
  dated({ id, name }, from, 'block', {
    source: CPSC,
    status: 'verified',
    note: 'no de minimis; the list of tariff codes is not on file: toys, goods for children and flagged ones count',
  });

/** Whether the certificate must be filed electronically with the entry instead of kept on paper. */
export const CPSC_EFILING = {
  ordinary: eFiling('us.cpsc-efiling', 'CPSC eFiling of certificates', day('2026-07-08')),
  foreignTradeZone: eFiling(
    'us.cpsc-efiling-ftz',
    'CPSC eFiling of certificates out of a trade zone',
    day('2027-01-08'),
  ),
} as const;

/**
 * Laws of a market that no row here covers. They are listed in every answer, so that nobody relies on their absence.
 */
export const NOT_ON_FILE: Readonly<Record<Market, string>> = {
  EU: 'packaging registers other than LUCID and the French UIN, Regulation (EU) 2025/40 on packaging, producer registers for textiles, CLP labels, ecodesign, food law',
  GB: 'producer registers for packaging, batteries and electronics, chemicals, energy labels, textile labels, food law',
  US: 'the CPSC’s list of tariff codes, state law such as California Proposition 65, batteries, chemicals (TSCA), energy labels',
  JP: 'toys, textiles, cosmetics, food, batteries, chemicals',
  KR: 'children’s products, textiles, cosmetics, food, batteries, chemicals',
  AU: 'mandatory standards such as those of toys and button batteries, textiles, cosmetics, food, chemicals',
  CA: 'toys and children’s products, textiles, cosmetics, food, batteries, chemicals, provincial stewardship',
  SA: 'the technical regulations that a SABER certificate rests on, food, cosmetics',
};

export interface EvidenceRule {
  code: string;
  market: Market;
  /** Applies to any of these categories; to every product if absent. */
  categories?: readonly Category[];
  /** Or to products of any category with this flag. */
  orFlag?: 'children';
  /** Additionally requires this flag. */
  flag?: 'radio' | 'energyLabelled' | 'cpscRegulated';
  /** Except for these categories. */
  except?: readonly Category[];
  consumerOnly?: true;
  /** Any one of these satisfies it. */
  needs: readonly EvidenceKind[];
  /** The evidence must be issued for the destination itself. */
  national?: true;
  /** Only at these destinations in the market. */
  only?: readonly string[];
  what: string;
  todo: string;
  table: RuleTable<InForce>;
}

const rule = (
  market: Market,
  code: string,
  law: string,
  severity: Severity,
  more: Omit<EvidenceRule, 'code' | 'market' | 'table'> & { from?: string },
): EvidenceRule => {
  const { from, ...rest } = more;
  const table = dated(
    { id: `${market.toLowerCase()}.${code.toLowerCase().replaceAll('_', '-')}`, name: law },
    from === undefined ? null : day(from),
    severity,
    { source: { title: law, read: READ }, status: 'general_knowledge' },
  );
  return { code, market, table, ...rest };
};

const BATTERIES: Source = {
  title: 'Regulation (EU) 2023/1542 Art. 13, 55 and 96',
  url: 'https://haufe.de/recht/deutsches-anwalt-office-premium/verordnung-eu-20231542-des-europaeischen-parlaments-un-art-13-kennzeichnung-von-batterien_idesk_PI17574_HI15825445.html',
  read: READ,
};
const SYMBOL_FROM = day('2025-08-18');
const LABELS_FROM = day('2026-08-18');

/** The separate-collection symbol comes first; the labels of Art. 13(1) to (3) need an implementing act. */
const BATTERY_LABEL: RuleTable<InForce> = {
  id: 'eu.eu-battery-label',
  name: 'Regulation (EU) 2023/1542 Art. 13, symbol and labels of batteries',
  rows: [
    {
      from: null,
      to: addDays(SYMBOL_FROM, -1),
      value: null,
      reviewBy: null,
      source: BATTERIES,
      status: 'verified',
    },
    {
      from: SYMBOL_FROM,
      to: addDays(LABELS_FROM, -1),
      value: { severity: 'warn' },
      reviewBy: REVIEW,
      source: BATTERIES,
      status: 'verified',
    },
    {
      from: LABELS_FROM,
      to: null,
      value: { severity: 'warn' },
      reviewBy: REVIEW,
      source: BATTERIES,
      status: 'unverified',
      note: 'the labels of Art. 13(1) to (3) begin on this day or 18 months after an implementing act, which was not seen',
    },
  ],
};

/**
 * What a product needs by market and category, according to general trade knowledge. A compliance officer must confirm
 * it for the goods.
 */
export const EVIDENCE_RULES: readonly EvidenceRule[] = [
  rule('EU', 'EU_CE_ELECTRONICS', 'CE marking under RED, LVD, EMC and RoHS', 'block', {
    categories: ['electronics'],
    needs: ['CE'],
    what: 'the CE marking is not on file',
    todo: 'file the declaration of conformity (RED, LVD, EMC, RoHS as they apply) and mark the product',
  }),
  rule('EU', 'EU_WEEE', 'WEEE registration, Directive 2012/19/EU', 'block', {
    categories: ['electronics'],
    needs: ['WEEE'],
    national: true,

    what: 'no WEEE registration in the destination',
    todo: 'register there, or appoint an authorised representative',
  }),
  rule('EU', 'EU_ENERGY_LABEL', 'EU energy label, Regulation (EU) 2017/1369', 'block', {
    flag: 'energyLabelled',
    needs: ['ENERGY_LABEL'],
    what: 'the EU energy label is not on file',
    todo: 'register in EPREL and show the label on the listing',
  }),
  rule('EU', 'EU_CE_TOYS', 'CE marking of toys, EN 71', 'block', {
    categories: ['toys'],
    needs: ['CE'],
    what: 'the CE marking of the toy is not on file',
    todo: 'file the declaration of conformity and mark the toy',
  }),
  rule('EU', 'EU_EN71', 'Safety of toys, EN 71', 'block', {
    categories: ['toys'],
    needs: ['EN71'],
    what: 'no EN 71 test report',
    todo: 'have the toy tested to EN 71 and file the report',
  }),
  rule('EU', 'EU_BATTERY_CE', 'Regulation (EU) 2023/1542, CE marking of batteries', 'block', {
    categories: ['batteries'],
    needs: ['CE'],
    from: '2024-08-18',
    what: 'the CE marking of the battery is not on file',
    todo: 'file the declaration of conformity under Regulation (EU) 2023/1542',
  }),
  {
    code: 'EU_BATTERY_LABEL',
    market: 'EU',
    categories: ['batteries'],
    needs: ['BATTERY_LABEL'],
    what: 'symbol and labels of the battery are not on file',
    todo: 'file the artwork of the symbol of separate collection and of the labels that apply on the day',
    table: BATTERY_LABEL,
  },
  rule('EU', 'EU_BATTERY_REGISTER', 'Regulation (EU) 2023/1542 Art. 55, register of battery producers', 'block', {
    categories: ['batteries'],
    needs: ['BATTERY_REGISTER'],
    national: true,
    from: '2025-08-18',
    what: 'no registration as a producer of batteries in the destination',
    todo: 'register there, or let an authorised representative for extended producer responsibility do so',
  }),
  rule('EU', 'EU_FIBRE', 'Regulation (EU) 1007/2011, fibre composition', 'block', {
    categories: ['textiles'],
    needs: ['FIBRE_COMPOSITION'],
    what: 'no fibre composition label',
    todo: 'state the fibres by their names and percentages in the language of the destination',
  }),
  rule('EU', 'EU_CPNP', 'CPNP notification, Regulation (EC) 1223/2009 Art. 13', 'block', {
    categories: ['cosmetics'],
    from: '2013-07-11',
    needs: ['CPNP'],
    what: 'no CPNP notification',
    todo: 'the responsible person notifies the product in the CPNP',
  }),
  rule('EU', 'EU_EPR_PACKAGING', 'Packaging registration in Germany (LUCID)', 'block', {
    from: '2019-01-01',
    needs: ['LUCID'],
    only: ['DE'],
    what: 'no LUCID registration of the packaging',
    todo: 'register in LUCID and contract a dual system',
  }),
  rule('EU', 'EU_EPR_PACKAGING_FR', 'Unique identifiers of extended responsibility in France (UIN)', 'block', {
    from: '2022-01-01',
    needs: ['UIN'],
    only: ['FR'],
    what: 'no French UIN for the packaging',
    todo: 'join an eco-organisation and file the identifier',
  }),
  rule('GB', 'GB_UKCA', 'UKCA marking, or CE where it is recognised', 'block', {
    categories: ['electronics', 'toys'],
    from: '2021-01-01',
    needs: ['UKCA', 'CE'],
    what: 'neither UKCA nor CE marking is on file',
    todo: 'file the declaration of conformity and mark the product',
  }),
  rule('GB', 'GB_PRODUCER_ADDRESS', 'General Product Safety Regulations 2005, importer or producer address', 'warn', {
    consumerOnly: true,
    except: ['food'],
    needs: ['UK_PRODUCER_ADDRESS'],

    what: 'no address of the producer or importer is on file',
    todo: 'put the address on the product or its packaging',
  }),
  rule('GB', 'GB_SCPN', 'SCPN notification of cosmetics', 'block', {
    categories: ['cosmetics'],
    needs: ['SCPN'],
    from: '2021-01-01',
    what: 'no SCPN notification',
    todo: 'the UK responsible person notifies the product',
  }),
  rule('US', 'US_FCC', '47 CFR part 15, SDoC or FCC ID', 'block', {
    categories: ['electronics'],
    needs: ['FCC'],
    what: 'no FCC declaration or ID',
    todo: 'file the supplier’s declaration of conformity, or the FCC ID of a transmitter',
  }),
  rule('US', 'US_CPC', 'Children’s Product Certificate, from a CPSC-accepted laboratory', 'block', {
    categories: ['toys'],
    orFlag: 'children',
    consumerOnly: true,
    needs: ['CPC'],
    what: 'no Children’s Product Certificate',
    todo: 'have it tested by a CPSC-accepted laboratory and issue the certificate',
  }),
  rule('US', 'US_GCC', 'General Certificate of Conformity', 'block', {
    flag: 'cpscRegulated',
    consumerOnly: true,
    needs: ['GCC', 'CPC'],
    what: 'no certificate of conformity',
    todo: 'issue a General Certificate of Conformity to the rules that apply',
  }),
  rule('US', 'US_FTC_TEXTILE', 'FTC textile labelling: fibre, RN, origin', 'block', {
    categories: ['textiles'],
    needs: ['FTC_TEXTILE_LABEL'],
    what: 'no label of fibre, RN and origin',
    todo: 'sew in the label and file its artwork',
  }),
  rule('US', 'US_FDA_FACILITY', 'FDA registration of food facilities', 'block', {
    categories: ['food'],
    needs: ['FDA_FACILITY'],
    what: 'no FDA registration of the facility',
    todo: 'register the facility and file its number',
  }),
  rule('US', 'US_FDA_PRIOR_NOTICE', 'FDA prior notice of imported food', 'block', {
    categories: ['food'],
    needs: ['FDA_PRIOR_NOTICE'],
    what: 'no prior notice of the shipment',
    todo: 'submit the prior notice before arrival and file its confirmation',
  }),
  rule('US', 'US_FSVP', 'Foreign Supplier Verification Program', 'block', {
    categories: ['food'],
    from: '2017-05-30',
    needs: ['FSVP'],
    what: 'no FSVP importer',
    todo: 'name the FSVP importer',
  }),
  rule('US', 'US_MOCRA', 'MoCRA listing of cosmetics', 'block', {
    categories: ['cosmetics'],
    from: '2023-12-29',
    needs: ['MOCRA'],
    what: 'no MoCRA product listing',
    todo: 'list the product and register the facility with the FDA',
  }),
  rule('JP', 'JP_PSE', 'PSE, Electrical Appliances and Materials Safety Act', 'block', {
    categories: ['electronics'],
    needs: ['PSE'],
    what: 'no PSE conformity',
    todo: 'file the PSE certificate or the notification of the importer',
  }),
  rule('JP', 'JP_GITEKI', 'Giteki (TELEC), Radio Act', 'block', {
    categories: ['electronics'],
    flag: 'radio',
    needs: ['GITEKI'],
    what: 'no Giteki mark of the radio',
    todo: 'have the radio certified and file its number',
  }),
  rule('KR', 'KR_KC', 'KC certification', 'block', {
    categories: ['electronics'],
    needs: ['KC'],
    what: 'no KC certification',
    todo: 'file the KC certificate and its number',
  }),
  rule('AU', 'AU_RCM', 'RCM, electrical safety and radio', 'block', {
    categories: ['electronics'],
    needs: ['RCM'],
    what: 'no RCM',
    todo: 'the Australian supplier registers and marks the product',
  }),
  rule('CA', 'CA_ISED', 'ISED certification', 'block', {
    categories: ['electronics'],
    needs: ['ISED'],
    what: 'no ISED certification or declaration',
    todo: 'file the ISED number or the declaration',
  }),
  rule('CA', 'CA_BILINGUAL', 'Consumer Packaging and Labelling Act, English and French', 'warn', {
    consumerOnly: true,
    needs: ['BILINGUAL_LABEL'],
    what: 'no bilingual label is on file',
    todo: 'label in English and French',
  }),
  rule('SA', 'SA_PCOC', 'SABER product certificate', 'block', {
    needs: ['SABER_PCOC'],
    what: 'no SABER product certificate (PCoC)',
    todo: 'the importer applies in SABER',
  }),
  rule('SA', 'SA_SCOC', 'SABER shipment certificate', 'block', {
    needs: ['SABER_SCOC'],
    what: 'no SABER shipment certificate (SCoC)',
    todo: 'the importer applies before shipment',
  }),
];
