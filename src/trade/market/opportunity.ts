import { z } from 'zod';
import { Exact, exact } from '../decimal.ts';
import { PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import type { Notice } from '../rule.ts';
import { FigureText } from './measures.ts';

const Name = z.string().min(1, 'is empty').max(100);
const Id = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name such as import_growth');

/** A criterion for comparing markets. */
export const Indicator = z.strictObject({
  id: Id,
  name: Name,
  /** `more_is_better`: imports, growth; `less_is_better`: tariff, distance, concentration. */
  direction: z.enum(['more_is_better', 'less_is_better']),
  /** Share of the score. The weights of all indicators add up to 1. */
  weight: FigureText,
  /**
   * Worst and best value of the scale, whatever markets are compared. Without them the compared markets determine them.
   */
  bounds: z.strictObject({ min: FigureText, max: FigureText }).optional(),
});
export type Indicator = z.input<typeof Indicator>;

/** One figure and where it was read. Importers record CIF, exporters FOB, so the two cannot be compared. */
export const MarketFigure = z.strictObject({
  value: FigureText,
  source: z.string().min(1, 'has no source').max(300),
  date: PlainDate,
  basis: z.enum(['cif', 'fob']).optional(),
});
export type MarketFigure = z.infer<typeof MarketFigure>;

export const Market = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code such as DE'),
  figures: z.record(Id, MarketFigure.nullable()),
});

export const OpportunityInput = z.strictObject({
  product: z.strictObject({
    /** Six digits of the Harmonized System. */
    hs6: z.string().regex(/^\d{6}$/, 'six digits'),
    name: Name,
  }),
  indicators: z.array(Indicator).min(1, 'names no indicator').max(50),
  markets: z.array(Market).min(1, 'names no market').max(300),
});
export type OpportunityInput = z.input<typeof OpportunityInput>;

export interface ScoredFigure extends MarketFigure {
  indicator: string;
  /** The figure's position between worst (0) and best (1). */
  scaled: string;
  weight: string;
  /** Its contribution to the score. */
  points: string;
}

export interface RankedMarket {
  country: string;
  /** 1 is best; equal scores share a rank. */
  rank: number;
  /** 0 to 100, two decimals. */
  score: string;
  figures: readonly ScoredFigure[];
}

export interface OpportunitySheet {
  product: { hs6: string; name: string };
  ranking: readonly RankedMarket[];
  /** Markets that could not be compared: a missing figure does not count as zero. */
  dropped: readonly { country: string; missing: readonly string[]; reason: string }[];
  notices: readonly Notice[];
}

type Read = z.output<typeof OpportunityInput>;
interface Scale {
  id: string;
  weight: Exact;
  min: Exact;
  max: Exact;
  reversed: boolean;
  fromSet: boolean;
}

const advice = (rule: string, message: string): Notice => ({ code: 'advice', rule, message });

const repeated = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);

const checked = (input: Read): Read => {
  const { indicators, markets } = input;
  const twice = repeated(indicators.map(({ id }) => id));
  if (twice !== undefined) throw invalid('indicators', `has ${twice} twice`);
  const again = repeated(markets.map(({ country }) => country));
  if (again !== undefined) throw invalid('markets', `has ${again} twice`);
  const sum = indicators.reduce(
    (total, { weight }, index) => total.plus(exact(weight, `indicators.${index}.weight`, { zero: false })),
    new Exact(0),
  );
  if (!sum.eq(1)) throw invalid('indicators', `the weights sum to ${sum.toFixed()}; they have to sum to 1`);
  return input;
};

const amountOf = (figure: MarketFigure, field: string): Exact => exact(figure.value, field, { negative: true });

const scaleOf = (indicator: Read['indicators'][number], values: readonly Exact[]): Scale => {
  const { id, bounds, direction } = indicator;
  const field = `indicators.${id}`;
  const weight = exact(indicator.weight, `${field}.weight`);
  const common = { id, weight, reversed: direction === 'less_is_better' };
  if (bounds === undefined) return { ...common, min: Exact.min(...values), max: Exact.max(...values), fromSet: true };
  const min = exact(bounds.min, `${field}.bounds.min`, { negative: true });
  const max = exact(bounds.max, `${field}.bounds.max`, { negative: true });
  if (min.gte(max)) throw invalid(`${field}.bounds`, 'the smaller bound has to be smaller than the larger');
  return { ...common, min, max, fromSet: false };
};

/**
 * The figure of a market; null if it has none. Only own properties count, not inherited names such as `constructor`.
 */
const figureOf = ({ figures }: Read['markets'][number], id: string): MarketFigure | null =>
  Object.hasOwn(figures, id) ? (figures[id] ?? null) : null;

/** 0 at the worst, 1 at the best, clamped at both; 0 for all if the compared markets are equal. */
const scaled = (value: Exact, { min, max, reversed }: Scale): Exact => {
  if (min.eq(max)) return new Exact(0);
  const place = Exact.max(0, Exact.min(1, value.minus(min).div(max.minus(min))));
  return reversed ? new Exact(1).minus(place) : place;
};

/** Transhipment ports, whose imports are largely for other countries. General knowledge of trade statistics. */
const HUBS = ['HK', 'NL', 'SG'];

const noticesOf = (markets: Read['markets'], scales: readonly Scale[]): Notice[] => {
  const figures = (id: string) => markets.flatMap((market) => figureOf(market, id) ?? []);
  const bySet = scales.filter(({ fromSet }) => fromSet).map(({ id }) => id);
  const equal = scales.filter(({ min, max }) => min.eq(max)).map(({ id }) => id);
  const mixed = scales.filter(({ id }) => new Set(figures(id).flatMap(({ basis }) => basis ?? [])).size > 1);
  const outside = scales.filter(({ id, min, max }) =>
    figures(id).some(({ value }) => new Exact(value).lt(min) || new Exact(value).gt(max)),
  );
  const hubs = markets.map(({ country }) => country).filter((country) => HUBS.includes(country));
  return [
    ...(bySet.length === 0
      ? []
      : [
          advice(
            'market.bounds',
            `The scale of ${bySet.join(', ')} is the compared markets’ own: one more can turn the ranking; fix the bounds`,
          ),
        ]),
    ...equal.map((id) =>
      advice('market.no-difference', `All markets have the same ${id}: it adds nothing to any score`),
    ),
    ...mixed.map(({ id }) =>
      advice('market.mirror-data', `${id} mixes CIF (importers’ records) with FOB (exporters’): they do not compare`),
    ),
    ...outside.map(({ id }) =>
      advice('market.outside-bounds', `Figures of ${id} lie outside its bounds and are cut off there`),
    ),
    ...(hubs.length === 0
      ? []
      : [advice('market.re-exports', `Imports of ${hubs.join(', ')} are to a large part re-exports`)]),
  ];
};

/**
 * Mathematically equal scores, such as 1/3 + 2/3 and 1, can differ in the last of the 60 digits of a quotient; they
 * still share a rank.
 */
const RANKED_DECIMALS = 40;

const asText = (value: Exact, decimals: number): string => value.toDecimalPlaces(decimals).toFixed();

/**
 * Ranks the markets for one product by a weighted score from 0 to 100: each figure between worst and best, reversed if
 * less is better. A market without a figure is dropped, with the reason, before the scales are taken from the set.
 * Throws `invalid` for weights that do not add up to 1 and for reversed bounds.
 */
export const opportunitySheet = (input: OpportunityInput): OpportunitySheet => {
  const { product, indicators, markets } = checked(readInput(OpportunityInput, input));
  const missing = (market: Read['markets'][number]) => indicators.filter(({ id }) => figureOf(market, id) === null);
  const dropped = markets
    .filter((market) => missing(market).length > 0)
    .map((market) => {
      const names = missing(market).map(({ name }) => name);
      return {
        country: market.country,
        missing: missing(market).map(({ id }) => id),
        reason: `no figure for ${names.join(', ')}`,
      };
    });
  const compared = markets.filter((market) => missing(market).length === 0);
  if (compared.length === 0) return { product, ranking: [], dropped, notices: [] };
  const scales = indicators.map((indicator) =>
    scaleOf(
      indicator,
      compared.flatMap((market) => {
        const figure = figureOf(market, indicator.id);
        return figure ? [amountOf(figure, `markets.${market.country}.${indicator.id}`)] : [];
      }),
    ),
  );
  const scored = compared.map((market) => {
    const { country } = market;
    const parts = scales.flatMap((scale) => {
      const figure = figureOf(market, scale.id);
      if (!figure) return [];
      const place = scaled(amountOf(figure, `markets.${country}.${scale.id}`), scale);
      return [{ figure, scale, place, points: place.times(scale.weight).times(100) }];
    });
    const total = parts.reduce((sum, { points }) => sum.plus(points), new Exact(0));
    return { country, parts, total: total.toDecimalPlaces(RANKED_DECIMALS) };
  });
  const ranking = [...scored]
    .sort((a, b) => b.total.cmp(a.total) || (a.country < b.country ? -1 : 1))
    .map(({ country, parts, total }) => ({
      country,
      score: total.toFixed(2),
      rank: scored.filter((other) => other.total.gt(total)).length + 1,
      figures: parts.map(({ figure, scale, place, points }) => ({
        ...figure,
        indicator: scale.id,
        weight: scale.weight.toFixed(),
        scaled: asText(place, 4),
        points: asText(points, 2),
      })),
    }));
  return { product, ranking, dropped, notices: noticesOf(compared, scales) };
};
