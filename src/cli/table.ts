/** How wide a text stands in a terminal: Chinese, Japanese and Korean letters take two columns. */
const widthOf = (text: string): number =>
  [...text].reduce(
    (width, letter) =>
      width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(letter) ? 2 : 1),
    0,
  );

const NUMBER = /^[-+]?[\d,]+(\.\d+)?( ?%)?$/;

/** Rows as lines with aligned columns; a column that holds nothing but numbers stands to the right. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const all = [head, ...rows];
  const columns = head.map((_, at) => ({
    width: Math.max(...all.map((row) => widthOf(row[at] ?? ''))),
    right: rows.length > 0 && rows.every((row) => (row[at] ?? '') === '' || NUMBER.test(row[at] ?? '')),
  }));
  const line = (row: readonly string[]): string =>
    columns
      .map(({ width, right }, at) => {
        const cell = row[at] ?? '';
        const gap = ' '.repeat(width - widthOf(cell));
        return right ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(head), columns.map(({ width }) => '-'.repeat(width)).join('  '), ...rows.map(line)];
};

/** Names with their values below each other; what is null is left out. */
export const facts = (
  given: readonly (readonly [string, string | number | boolean | null | undefined])[],
): string[] => {
  const told = given.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)] as const],
  );
  const width = Math.max(0, ...told.map(([name]) => widthOf(name)));
  return told.map(([name, value]) => `${name}${' '.repeat(width - widthOf(name))}  ${value}`);
};
