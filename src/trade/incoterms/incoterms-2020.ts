import { z } from 'zod';
import { plainDate } from '../plain-date.ts';
import { type AsOf, type Ruled, type RuleTable, ruleOn } from '../rule.ts';

export const INCOTERMS_2020 = ['EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF'] as const;
export const Incoterm = z.enum(INCOTERMS_2020, { error: `has to be one of ${INCOTERMS_2020.join(', ')}` });
export type Incoterm = z.infer<typeof Incoterm>;

export type Party = 'seller' | 'buyer';

/** The duties of both parties under one rule, and where risk and cost pass from the seller to the buyer. */
export interface IncotermRule {
  /** `sea`: sea and inland waterway only. */
  mode: 'any' | 'sea';
  exportClearance: Party;
  loadingAtOrigin: Party;
  mainCarriage: Party;
  /** The cover that the seller must buy for the buyer; null if neither must insure for the other. */
  insurance: 'ICC (A)' | 'ICC (C)' | null;
  /** `contract`: the buyer, unless the contract of carriage puts it on the seller. */
  unloading: Party | 'contract';
  /** Whether the seller is responsible for the goods up to the place of destination. */
  deliveryAtDestination: boolean;
  importClearance: Party;
  riskPasses: string;
  costPasses: string;
}

const S = 'seller' as const;
const B = 'buyer' as const;
const SAME = 'where risk passes';

const clearedBySeller = { exportClearance: S, loadingAtOrigin: S, importClearance: B } as const;
const bySea = { ...clearedBySeller, mode: 'sea', deliveryAtDestination: false } as const;
const byAny = { ...clearedBySeller, mode: 'any', deliveryAtDestination: false } as const;
const sellerCarries = { mainCarriage: S, unloading: 'contract', insurance: null } as const;
const buyerCarries = { mainCarriage: B, unloading: B, insurance: null } as const;
const delivered = { ...byAny, mainCarriage: S, unloading: B, insurance: null, deliveryAtDestination: true } as const;

const RULES: Readonly<Record<Incoterm, IncotermRule>> = {
  EXW: {
    ...byAny,
    ...buyerCarries,
    exportClearance: B,
    loadingAtOrigin: B,
    riskPasses: 'at the seller’s premises, not loaded',
    costPasses: SAME,
  },
  FCA: {
    ...byAny,
    ...buyerCarries,
    costPasses: SAME,
    riskPasses: 'loaded on the buyer’s transport at the seller’s premises, or at disposal unloaded elsewhere',
  },
  CPT: {
    ...byAny,
    ...sellerCarries,
    riskPasses: 'handed to the first carrier',
    costPasses: 'at the place of destination',
  },
  CIP: {
    ...byAny,
    ...sellerCarries,
    insurance: 'ICC (A)',
    riskPasses: 'handed to the first carrier',
    costPasses: 'at the place of destination',
  },
  DAP: { ...delivered, riskPasses: 'ready for unloading at the place of destination', costPasses: SAME },
  DPU: { ...delivered, unloading: S, riskPasses: 'unloaded at the place of destination', costPasses: SAME },
  DDP: {
    ...delivered,
    importClearance: S,
    riskPasses: 'ready for unloading at the place of destination, cleared for import',
    costPasses: 'where risk passes, import duty and tax included',
  },
  FAS: { ...bySea, ...buyerCarries, riskPasses: 'alongside the ship', costPasses: SAME },
  FOB: { ...bySea, ...buyerCarries, riskPasses: 'on board at the port of loading', costPasses: SAME },
  CFR: {
    ...bySea,
    ...sellerCarries,
    riskPasses: 'on board at the port of loading',
    costPasses: 'at the port of destination',
  },
  CIF: {
    ...bySea,
    ...sellerCarries,
    insurance: 'ICC (C)',
    riskPasses: 'on board at the port of loading',
    costPasses: 'at the port of destination',
  },
};

export const incoterms2020: RuleTable<Readonly<Record<Incoterm, IncotermRule>>> = {
  id: 'incoterms.2020',
  name: 'Incoterms 2020',
  rows: [
    {
      from: plainDate('2020-01-01'),
      to: null,
      value: RULES,
      source: { title: 'Public summaries of the Incoterms 2020 rules of the ICC', read: plainDate('2026-11-24') },
      status: 'general_knowledge',
      reviewBy: plainDate('2029-06-30'),
      note: 'the text of the ICC was not read',
    },
  ],
};

/** The current name of a rule of an older edition. */
export const FORMER_RULES: Readonly<Record<string, string>> = {
  DAT: 'DPU',
  DAF: 'DAP',
  DES: 'DAP',
  DEQ: 'DPU',
  DDU: 'DAP',
  'C&F': 'CFR',
  CNF: 'CFR',
};

/** The duties of seller and buyer under `rule` of the 2020 edition. */
export const incotermRule = (rule: Incoterm, asOf: AsOf): Ruled<IncotermRule> => {
  const { value, row, notices } = ruleOn(incoterms2020, asOf);
  return { value: value[rule], row: { ...row, value: value[rule] }, notices };
};
