const GROUPS = { '.': ",'\u2019 \u00a0\u202f", ',': ".'\u2019 \u00a0\u202f" } as const;

/** A number as it is written where `decimal` parts the fraction: plain, or with one kind of sign between groups of three. */
const grammar = (decimal: '.' | ',') => ({
  decimal,
  plain: new RegExp(`^-?\\d{1,15}(?:[${decimal}]\\d{1,10})?$`),
  grouped: new RegExp(`^-?[1-9]\\d{0,2}([${GROUPS[decimal]}])\\d{3}(?:\\1\\d{3}){0,3}(?:[${decimal}]\\d{1,10})?$`),
  groups: new RegExp(`[${GROUPS[decimal]}]`, 'g'),
});
const GRAMMARS = [grammar('.'), grammar(',')];

/**
 * The one number that `text` can be, as plain decimal text, or why there is none. With `auto` both ways of writing are
 * tried: `12,50` and `1.234,50` can only be one number, `1.234` could be two and is refused rather than guessed.
 */
export const readNumber = (text: string, decimal: 'auto' | '.' | ','): { number: string } | { reason: string } => {
  if (text.length > 40) return { reason: `“${text.slice(0, 40)}…” is not a number` };
  const readings = new Set(
    GRAMMARS.filter((g) => decimal === 'auto' || g.decimal === decimal)
      .filter((g) => g.plain.test(text) || g.grouped.test(text))
      .map((g) => text.replace(g.groups, '').replace(',', '.')),
  );
  const [number, other] = [...readings];
  if (number === undefined)
    return { reason: `“${text}” is not a number${decimal === 'auto' ? '' : ` with “${decimal}” as decimal sign`}` };
  if (other !== undefined)
    return { reason: `“${text}” may be ${number} or ${other}; set the decimal sign in the settings` };
  return { number };
};
