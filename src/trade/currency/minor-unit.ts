import { invalid } from '../read-input.ts';
import { type AsOf, noRow, type Ruled, ruleOn } from '../rule.ts';
import { CURRENCY_ROWS, type MinorUnit, WITHOUT_MINOR_UNIT } from './iso-4217.ts';

/**
 * The minor unit of `code` according to ISO 4217 on `asOf.on`. There is no default: a malformed code throws `invalid`;
 * an unknown code, a metal or basket, and a code outside its dates (BGN after 2025-12-31, XCG before 2025-03-31) throw
 * `no_row`. Source: ISO 4217 lists one and three, read 2026-11-25.
 */
export const minorUnitOn = (code: string, asOf: AsOf, field = 'currency'): Ruled<MinorUnit> => {
  if (!/^[A-Z]{3}$/.test(code))
    throw invalid(field, `“${code.slice(0, 20)}” is not an ISO 4217 code; write three capital letters such as EUR`);
  if (WITHOUT_MINOR_UNIT.has(code)) throw noRow(`a minor unit of ${code}, which ISO 4217 lists without one`, field);
  const rows = CURRENCY_ROWS.get(code);
  if (!rows) throw noRow(`the currency ${code} in ISO 4217`, field);
  const followedBy = rows.find((row) => row.to !== null && row.to < asOf.on)?.value.followedBy;
  if (followedBy) throw noRow(`the currency ${code} on ${asOf.on}; it became ${followedBy}`, field);
  return ruleOn({ id: `iso4217.${code.toLowerCase()}`, name: `The currency ${code}`, rows }, asOf, field);
};
