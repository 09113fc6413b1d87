import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { gs1Key } from '#trade/identifiers/gs1.ts';
import { checkIban } from '#trade/identifiers/iban.ts';
import { checkUscc } from '#trade/identifiers/party.ts';
import { awbNumber, checkImo, containerNumber, s10Number } from '#trade/identifiers/transport.ts';
import type { Answer } from './vector.ts';

const Input = z.union([
  z.strictObject({ body: z.string() }).transform(({ body }) => ({
    // A GS1 body is digits; a container number begins with its owner's letters.
    full: /^[A-Za-z]/.test(body) ? containerNumber(body) : gs1Key(body),
  })),
  z.strictObject({ prefix: z.string(), serial7: z.string() }).transform(({ prefix, serial7 }) => ({
    full: awbNumber(prefix, serial7),
  })),
  z
    .strictObject({ service: z.string(), serial8: z.string(), country: z.string() })
    .transform(({ service, serial8, country }) => ({ full: s10Number(service, serial8, country) })),
  z.strictObject({ imo: z.string() }).transform(({ imo }) => ({ valid: checkImo(imo).valid })),
  z.strictObject({ uscc: z.string() }).transform(({ uscc }) => {
    const { valid, check } = checkUscc(uscc);
    return { valid, check };
  }),
  z.strictObject({ iban: z.string() }).transform(({ iban }) => ({ valid: checkIban(iban).valid })),
]);

export const answer: Answer = (_id, input) => {
  const parsed = Input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Failure('invalid', `input: ${parsed.error.message}`, {
    safe: { field: 'input', reason: 'not of any form' },
  });
};
