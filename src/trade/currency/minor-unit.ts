import { invalid } from '../read-input.ts';
import { type Asked, noRow, type Ruled, ruleOn } from '../rule.ts';
import { CURRENCY_ROWS, type MinorUnit, WITHOUT_MINOR_UNIT } from './iso-4217.ts';

/**
 * The minor unit that ISO 4217 gives `code` on the day asked for. Never a default: a malformed code throws `invalid`; an
 * unknown one, a metal or basket, and a code outside its days (BGN after 2025-12-31, XCG before 2025-03-31) `no_row`.
 * Source: ISO 4217 lists one and three, read 2026-11-25.
 */
export const minorUnitOn = (code: string, asked: Asked, field = 'currency'): Ruled<MinorUnit> => {
  if (!/^[A-Z]{3}$/.test(code))
    throw invalid(field, `“${code.slice(0, 20)}” is not an ISO 4217 code; write three capital letters such as EUR`);
  if (WITHOUT_MINOR_UNIT.has(code)) throw noRow(`a minor unit of ${code}, which ISO 4217 lists without one`, field);
  const rows = CURRENCY_ROWS.get(code);
  if (!rows) throw noRow(`the currency ${code} in ISO 4217`, field);
  const followedBy = rows.find((row) => row.to !== null && row.to < asked.on)?.value.followedBy;
  if (followedBy) throw noRow(`the currency ${code} on ${asked.on}; it became ${followedBy}`, field);
  return ruleOn({ id: `iso4217.${code.toLowerCase()}`, name: `The currency ${code}`, rows }, asked, field);
};
