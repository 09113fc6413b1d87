import { z } from 'zod';
import { isFailure } from '#domain/failure.ts';
import type { TradeListKind } from '#domain/trade-list.ts';
import { PlainDate } from '#trade/plain-date.ts';
import { nameText } from '#trade/screening/name.ts';
import { IDENTIFIER_TYPES, PARTY_KINDS, PartialDate } from '#trade/screening/party.ts';
import type { ListEntry } from '#trade/screening/sanctions-list.ts';

/** A name that no screening could compare would spoil the index of the whole list. */
const Name = z.string().check(({ value, issues }) => {
  try {
    nameText(value, 'name');
  } catch (error) {
    if (!isFailure(error, 'invalid')) throw error;
    issues.push({ code: 'custom', message: String(error.safe['reason']), input: value });
  }
});

const Alias = z.strictObject({ name: Name, weak: z.boolean(), label: z.string().max(200) });
const Identifier = z.strictObject({
  type: z.enum(IDENTIFIER_TYPES),
  value: z.string().min(1).max(400),
  country: z.string().length(2).optional(),
});

/** An entry of a sanctions list as it is uploaded and stored. */
export const SanctionsEntry = z.strictObject({
  id: z.string().min(1).max(500),
  kind: z.enum(PARTY_KINDS).nullable(),
  name: Name,
  aliases: z.array(Alias).max(1_000),
  programs: z.array(z.string().max(200)).max(200),
  births: z.array(z.strictObject({ from: PartialDate, to: PartialDate, circa: z.boolean() })).max(200),
  countries: z.array(z.string().length(2)).max(300),
  identifiers: z.array(Identifier).max(2_000),
  effective: z.strictObject({ from: PlainDate.nullable(), to: PlainDate.nullable() }),
  remarks: z.string().max(20_000),
}) satisfies z.ZodType<ListEntry>;

/** A subheading of the Harmonized System. */
export const HsEntry = z.strictObject({
  code: z.string().regex(/^\d{6}$/, 'is not six digits'),
  description: z.string().min(1).max(5_000),
});
export type HsEntry = z.infer<typeof HsEntry>;

/** How an entry of a list is read, by the list's kind. */
export const entrySchema = (kind: TradeListKind): z.ZodType => (kind === 'hs_edition' ? HsEntry : SanctionsEntry);
