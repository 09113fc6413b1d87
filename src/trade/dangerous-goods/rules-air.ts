import { plainDate } from '../plain-date.ts';
import type { DatedRow, RuleTable, Source } from '../rule.ts';

export const PACKINGS = ['alone', 'packed-with', 'contained-in', 'vehicle'] as const;
export type Packing = (typeof PACKINGS)[number];

export const CHEMISTRIES = ['lithium-ion', 'lithium-metal', 'sodium-ion'] as const;
export type Chemistry = (typeof CHEMISTRIES)[number];

const day = plainDate;
const READ = day('2026-11-25');

const LION: Source = {
  title:
    'Lion Technology, Lithium battery 30 % state of charge: recommendations for 2025, mandatory from 2026 (IATA DGR)',
  url: 'https://www.lion.com/lion-news/october-2024/lithium-battery-30-state-of-charge-recommendations-for-2025',
  read: READ,
};
const PI_965: Source = {
  title: 'Safety data sheet on PI 965: in effect 2016-04-01, 30 % state of charge, cargo aircraft only (IATA DGR)',
  url: 'https://www.manualshelf.com/manual/makita/bl1860b/1-sds-english/page-4.html',
  read: READ,
};
const PI_965_IB: Source = {
  title: 'UN 3480, PI 965 Section IB: forbidden on passenger aircraft, 10 kg net a package on cargo aircraft',
  url: 'https://dg-packaging.nl/lithium-tool/un3480-pi965-ib',
  read: READ,
};
const PI_966_967: Source = {
  title: 'IATA DGR 65, PI 966 and 967: 5 kg net a package on passenger, 35 kg on cargo aircraft',
  url: 'https://ap360.pl/2024-01-11985.html',
  read: READ,
};
const SECTIONS_2026: Source = {
  title: 'IATA DGR 67 (2026): 30 % in Section I of PI 966, in Section II above 2.7 Wh; 967 and small vehicles advised',
  url: 'http://www.portray.cn/company/consult--12919--46565.html',
  read: READ,
};
const UN_2025: Source = {
  title: 'IATA DGR 66: UN 3551, 3552 sodium ion; UN 3556, 3557, 3558 vehicles in place of UN 3171',
  url: 'https://chinadronebattery.com/new-lithium-battery-transportation-regulations-for-2025',
  read: READ,
};
const UN_NUMBERS_OF_LITHIUM: Source = {
  title: 'UN numbers of lithium batteries: 3090, 3091, 3480, 3481',
  url: 'https://www.bens-consulting.com/en/blog/316/three-options-you-should-know-when-transporting-lithium-ion-and-metal-batteries',
  read: READ,
};

/** The first day for which rules of carriage by air are on file. */
const FIRST = day('2016-04-01');
/** The 68th edition of the DGR applies from 2027-01-01. */
const NEXT_EDITION = day('2026-12-31');

/** Up to and including these watt-hours a cell or battery is small; above them it is fully regulated. */
export const SMALL: RuleTable<{ cell: string; battery: string }> = {
  id: 'dg.small-wh',
  name: 'Watt-hours up to which a lithium ion cell or battery is small',
  rows: [
    {
      from: FIRST,
      to: null,
      value: { cell: '20', battery: '100' },
      source: PI_965,
      status: 'verified',
      reviewBy: NEXT_EDITION,
    },
  ],
};

export interface ChargeRule {
  /** Percent of the rated capacity, inclusive; null if there is no limit. */
  limit: string | null;
  /** False if the limit is only a recommendation. */
  binding: boolean;
  /** The limit is binding above these watt-hours, but always in Section I of PI 966; null: binding for all. */
  aboveWh: string | null;
  /** An indicated capacity up to and including this percent is accepted instead; null if it is not. */
  indicated: string | null;
}

export const NO_LIMIT: ChargeRule = { limit: null, binding: false, aboveWh: null, indicated: null };
const ADVISED: ChargeRule = { limit: '30', binding: false, aboveWh: null, indicated: null };
const ADVISED_OR_INDICATED: ChargeRule = { ...ADVISED, indicated: '25' };

const until2024: DatedRow<ChargeRule> = {
  from: FIRST,
  to: day('2024-12-31'),
  value: NO_LIMIT,
  source: LION,
  status: 'general_knowledge',
  reviewBy: null,
};

const charge = (packing: Packing, rows: RuleTable<ChargeRule>['rows']): RuleTable<ChargeRule> => ({
  id: `dg.air.charge.${packing}`,
  name: `State of charge of lithium ion batteries by air, ${packing}`,
  rows,
});

export const AIR_CHARGE: Readonly<Record<Packing, RuleTable<ChargeRule>>> = {
  alone: charge('alone', [
    {
      from: FIRST,
      to: null,
      value: { ...ADVISED, binding: true },
      source: PI_965,
      status: 'verified',
      reviewBy: NEXT_EDITION,
    },
  ]),
  'packed-with': charge('packed-with', [
    until2024,
    {
      from: day('2025-01-01'),
      to: day('2025-12-31'),
      value: ADVISED,
      source: LION,
      status: 'verified',
      reviewBy: null,
    },
    {
      from: day('2026-01-01'),
      to: null,
      value: { ...ADVISED, binding: true, aboveWh: '2.7' },
      source: SECTIONS_2026,
      status: 'verified',
      reviewBy: NEXT_EDITION,
    },
  ]),
  'contained-in': charge('contained-in', [
    until2024,
    {
      from: day('2025-01-01'),
      to: null,
      value: ADVISED_OR_INDICATED,
      source: LION,
      status: 'verified',
      reviewBy: NEXT_EDITION,
    },
  ]),
  vehicle: charge('vehicle', [
    until2024,
    {
      from: day('2025-01-01'),
      to: day('2025-12-31'),
      value: ADVISED_OR_INDICATED,
      source: LION,
      status: 'verified',
      reviewBy: null,
    },
    {
      from: day('2026-01-01'),
      to: null,
      source: LION,
      status: 'verified',
      reviewBy: NEXT_EDITION,
      value: { ...ADVISED_OR_INDICATED, binding: true, aboveWh: '100' },
    },
  ]),
};

export interface UnEntry {
  un: string;
  name: string;
  /** IATA packing instruction; null if it is not on file. */
  instruction: string | null;
}

type UnRows = RuleTable<UnEntry>['rows'];

const always = (un: string, name: string, instruction: string | null): UnRows => [
  {
    from: FIRST,
    to: null,
    value: { un, name, instruction },
    source: UN_NUMBERS_OF_LITHIUM,
    status: 'verified',
    reviewBy: NEXT_EDITION,
  },
];
const since2025 = (un: string, name: string, instruction: string | null): UnRows[number] => ({
  from: day('2025-01-01'),
  to: null,
  value: { un, name, instruction },
  source: UN_2025,
  status: 'verified',
  reviewBy: NEXT_EDITION,
});
const vehicle = (un: string, name: string): UnRows => [
  {
    from: FIRST,
    to: day('2024-12-31'),
    source: UN_2025,
    status: 'general_knowledge',
    reviewBy: null,
    value: { un: 'UN3171', name: 'Battery-powered vehicle', instruction: '952' },
    note: 'accepted by air until 2025-03-31',
  },
  since2025(un, name, '952'),
];

const UN_ROWS: Readonly<Record<Chemistry, Readonly<Record<Packing, UnRows>>>> = {
  'lithium-ion': {
    alone: always('UN3480', 'Lithium ion batteries', '965'),
    'packed-with': always('UN3481', 'Lithium ion batteries packed with equipment', '966'),
    'contained-in': always('UN3481', 'Lithium ion batteries contained in equipment', '967'),
    vehicle: vehicle('UN3556', 'Vehicle, lithium ion battery powered'),
  },
  'lithium-metal': {
    alone: always('UN3090', 'Lithium metal batteries', '968'),
    'packed-with': always('UN3091', 'Lithium metal batteries packed with equipment', '969'),
    'contained-in': always('UN3091', 'Lithium metal batteries contained in equipment', '970'),
    vehicle: vehicle('UN3557', 'Vehicle, lithium metal battery powered'),
  },
  'sodium-ion': {
    alone: [since2025('UN3551', 'Sodium ion batteries with organic electrolyte', '976')],
    'packed-with': [since2025('UN3552', 'Sodium ion batteries packed with equipment', '977')],
    'contained-in': [since2025('UN3552', 'Sodium ion batteries contained in equipment', '978')],
    vehicle: [{ ...since2025('UN3558', 'Vehicle, sodium ion battery powered', '952'), status: 'general_knowledge' }],
  },
};

/** The UN number of batteries by chemistry and packing. */
export const unTable = (chemistry: Chemistry, packing: Packing): RuleTable<UnEntry> => ({
  id: `dg.un.${chemistry}.${packing}`,
  name: `UN number of ${chemistry} batteries, ${packing}`,
  rows: UN_ROWS[chemistry][packing],
});

/** Kilograms of batteries, net, in one package, inclusive. */
export const PI_965_IB_NET: RuleTable<string> = {
  id: 'dg.air.net.965-ib',
  name: 'Net mass a package under PI 965 Section IB',
  rows: [
    {
      from: FIRST,
      to: day('2022-03-31'),
      value: '10',
      source: PI_965_IB,
      status: 'unverified',
      reviewBy: null,
      note: 'up to eight cells or two batteries went under Section II of PI 965 then, which is not on file',
    },
    {
      from: day('2022-04-01'),
      to: null,
      value: '10',
      source: PI_965_IB,
      status: 'verified',
      reviewBy: NEXT_EDITION,
    },
  ],
};

export const AIRCRAFT_NET: RuleTable<{ passenger: string; cargo: string }> = {
  id: 'dg.air.net',
  name: 'Net mass of lithium ion batteries a package by aircraft',
  rows: [
    {
      from: FIRST,
      to: day('2023-12-31'),
      value: { passenger: '5', cargo: '35' },
      source: PI_966_967,
      status: 'general_knowledge',
      reviewBy: null,
      note: 'read for 2024',
    },
    {
      from: day('2024-01-01'),
      to: null,
      value: { passenger: '5', cargo: '35' },
      source: PI_966_967,
      status: 'verified',
      reviewBy: NEXT_EDITION,
    },
  ],
};
