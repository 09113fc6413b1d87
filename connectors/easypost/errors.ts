import { z } from 'zod';
import type { FailureCode } from '#kit';

/** `errors` holds texts or objects; both were recorded. */
const Body = z.object({
  error: z.object({
    code: z.string().catch(''),
    message: z.union([z.string(), z.array(z.string()).transform((texts) => texts.join('; '))]).catch(''),
    errors: z
      .array(z.union([z.string(), z.object({ field: z.string().nullish(), message: z.string().nullish() })]))
      .catch([]),
  }),
});

/**
 * What EasyPost's codes say beyond the status. A carrier that did not answer in time may have sold the label: the next
 * try finds it on the same shipment, so that it is tried again and not given up.
 * Codes: EasyPost, “Errors”, read 2026-11-24; TIMED_OUT, NO_RESPONSE and IN_PROGRESS only by third parties. [unverified]
 */
const CODES: Readonly<Record<string, FailureCode>> = {
  RATE_LIMITED: 'rate_limited',
  'SHIPMENT.POSTAGE.EXISTS': 'conflict',
  'SHIPMENT.PURCHASE.IN_PROGRESS': 'unavailable',
  'SHIPMENT.POSTAGE.TIMED_OUT': 'unavailable',
  'SHIPMENT.POSTAGE.NO_RESPONSE': 'unavailable',
};
const STATUSES: Readonly<Record<number, FailureCode>> = {
  400: 'rejected',
  401: 'unauthorised',
  402: 'rejected',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'rejected',
  429: 'rate_limited',
};

/** The failure in EasyPost's own words, or null where it is none of its bodies: then the status speaks. */
export const classify = ({
  status,
  body,
}: {
  status: number;
  body(): unknown;
}): { code: FailureCode; message: string } | null => {
  if (status < 400) return null;
  const error = Body.safeParse(body()).data?.error;
  const code = error && (CODES[error.code] ?? STATUSES[status]);
  if (!error || !code) return null;
  const details = error.errors.map((e) => (typeof e === 'string' ? e : [e.field, e.message].filter(Boolean).join(' ')));
  return {
    code,
    message: `EasyPost refused with ${[error.code, error.message, ...details].filter(Boolean).join(': ')}`,
  };
};
