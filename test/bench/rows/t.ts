import { landedCost } from '../../../src/trade/duty/landed-cost.ts';
import { plainDate } from '../../../src/trade/plain-date.ts';
import { comparableNames } from '../../../src/trade/screening/name.ts';
import { nameScore } from '../../../src/trade/screening/name-score.ts';
import type { PartyInput } from '../../../src/trade/screening/party.ts';
import { DEFAULT_THRESHOLD, screen } from '../../../src/trade/screening/screen.ts';
import { buildScreeningIndex, namesLike, type ScreeningIndex } from '../../../src/trade/screening/screening-index.ts';
import { madeList, madeParties } from '../../../src/trade/screening/testing/made-names.ts';
import type { Bench, Row } from '../bench.ts';
import { bootstrapInterval, median, medianInterval, percentile } from '../stats.ts';

const ASKED = { on: plainDate('2026-11-25'), today: plainDate('2026-11-25') };
const ENTRIES = 20_000;
const LINES = 1_000;
const p95 = (values: readonly number[]): number => percentile(values, 0.95);

interface Pair {
  /** Of each question, in ms. */
  ours: number[];
  /** Of a question, in ms. */
  baseline: number;
}

/** A look-up is over sooner than a clock can tell: a block is looked up so often, and the mean counts. */
const LOOK_UPS = 20;

/** Blocks of the same questions, ours and the look-up in turn, the first block dropped. */
const inTurn = <Q>(
  blocks: readonly (readonly Q[])[],
  ours: (question: Q) => void,
  lookUp: (question: Q) => void,
): Pair[] =>
  blocks
    .map((block) => {
      const ms = block.map((question) => {
        const start = performance.now();
        ours(question);
        return performance.now() - start;
      });
      const start = performance.now();
      for (let time = 0; time < LOOK_UPS; time += 1) for (const question of block) lookUp(question);
      return { ours: ms, baseline: (performance.now() - start) / LOOK_UPS / block.length };
    })
    .slice(1);

const rowOf = (
  about: Pick<Row, 'id' | 'title' | 'notes' | 'missing'>,
  pairs: readonly Pair[],
  perQuestion: number,
): Row => {
  const all = pairs.flatMap(({ ours }) => ours);
  const interval = bootstrapInterval(all, p95);
  const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
  const ratios = pairs.map(({ ours, baseline }) => mean(ours) / baseline);
  const ofRatio = medianInterval(ratios);
  return {
    ...about,
    value: p95(all),
    low: interval.low,
    high: interval.high,
    unit: 'ms',
    ratio: median(ratios),
    ratioLow: ofRatio.low,
    ratioHigh: ofRatio.high,
    ours: p95(all),
    medianMs: median(all),
    baseline: median(pairs.map(({ baseline }) => baseline)),
    pairs: pairs.length,
    delivered: about.missing.length === 0,
    notes: [
      ...about.notes,
      `median ${median(all).toFixed(3)} ms; ${all.length} questions of ${perQuestion} each; the ratio (${ofRatio.low.toFixed(0)}–` +
        `${ofRatio.high.toFixed(0)}) is to a map that knows nothing but the very text`,
      'interval: bootstrap of the p95, 95 %',
    ],
  };
};

/** Every name that scores the threshold, found by comparing with all of them. */
const byHand = (party: PartyInput, index: ScreeningIndex): Set<string> => {
  const found = new Set<string>();
  for (const name of comparableNames(party.name, party.kind ?? null))
    for (const { entry, comparable } of index.names)
      if (nameScore(name, comparable).score >= DEFAULT_THRESHOLD)
        found.add(`${entry.id} ${comparable.tokens.join(' ')}`);
  return found;
};

const wrongAnswers = (parties: readonly PartyInput[], index: ScreeningIndex): string[] =>
  parties.flatMap((party) => {
    const found = comparableNames(party.name, party.kind ?? null).flatMap((name) =>
      namesLike(name, index, DEFAULT_THRESHOLD),
    );
    const fast = new Set(found.map(({ listed }) => `${listed.entry.id} ${listed.comparable.tokens.join(' ')}`));
    const slow = byHand(party, index);
    const same = fast.size === slow.size && [...slow].every((name) => fast.has(name));
    return same ? [] : [`${party.name}: the index finds ${fast.size} names, a comparison with all ${slow.size}`];
  });

/** One party against 20,000 entries with their aliases. */
const screening = ({ quick, say }: Bench): Row => {
  const [blocks, perBlock, checked] = quick ? [6, 200, 20] : [16, 300, 60];
  const list = madeList(ENTRIES, 20_261_125);
  const built = performance.now();
  const index = buildScreeningIndex([list]);
  const buildMs = performance.now() - built;
  const known = new Map(
    list.entries.flatMap((entry) =>
      [entry.name, ...entry.aliases.map(({ name }) => name)].map((name) => [name, entry.id]),
    ),
  );
  const parties = madeParties(list, blocks * perBlock, 7);
  let hits = 0;
  let looked = 0;
  const pairs = inTurn(
    Array.from({ length: blocks }, (_, at) => parties.slice(at * perBlock, (at + 1) * perBlock)),
    (party) => {
      hits += screen(party, index, ASKED).hits.length;
    },
    ({ name }) => {
      if (known.has(name)) looked += 1;
    },
  );
  say(
    `  screening: ${index.names.length} names of ${ENTRIES} entries laid out in ${buildMs.toFixed(0)} ms; ${hits} hits`,
  );
  const missing = wrongAnswers(parties.slice(0, checked), index);
  const listed = parties.filter(({ name }) => known.has(name));
  const unseen = listed.filter((party) => !screen(party, index, ASKED).hits.some((hit) => hit.nameScore === 1));
  if (unseen.length > 0) missing.push(`${unseen.length} of ${listed.length} parties named as listed are no hit`);
  if (looked === 0) missing.push('the look-up found nothing');
  return rowOf(
    {
      id: 't',
      title: 'one party screened against 20,000 entries with aliases, p95',
      missing,
      notes: [
        `${index.names.length} names; ${checked} answers are the same as of a comparison with every name, and each of ${listed.length} ` +
          'parties named as listed is found',
      ],
    },
    pairs,
    1,
  );
};

const RATES = ['0', '0.037', '0.047', '0.065', '0.12', '0.17'];

/** A consignment of a business, of garments and the like; the same for the same number. */
const consignment = (number: number) => ({
  ...({ jurisdiction: 'EU', country: 'DE', currency: 'EUR', sale: 'b2b', channel: 'ocean', freight: '0' } as const),
  lines: Array.from({ length: LINES }, (_, at) => ({
    hs: String(610_910 + ((at * 7 + number) % 80)),
    origin: 'CN',
    quantity: 1 + (at % 9),
    value: `${20 + ((at * 131 + number * 17) % 900)}.${String((at * 37) % 100).padStart(2, '0')}`,
    dutyRate: RATES[(at + number) % RATES.length] ?? '0',
  })),
});
type Sent = ReturnType<typeof consignment>;

const THOUSANDTHS = 1_000n;
const cents = (text: string): bigint => BigInt(text.replace('.', ''));
const share = (text: string): bigint => BigInt(Math.round(Number(text) * 1_000));
const rounded = (value: bigint, rate: bigint): bigint => (value * rate * 2n + THOUSANDTHS) / (THOUSANDTHS * 2n);

/** Duty by rate and 19 % tax in whole cents, reckoned apart from the engine. */
const expected = ({ lines }: Sent): { duty: bigint; tax: bigint } => {
  const byRate = new Map<string, bigint>();
  for (const { dutyRate, value } of lines) byRate.set(dutyRate, (byRate.get(dutyRate) ?? 0n) + cents(value));
  const goods = [...byRate.values()].reduce((sum, value) => sum + value, 0n);
  const duty = [...byRate].reduce((sum, [rate, value]) => sum + rounded(value, share(rate)), 0n);
  return { duty, tax: rounded(goods + duty, share('0.19')) };
};

const wrongCosts = (sent: readonly Sent[]): string[] =>
  sent.flatMap((one, number) => {
    const { totals, lines } = landedCost(one, ASKED);
    const should = expected(one);
    const sum = (of: (line: (typeof lines)[number]) => string) =>
      lines.reduce((all, line) => all + cents(of(line)), 0n);
    return [
      ...(cents(totals.duty) === should.duty
        ? []
        : [`consignment ${number}: duty ${totals.duty}, not ${should.duty} cents`]),
      ...(cents(totals.tax) === should.tax
        ? []
        : [`consignment ${number}: tax ${totals.tax}, not ${should.tax} cents`]),
      ...(sum(({ duty }) => duty) === should.duty && sum(({ tax }) => tax) === should.tax
        ? []
        : [`consignment ${number}: the lines do not sum to the totals`]),
    ];
  });

/** The landed cost of a consignment of 1,000 lines. */
const duty = ({ quick }: Bench): Row => {
  const [blocks, perBlock] = quick ? [5, 20] : [16, 40];
  const sent = Array.from({ length: 10 }, (_, number) => consignment(number));
  const rates = new Map(sent.flatMap(({ lines }) => lines.map(({ hs, dutyRate }) => [hs, dutyRate])));
  let looked = 0;
  const pairs = inTurn(
    Array.from({ length: blocks }, () =>
      Array.from({ length: perBlock }, (_, at) => sent[at % sent.length] ?? consignment(0)),
    ),
    (one) => {
      landedCost(one, ASKED);
    },
    ({ lines }) => {
      for (const { hs } of lines) if (rates.get(hs) !== undefined) looked += 1;
    },
  );
  const missing = wrongCosts(sent);
  if (looked === 0) missing.push('the look-up found nothing');
  return rowOf(
    {
      id: 't2',
      title: 'landed cost of 1,000 lines, p95',
      missing,
      notes: [
        'duty and tax of ten consignments are to the cent what whole numbers give apart, and the lines sum to them',
      ],
    },
    pairs,
    LINES,
  );
};

/** The trade rules that stand between a click and its answer; no server. */
export const tradeRules = async (bench: Bench): Promise<Row[]> => [screening(bench), duty(bench)];
