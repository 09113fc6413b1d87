import { type DraftSource, given, joinDistinct, moneyOf } from './draft-source.ts';
import type { LineFigures } from './figures.ts';
import type { DeclaredItem } from './trade-document.ts';

export interface ItemGroup {
  item: DeclaredItem;
  lines: readonly LineFigures[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/**
 * Groups the goods of a shipment by classification line, in the order of their first lines. Lines with the same `keyOf`
 * become one item with the sums of their quantities, weights and values.
 */
export const itemsBy = (
  source: DraftSource,
  codeOf: (line: LineFigures) => string,
  keyOf: (line: LineFigures) => string = codeOf,
): ItemGroup[] => {
  const groups = new Map<string, LineFigures[]>();
  for (const line of source.figures.lines) {
    const known = groups.get(keyOf(line));
    if (known) known.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return [...groups.values()].map((lines, index) => {
    const words = (read: (line: LineFigures) => string, by: string) => joinDistinct(lines.map(read), by);
    return {
      lines,
      item: {
        itemNo: index + 1,
        lineNos: lines.map(({ line }) => line.lineNo),
        code: words(codeOf, ' '),
        descriptionEn: words(({ line }) => line.descriptionEn, '; '),
        descriptionZh: words(({ line }) => line.descriptionZh, '；'),
        quantity: sum(lines.map(({ line }) => line.quantity)),
        unit: words(({ line }) => line.unit, '/'),
        netGrams: sum(lines.map(({ netGrams }) => given(netGrams, 'netGrams'))),
        grossGrams: sum(lines.map(({ grossGrams }) => given(grossGrams, 'grossGrams'))),
        value: moneyOf(source, sum(lines.map(({ goodsOnlyMinor }) => goodsOnlyMinor))),
      },
    };
  });
};

export const hsOf = ({ line }: LineFigures): string => given(line.hs, 'hs');
export const originOf = ({ line }: LineFigures): string => given(line.origin, 'origin');
