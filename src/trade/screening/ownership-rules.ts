import { plainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';

export interface OwnershipRule {
  /** Whether ownership by blocked persons alone makes property blocked (or restricted). */
  inForce: boolean;
  /** From this share on, all blocked owners together. */
  percent: string;
}

const read = plainDate('2026-11-25');
const OFAC_FAQS = {
  title: 'OFAC FAQ 398, 399 and 401, after the revised guidance on entities owned by blocked persons of 13 August 2014',
  url: 'https://ofac.treasury.gov/faqs/401',
  read,
};
const BIS_SUSPENSION = {
  title: 'BIS final rule suspending the Affiliates Rule for one year, effective 10 November 2025',
  url: 'https://www.internationaltradeinsights.com/2025/11/bis-suspends-affiliates-rule-for-one-year-following-u-s-agreement-with-china',
  read,
};
const half = { inForce: true, percent: '50' } as const;

/** OFAC: an entity is blocked if blocked persons together own half or more of it. Ownership counts, not control. */
export const OFAC_OWNERSHIP: RuleTable<OwnershipRule> = {
  id: 'us.ofac-50-percent',
  name: 'OFAC 50 percent rule',
  rows: [
    {
      from: plainDate('2014-08-13'),
      to: null,
      value: half,
      source: OFAC_FAQS,
      status: 'verified',
      reviewBy: plainDate('2027-06-30'),
    },
  ],
};

/** How the shares of partly owned entities count: not at all, and nothing is multiplied. */
export const OFAC_INDIRECT: RuleTable<{ partlyOwnedCount: false }> = {
  id: 'us.ofac-50-percent.indirect',
  name: 'OFAC 50 percent rule, chains through entities owned by less than half',
  rows: [
    {
      from: plainDate('2014-08-13'),
      to: null,
      value: { partlyOwnedCount: false },
      source: OFAC_FAQS,
      status: 'unverified',
      reviewBy: plainDate('2027-06-30'),
      note: 'examples 1 to 3 of FAQ 401 were read, examples 4 and 5 were not',
    },
  ],
};

/**
 * BIS: the same rules apply to entities owned by half or more by listed ones (Entity List, military end users, some
 * SDNs).
 */
export const BIS_AFFILIATES: RuleTable<OwnershipRule> = {
  id: 'us.bis-affiliates',
  name: 'BIS Affiliates Rule (50 percent)',
  rows: [
    {
      from: null,
      to: plainDate('2025-09-28'),
      value: { ...half, inForce: false },
      status: 'verified',
      reviewBy: null,
      source: { ...BIS_SUSPENSION, title: 'BIS Affiliates Rule, effective 29 September 2025' },
    },
    {
      from: plainDate('2025-09-29'),
      to: plainDate('2025-11-09'),
      value: half,
      status: 'verified',
      reviewBy: null,
      source: { ...BIS_SUSPENSION, title: 'BIS Affiliates Rule, effective 29 September 2025' },
    },
    {
      from: plainDate('2025-11-10'),
      to: plainDate('2026-11-09'),
      value: { ...half, inForce: false },
      status: 'verified',
      reviewBy: null,
      source: BIS_SUSPENSION,
      note: 'suspended; ownership by a listed party stays a red flag',
    },
    {
      from: plainDate('2026-11-10'),
      to: null,
      value: half,
      status: 'unverified',
      source: BIS_SUSPENSION,
      reviewBy: plainDate('2026-11-09'),
      note: 'returns after the suspension unless that was extended; unknown',
    },
  ],
};
