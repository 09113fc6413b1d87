import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { checkHs } from '#trade/classification/check-hs.ts';
import { readEccn } from '#trade/classification/export-control.ts';
import { HS_EDITION_IDS, HS_EDITIONS, type HsEdition, type HsEditionId } from '#trade/classification/hs-edition.ts';
import { readHsEdition } from '#trade/classification/read-hs-edition.ts';
import { plainDate } from '#trade/plain-date.ts';
import { noRow } from '#trade/rule.ts';
import type { Answer } from './vector.ts';

/** The list of HS 2022 is next to the project, not in it. Without it there are no answers. */
const LIST = join(import.meta.dirname, '../../../../shared/trade/hs/harmonized-system.csv');

const Input = z.union([
  z.strictObject({ eccn: z.string() }),
  z.strictObject({
    code: z.string(),
    edition: z.enum(HS_EDITION_IDS),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
  }),
]);

/** The day of the questions. */
const TODAY = plainDate('2026-11-25');

let loaded: HsEdition | null = null;
const listOf = (id: HsEditionId): HsEdition => {
  const row = HS_EDITIONS.rows.find(({ value }) => value === id);
  const from = row?.from;
  if (id !== 'HS2022' || !from) throw noRow(`the list of ${id}`, 'edition');
  if (loaded) return loaded;
  const { edition, faults } = readHsEdition(readFileSync(LIST, 'utf8'), { id, from, to: row.to });
  if (!edition) throw new Failure('invalid', `${LIST}: ${JSON.stringify(faults.slice(0, 5))}`);
  loaded = edition;
  return edition;
};

export const answer: Answer = (_id, input) => {
  const parsed = Input.safeParse(input);
  if (!parsed.success)
    throw new Failure('invalid', `input: ${parsed.error.message}`, {
      safe: { field: 'input', reason: 'not of any form' },
    });
  const { data } = parsed;
  if ('eccn' in data) return { wellFormed: readEccn(data.eccn).wellFormed };
  const edition = listOf(data.edition);
  const asOf = { on: TODAY, today: TODAY };
  const { code, country } = data;
  return { valid: checkHs({ code, edition, ...(country === undefined ? {} : { country }) }, asOf).valid };
};
