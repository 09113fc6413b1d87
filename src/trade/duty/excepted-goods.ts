/** Goods that most low-value reliefs exclude, by HS prefix. Source: HS 2022 headings. */
const KINDS = {
  alcohol: ['2203', '2204', '2205', '2206', '2207', '2208'],
  tobacco: ['24'],
  perfume: ['3303'],
} as const;

export type ExceptedKind = keyof typeof KINDS;

const BY_PREFIX = new Map<string, ExceptedKind>([
  ...KINDS.alcohol.map((prefix) => [prefix, 'alcohol'] as const),
  ...KINDS.tobacco.map((prefix) => [prefix, 'tobacco'] as const),
  ...KINDS.perfume.map((prefix) => [prefix, 'perfume'] as const),
]);

/** The kind of goods of `hs` that a relief may exclude; null for all other goods. */
export const exceptedKindOf = (hs: string): ExceptedKind | null =>
  BY_PREFIX.get(hs.slice(0, 4)) ?? BY_PREFIX.get(hs.slice(0, 2)) ?? null;

/** Whether the goods are subject to excise in every country: alcohol and tobacco. */
export const bearsExcise = (hs: string): boolean => ['alcohol', 'tobacco'].includes(exceptedKindOf(hs) ?? '');
