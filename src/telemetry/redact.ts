/** Keys whose values are never logged, at any depth. Compared without case, `-` and `_`. */
const SECRET =
  /authori[sz]ation|token|secret|password|passwd|credential|apikey|cookie|privatekey|masterkey|signature|hmac/;
/** Keys that name a person, at any depth. */
const PERSON =
  /^(e?mails?|phone|firstname|lastname|fullname|buyer|customer|recipient|consignee|shipto|shipfrom|billto|.*address|line[123]|street|postalcode|zip)$/;
/** At the top level `name` is a job's or a metric's; nested it may be a person's. */
const NESTED_PERSON = /^(name|company|city)$/;

const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_VALUES = 1_000;
const MAX_TEXT = 4_000;
export const REDACTED = '[redacted]';

/**
 * Copies a value for the log: no values under keys that name a secret or a person, no credentials inside texts, limited
 * size.
 */
export const redact = (value: unknown): unknown => copy(value, 0, { left: MAX_VALUES });

const copy = (value: unknown, depth: number, budget: { left: number }): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  // A socket or a request that is logged by mistake is an endless graph.
  budget.left -= 1;
  if (depth >= MAX_DEPTH || budget.left < 0) return '[more]';
  if (value instanceof Date) return value;
  if (value instanceof Error) return redactError(value, depth, budget);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1, budget));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isHidden(key, depth) ? REDACTED : copy(inner, depth + 1, budget),
    ]),
  );
};

const isHidden = (key: string, depth: number): boolean => {
  const plain = key.toLowerCase().replace(/[-_]/g, '');
  return SECRET.test(plain) || PERSON.test(plain) || (depth > 0 && NESTED_PERSON.test(plain));
};

/**
 * Removes what a text may contain by accident: bearer tokens, passwords in URLs, signatures in queries, mail addresses.
 */
export const redactText = (text: string): string =>
  text
    .slice(0, MAX_TEXT)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`)
    .replace(/:\/\/[^/\s:@]*:[^/\s@]*@/g, `://${REDACTED}@`)
    .replace(/([?&][^=&\s]*(?:token|secret|signature|password|key)[^=&\s]*=)[^&\s]+/gi, `$1${REDACTED}`)
    .replace(/[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+/g, '[email]');

/** Only known properties of an error: libraries attach requests, and so credentials, to theirs. */
const redactError = (error: Error, depth: number, budget: { left: number }): unknown => ({
  type: error.name,
  message: redactText(error.message),
  ...('code' in error ? { code: copy(error.code, depth + 1, budget) } : {}),
  ...('safe' in error ? { safe: copy(error.safe, depth + 1, budget) } : {}),
  stack: redactText(error.stack ?? ''),
  ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1, budget) }),
});
