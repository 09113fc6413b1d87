import { plainDate } from '../plain-date.ts';
import type { RuleTable } from '../rule.ts';

const READ = plainDate('2026-11-25');
const REVIEW = plainDate('2027-06-30');

export const ALTMAN_MODELS = ['Z', 'Z1', 'Z2'] as const;
/** Z: listed manufacturers (1968); Z1: Z′, private ones (1983); Z2: Z″, other industries and countries (1995). */
export type AltmanModel = (typeof ALTMAN_MODELS)[number];

export interface AltmanRule {
  /** Weights of X1, X2 and so on. */
  weights: readonly string[];
  /** Distress below the first cut-off, safe above the second, grey between and on them. */
  distressBelow: string;
  safeAbove: string;
  /** Added to the score for emerging markets (EM score). The cut-offs shift by the same amount. */
  emergingMarkets: string | null;
}

export const ALTMAN: Readonly<Record<AltmanModel, RuleTable<AltmanRule>>> = {
  Z: {
    id: 'credit.altman.z',
    name: 'Altman Z-score of listed manufacturers',
    rows: [
      {
        from: null,
        to: null,
        status: 'verified',
        reviewBy: null,
        value: {
          weights: ['1.2', '1.4', '3.3', '0.6', '1.0'],
          distressBelow: '1.81',
          safeAbove: '2.99',
          emergingMarkets: null,
        },
        source: {
          title: 'Altman 1968, Journal of Finance 23(4), as quoted',
          url: 'https://probsee.com/p/Altman_Z-score',
          read: READ,
        },
      },
    ],
  },
  Z1: {
    id: 'credit.altman.z1',
    name: 'Altman Z′-score of private manufacturers',
    rows: [
      {
        from: null,
        to: null,
        status: 'verified',
        reviewBy: null,
        value: {
          weights: ['0.717', '0.847', '3.107', '0.420', '0.998'],
          distressBelow: '1.23',
          safeAbove: '2.90',
          emergingMarkets: null,
        },
        source: {
          title: 'Altman 1983, Corporate Financial Distress, as quoted with weights and zones',
          url: 'https://twia.msbcommercial.com/Help/Content/Resources/Glossary/Z_Score.htm',
          read: READ,
        },
      },
    ],
  },
  Z2: {
    id: 'credit.altman.z2',
    name: 'Altman Z″-score of non-manufacturers',
    rows: [
      {
        from: null,
        to: null,
        status: 'general_knowledge',
        reviewBy: REVIEW,
        value: {
          weights: ['6.56', '3.26', '6.72', '1.05'],
          distressBelow: '1.10',
          safeAbove: '2.60',
          emergingMarkets: '3.25',
        },
        source: {
          title: 'Altman, Hartzell and Peck 1995, Emerging Markets Corporate Bonds: A Scoring System, as quoted',
          url: 'http://financialratioss.com/other-financial-ratios-1/altman-z-score-for-non-manufacturer-industrials-and-emerging-market',
          read: READ,
        },
        note: 'the cut-offs 1.1 and 2.6 were re-read; a much-read page prints 6.5 and the cut-offs of Z′, another the EM score with unmoved zones',
      },
    ],
  },
};

export interface LimitShares {
  /** Share of the tangible net worth: equity minus intangible assets. */
  netWorth: string;
  /** Share of the yearly turnover. */
  turnover: string;
}

/** Shares by the buyer's grade. No other grades are on file; for them the caller passes a policy. */
export const LIMIT_SHARES: Readonly<Record<string, RuleTable<LimitShares>>> = {
  B: {
    id: 'credit.limit-shares.b',
    name: 'Credit limit of a buyer graded B',
    rows: [
      {
        from: null,
        to: null,
        value: { netWorth: '0.35', turnover: '0.05' },
        status: 'published',
        reviewBy: REVIEW,
        source: {
          title: 'My DSO Manager, online help 34: credit limit calculation tool',
          url: 'https://www.mydsomanager.com/online-help.php?question=34',
          read: READ,
        },
      },
    ],
  },
};
