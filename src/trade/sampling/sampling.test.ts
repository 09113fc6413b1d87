import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDate } from '../plain-date.ts';
import { faultsOf } from '../rule.ts';
import { codeOf } from '../testing/code-of.ts';
import { codeLetter, LETTERS, LEVELS } from './code-letters.ts';
import {
  InspectionPlanInput,
  type InspectionReport,
  inspectionPlan,
  judgeInspection,
  verdictOf,
} from './inspection.ts';
import { type PlanInput, SEVERITIES, samplingPlan } from './plan.ts';
import * as rules from './rules.ts';
import { AQLS, cellOf, oneStepTighter, planAt, type TableName } from './single-sampling-tables.ts';
import {
  afterLot,
  type Conditions,
  followLots,
  type LotResult,
  resumeAfterCorrection,
  startInspection,
  switchingScores,
} from './switching.ts';

const day = plainDate('2026-11-25');
const asOf = { on: day, today: day };
const ROWS = [...LETTERS].slice(0, 16);
const TABLES = ['normal', 'tightened', 'reduced_gap'] as const;
const plan = (lotSize: number, level: PlanInput['level'], aql: string, more: Partial<PlanInput> = {}) =>
  samplingPlan({ standard: 'Z1.4', lotSize, level, aql, ...more }, asOf);
const short = (table: TableName, letter: string, aql: (typeof AQLS)[number]) => {
  const { sampleSize, ac, re } = planAt(table, letter, aql);
  return `${sampleSize}:${ac}/${re}`;
};
describe('the master tables for single sampling', () => {
  it('are, cell for cell, those of MIL-STD-105E', () => {
    const text = TABLES.map((table) =>
      ROWS.map((letter) =>
        AQLS.map((aql) => {
          const cell = cellOf(table, letter, aql);
          return typeof cell === 'string' ? cell : `${cell.ac}/${cell.re}`;
        }).join(),
      ).join('\n'),
    ).join('\n\n');
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '9a3a96da8e0d375697925bf599db6bb688a50a357cb037034d8da8611bfa3093',
    );
    expect(cellOf('tightened', 'S', '0.025')).toEqual({ ac: 1, re: 2 });
  });
  it('are, plan for plan, table 2-C of GB/T 2828.1-2012 for reduced inspection without a gap', () => {
    const text = ROWS.map((letter) =>
      AQLS.map((aql) => {
        const { letter: at, sampleSize, ac, re } = planAt('reduced_no_gap', letter, aql);
        return `${at}/${sampleSize}/${ac}/${re}`;
      }).join(),
    ).join('\n');
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      'bed229b539320ea818065cc07cb855a3b41683cba787548576ea9d363f225fac',
    );
  });
  it('need more units and allow more defects with each further letter, for every AQL and severity', () => {
    for (const table of [...TABLES, 'tightened_iso', 'reduced_no_gap'] as const)
      for (const aql of AQLS) {
        const plans = ROWS.map((letter) => planAt(table, letter, aql));
        plans.slice(1).forEach((next, index) => {
          expect(next.sampleSize).toBeGreaterThanOrEqual(plans[index]?.sampleSize ?? 0);
          expect(next.ac).toBeGreaterThanOrEqual(plans[index]?.ac ?? 0);
        });
      }
  });
  it('hold at their edges, where the rule has exceptions', () => {
    expect(short('normal', 'A', '10')).toBe('5:1/2');
    expect(short('normal', 'R', '0.015')).toBe('800:0/1');
    expect(short('tightened', 'R', '0.025')).toBe('3150:1/2');
    expect(short('reduced_gap', 'A', '1000')).toBe('2:30/31');
    expect(short('reduced_gap', 'B', '40')).toBe('2:2/4');
    expect(short('normal', 'E', '1000')).toBe('3:44/45');
    expect(['A', 'B', 'C', 'E'].map((letter) => short('reduced_no_gap', letter, '150'))).toEqual([
      '2:7/8',
      '2:7/8',
      '2:8/9',
      '5:14/15',
    ]);
    expect(['P', 'Q', 'R'].map((letter) => short('reduced_no_gap', letter, '0.025'))).toEqual([
      '200:0/1',
      '200:0/1',
      '200:0/1',
    ]);
  });
  it('take the sample size of the letter that an arrow leads to', () => {
    expect(short('normal', 'F', '1.5')).toBe('32:1/2');
    expect(short('normal', 'R', '6.5')).toBe('200:21/22');
  });
  it('give the plan one AQL step tighter at the same letter', () => {
    expect(oneStepTighter('normal', 'J', '1.5')).toEqual({ ac: 2, re: 3 });
    expect(oneStepTighter('normal', 'Q', '0.010')).toBeNull();
    expect(oneStepTighter('normal', 'J', '0.65')).toBeNull();
  });
});

describe('a code letter', () => {
  it('changes at the bounds of the lot ranges', () => {
    const letters = [2, 8, 9, 500, 501, 1200, 1201, 500_000, 500_001].map((lot) => codeLetter(lot, 'II'));
    expect(letters.join('')).toBe('AABHJJKPQ');
    expect(LEVELS.map((level) => codeLetter(100, level)).join('')).toBe('BBCDDFG');
  });
});

describe('a sampling plan', () => {
  it('is the printed one', () => {
    const of = (...args: Parameters<typeof plan>) => {
      const { sampleSize, ac, re } = plan(...args);
      return `${sampleSize}:${ac}/${re}`;
    };
    expect(of(1000, 'II', '1.5')).toBe('80:3/4');
    expect(of(20, 'I', '1.5')).toBe('8:0/1');
    expect(of(30_000, 'II', '2.5')).toBe('315:14/15');
    expect(of(150, 'II', '1.5')).toBe('32:1/2');
    expect(of(500, 'II', '2.5', { severity: 'tightened' })).toBe('50:2/3');
    expect(of(125, 'III', '1.0', { severity: 'reduced' })).toBe('20:0/2');
    expect(of(125, 'III', '1.0', { severity: 'reduced', standard: 'ISO2859-1' })).toBe('32:1/2');
  });
  it('inspects the whole lot where the sample is as large', () => {
    expect(plan(8, 'II', '0.65')).toMatchObject({ sampleSize: 8, tableSampleSize: 20, inspectAll: true, ac: 0 });
    expect(plan(2, 'II', '6.5')).toMatchObject({ sampleSize: 2, inspectAll: true });
    expect(plan(3, 'II', '6.5')).toMatchObject({ sampleSize: 2, inspectAll: false });
  });
  it('never needs more units than the lot has, and reads the AQL by its value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 2_000_000 }),
        fc.constantFrom(...LEVELS),
        fc.constantFrom(...AQLS),
        fc.constantFrom(...SEVERITIES),
        (lotSize, level, aql, severity) => {
          const found = plan(lotSize, level, String(Number(aql)), { severity });
          expect(found.aql).toBe(aql);
          expect(found.sampleSize).toBeLessThanOrEqual(lotSize);
          expect(found.inspectAll).toBe(found.sampleSize === lotSize);
          expect(found.re).toBeGreaterThan(found.ac);
        },
      ),
    );
  });
  it('stores its edition, and reports the third edition and what is not verified', () => {
    const iso = (severity: PlanInput['severity'], aql = '2.5', lotSize = 5000) =>
      plan(lotSize, 'II', aql, { standard: 'ISO2859-1', severity });
    expect(plan(1000, 'II', '1.5')).toMatchObject({ edition: expect.stringContaining('MIL-STD-105E'), notices: [] });
    expect(iso('normal').edition).toBe('ISO 2859-1:1999');
    expect(iso('normal').notices.map(({ rule }) => rule)).toEqual(['sampling.iso-2859-1.third-edition']);
    expect(iso('reduced').notices).toEqual(iso('normal').notices);
    expect(plan(1000, 'II', '15').notices.map(({ rule }) => rule)).toEqual(['sampling.aql-above-10']);
  });
  it('says where the tables of ISO 2859-1 and of MIL-STD-105E differ', () => {
    const tightened = (standard: rules.Standard) =>
      plan(50, 'S-1', '10', { standard, severity: 'tightened', counts: 'nonconforming_units' });
    expect(tightened('Z1.4')).toMatchObject({ planLetter: 'D', sampleSize: 8, ac: 1, notices: [] });
    const iso = tightened('ISO2859-1');
    expect(iso).toMatchObject({ planLetter: 'A', sampleSize: 2, ac: 0 });
    expect(iso.notices.map(({ rule }) => rule)).toContain('sampling.iso-2859-1.tightened-a-10');
  });
  it('is not made up where no row is on file', () => {
    expect(codeOf(() => plan(1000, 'II', '3.0'))).toBe('no_row');
    const before = plainDate('1995-01-01');
    const old = { standard: 'ISO2859-1', lotSize: 100, level: 'II', aql: '1.0' } as const;
    expect(codeOf(() => samplingPlan(old, { on: before, today: day }))).toBe('no_row');
  });
  it('refuses what is no lot, no AQL, or no percentage', () => {
    for (const lotSize of [1, 0, -5, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300])
      expect(codeOf(() => plan(lotSize, 'II', '1.0'))).toBe('invalid');
    for (const aql of ['', '-1', '1e3', 'x'.repeat(10_000), '\u0301\u0301', '٣'])
      expect(codeOf(() => plan(100, 'II', aql))).toBe('invalid');
    expect(codeOf(() => plan(100, 'II', '15', { counts: 'nonconforming_units' }))).toBe('invalid');
    expect(plan(100, 'II', '15', { counts: 'nonconformities' }).notices).toEqual([]);
  });
});

describe('a lot with critical, major and minor defects', () => {
  const classes = { critical: '0', major: '1.5', minor: '4.0' };
  const lot150 = { standard: 'Z1.4', lotSize: 150, level: 'II', classes } as const;
  const report = (critical: number, major: number, minor: number, units = 32): InspectionReport => ({
    ...lot150,
    lot: 'PO-7',
    counts: 'nonconforming_units',
    findings: {
      critical: { units, defects: critical },
      major: { units, defects: major },
      minor: { units, defects: minor },
    },
  });
  it('is inspected by one sample, of the largest letter that a class needs', () => {
    const { unitsToDraw, classes: plans } = inspectionPlan(lot150, asOf);
    expect(unitsToDraw).toBe(32);
    expect(plans.map((each) => `${each.class} ${each.sampleSize}:${each.ac}/${each.re}`)).toEqual([
      'critical 32:0/1',
      'major 32:1/2',
      'minor 32:3/4',
    ]);
  });
  it('may keep a sample size for each class', () => {
    const { unitsToDraw, classes: plans } = inspectionPlan({ ...lot150, sample: 'per_class' }, asOf);
    expect(unitsToDraw).toBe(32);
    expect(plans.map((each) => `${each.sampleSize}:${each.ac}/${each.re}`)).toEqual(['32:0/1', '32:1/2', '20:2/3']);
  });
  it('says where a class has no plan at the common sample size', () => {
    const input = {
      standard: 'Z1.4',
      lotSize: 600_000,
      level: 'III',
      classes: { major: '0.65', minor: '4.0' },
    } as const;
    const { classes: plans, notices } = inspectionPlan(input, asOf);
    expect(plans.map(({ sampleSize }) => sampleSize)).toEqual([2000, 315]);
    expect(notices.map(({ rule }) => rule)).toEqual(['sampling.one-sample']);
  });
  it('draws no further units for a class that tolerates no defect', () => {
    const aql = fc.constantFrom(...AQLS);
    const lot = fc.record({
      lotSize: fc.integer({ min: 2, max: 2_000_000 }),
      level: fc.constantFrom(...LEVELS),

      severity: fc.constantFrom(...SEVERITIES),
      sample: fc.constantFrom('one', 'per_class'),
      major: aql,
      minor: aql,
    });
    fc.assert(
      fc.property(lot, ({ major, minor, ...asWell }) => {
        const draw = (more: object) =>
          inspectionPlan(
            InspectionPlanInput.parse({ ...asWell, standard: 'Z1.4', classes: { major, minor, ...more } }),
            asOf,
          );
        const { unitsToDraw, classes: plans } = draw({ critical: '0' });
        expect(unitsToDraw).toBe(draw({}).unitsToDraw);
        expect(plans[0]).toMatchObject({ class: 'critical', sampleSize: unitsToDraw, ac: 0, re: 1 });
      }),
    );
    const large = { ...lot150, lotSize: 600_000, level: 'III', classes: { ...classes, major: '2.5' } } as const;
    expect(inspectionPlan(large, asOf).unitsToDraw).toBe(500);
  });
  it('invents no plan in the row of letter S, which has only one', () => {
    const columns = { critical: '0.010', major: '0.025', minor: '0.040' };
    const large = { ...lot150, lotSize: 600_000, level: 'III', severity: 'tightened', classes: columns } as const;
    const { classes: plans } = inspectionPlan(large, asOf);
    expect(plans.map((each) => `${each.sampleSize}:${each.ac}/${each.re}`)).toEqual([
      '2000:0/1',
      '3150:1/2',
      '2000:1/2',
    ]);
  });
  it('passes only if every class passes, with reasons', () => {
    expect(judgeInspection(report(0, 1, 3), asOf).verdict).toBe('accepted');
    expect(judgeInspection(report(0, 1, 4), asOf)).toMatchObject({
      verdict: 'refused',
      reasons: ['minor: 4 found, refused from 4 on', expect.any(String), expect.any(String)],
    });
    expect(judgeInspection(report(1, 0, 0), asOf).reasons[0]).toBe('critical: 1 found, refused from 1 on');
  });
  it('may be refused before the sample is complete, but not accepted', () => {
    expect(judgeInspection(report(1, 0, 0, 32), asOf).verdict).toBe('refused');
    expect(codeOf(() => judgeInspection(report(0, 0, 0, 31), asOf))).toBe('invalid');
    expect(codeOf(() => judgeInspection(report(0, 0, 0, 33), asOf))).toBe('invalid');
    expect(codeOf(() => judgeInspection(report(0, 40, 0), asOf))).toBe('invalid');
    const { major: _, ...without } = report(0, 0, 0).findings;
    expect(codeOf(() => judgeInspection({ ...report(0, 0, 0), findings: without }, asOf))).toBe('invalid');
  });
  it('is accepted inside the gap of a reduced plan, and inspection returns to normal', () => {
    expect(['accepted', 'accepted_return_to_normal', 'refused']).toEqual(
      [0, 1, 2].map((found) => verdictOf({ ac: 0, re: 2 }, found)),
    );
    const reduced: InspectionReport = {
      standard: 'Z1.4',
      lotSize: 125,
      level: 'III',
      severity: 'reduced',
      classes: { major: '1.0' },
      lot: 'L1',
      findings: { major: { units: 20, defects: 1 } },
    };
    expect(judgeInspection(reduced, asOf).verdict).toBe('accepted_return_to_normal');
  });
});

describe('switching between severities', () => {
  const steady: Conditions = { steadyProduction: true, reducedApproved: false };
  const lots = (results: string): LotResult[] => [...results].map((result) => ({ accepted: result === 'A' }));
  const follow = (
    results: string,
    mode: 'normal' | 'tightened' | 'reduced' = 'normal',
    standard: rules.Standard = 'ISO2859-1',
  ) => {
    const { state, switches } = followLots(startInspection(standard, mode), lots(results), steady, asOf);
    return `${state.mode} ${switches.map(({ to, atLot }) => `${to}@${atLot}`).join(' ')}`.trim();
  };
  it('tightens on two refusals within five lots, and not on two that are further apart', () => {
    for (const standard of rules.STANDARDS) {
      expect(follow('ARAAR', 'normal', standard)).toBe('tightened tightened@5');
      expect(follow('RAAAR', 'normal', standard)).toBe('tightened tightened@5');
      expect(follow('RR', 'normal', standard)).toBe('tightened tightened@2');
      expect(follow('RAAAAR', 'normal', standard)).toBe('normal');
    }
  });
  it('relaxes after five accepted lots in a row, counted again from zero after each switch', () => {
    expect(follow('AAAAA', 'tightened')).toBe('normal normal@5');
    expect(follow('AAAARAAAA', 'tightened')).toBe('tightened');
    expect(follow('RRAAAAAR')).toBe('normal tightened@2 normal@7');
  });
  it('discontinues after five refusals in all on tightened, and resumes on tightened after correction', () => {
    expect(follow('RARRAARR', 'tightened')).toBe('discontinued discontinued@8');
    expect(follow('RRRRAAAAAR', 'tightened')).toBe('normal normal@9');
    expect(follow('RRRRRAAAAA', 'tightened')).toBe('discontinued discontinued@5');
    expect(resumeAfterCorrection(startInspection('Z1.4', 'discontinued')).mode).toBe('tightened');
  });
  it('leaves reduced inspection on a refusal, a count inside the gap, or unsteady production', () => {
    const after = (lot: LotResult, steadyProduction = true) =>
      afterLot(startInspection('Z1.4', 'reduced'), lot, { steadyProduction, reducedApproved: true }, asOf).state.mode;
    expect(after({ accepted: true })).toBe('reduced');
    expect(after({ accepted: false })).toBe('normal');
    expect(after({ accepted: true, insideGap: true })).toBe('normal');
    expect(after({ accepted: true }, false)).toBe('normal');
  });
  it('of Z1.4 does not wait for the score of a standard that is younger', () => {
    const then = plainDate('1995-01-01');
    expect(followLots(startInspection('Z1.4'), lots('RR'), steady, { on: then, today: day }).state.mode).toBe(
      'tightened',
    );
    expect(codeOf(() => followLots(startInspection('ISO2859-1'), lots('RR'), steady, { on: then, today: day }))).toBe(
      'no_row',
    );
  });
  it('does not count resubmitted lots', () => {
    const twice = [{ accepted: false }, { accepted: false, resubmitted: true }];
    expect(followLots(startInspection('Z1.4'), twice, steady, asOf).switches).toEqual([]);
  });
  it('keeps the score of ISO 2859-1', () => {
    const scores = (found: LotResult[]) => switchingScores(found, asOf).scores;
    const of = (defects: number[]) =>
      scores(defects.map((found) => ({ accepted: found <= 3, ac: 3, passesTighter: found <= 2 })));
    expect(of([1, 2, 3, 0])).toEqual([3, 6, 0, 3]);
    expect(of([1, 9, 0])).toEqual([3, 0, 3]);
    expect(scores([{ accepted: true, ac: 1 }, { accepted: true }, { accepted: true, ac: 0 }])).toEqual([2, 0, 2]);
    const small = Array.from({ length: 15 }, () => ({ accepted: true, ac: 1 }));
    expect(switchingScores(small, asOf)).toMatchObject({ reducedFrom: 15 });
    expect(switchingScores(small.slice(1), asOf)).toMatchObject({ reducedFrom: null });
  });
  it('opens reduced inspection only with quality, steady production and approval together', () => {
    const good = (count: number) =>
      Array.from({ length: count }, (): LotResult => ({ accepted: true, ac: 1, defects: 1 }));
    const reach = (standard: rules.Standard, count: number, conditions: Conditions) =>
      followLots(startInspection(standard), good(count), conditions, asOf).state.mode;
    const all: Conditions = { steadyProduction: true, reducedApproved: true, limitNumber: 'dropped' };
    expect(reach('ISO2859-1', 14, all)).toBe('normal');
    expect(reach('ISO2859-1', 15, all)).toBe('reduced');
    expect(reach('Z1.4', 9, all)).toBe('normal');
    expect(reach('Z1.4', 10, all)).toBe('reduced');
    for (const lacking of [{ steadyProduction: false }, { reducedApproved: false }])
      for (const standard of rules.STANDARDS) expect(reach(standard, 20, { ...all, ...lacking })).toBe('normal');
    expect(reach('Z1.4', 20, { ...all, limitNumber: 'unknown' })).toBe('normal');
    expect(reach('Z1.4', 10, { ...all, limitNumber: 9 })).toBe('normal');
    expect(reach('Z1.4', 10, { ...all, limitNumber: 10 })).toBe('reduced');
  });
  it('says what lacks, and that the limit numbers of Z1.4 are not on file', () => {
    const after = afterLot(startInspection('Z1.4'), { accepted: true }, steady, asOf);
    expect(after.reducedLacks.join('; ')).toMatch(/last 10 lots.*no row: the limit number.*not approved/);
  });
});

describe('the rules of sampling', () => {
  it('do not overlap', () => {
    const tables = [
      ...Object.values(rules.EDITIONS),
      ...Object.values(rules.SWITCHING),
      rules.ISO_REDUCED,
      rules.ISO_TIGHTENED_A_10,
      rules.ISO_THIRD_EDITION,
      rules.SWITCHING_SCORE,
      rules.PRECEDING_LOTS,
    ];
    expect(tables.flatMap(faultsOf)).toEqual([]);
  });
});
