import { isMember } from '#domain/eu-members.ts';
import { readObject, readText } from './read-file.ts';

export type Values = Readonly<Record<string, string | undefined>>;
type Body = Record<string, unknown>;

const given = (fields: Readonly<Record<string, unknown>>): Body =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const listed = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((one) => one.trim())
    .filter(Boolean);

/** A number where it is one; anything else as it was typed, so that the API names what is wrong with it. */
const whole = (text: string | undefined): number | string | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;

const numeric = (text: string | undefined): number | string | undefined =>
  text !== undefined && /^\d{0,15}\.?\d{1,15}$/.test(text) ? Number(text) : text;

const isJson = (text: string): boolean => /^\s*\{\s*["}]/.test(text);

const duty = (v: Values): Body | null => {
  const { to, hs, value } = v;
  if (to === undefined || hs === undefined || value === undefined) return null;
  return given({
    jurisdiction: isMember(to) ? 'EU' : to,
    country: to,
    currency: v['currency'],
    freight: v['freight'],
    insurance: v['insurance'],
    channel: v['channel'],
    sale: v['sale'],
    scheme: v['scheme'],
    lines: [
      given({
        hs,
        value,
        origin: v['origin'],
        quantity: whole(v['quantity']) ?? 1,
        dutyRate: v['duty-rate'],
        weightKg: v['weight'],
      }),
    ],
  });
};

const identifier = (text: string) => {
  const [type = '', ...value] = text.split(':');
  return { type, value: value.join(':') };
};

const screen = (v: Values): Body | null =>
  v['name'] === undefined
    ? null
    : given({
        name: v['name'],
        aliases: listed(v['alias']),
        kind: v['kind'],
        dateOfBirth: v['born'],
        countries: listed(v['country']),
        identifiers: listed(v['id'])?.map(identifier),
        threshold: numeric(v['threshold']),
      });

/** Of the two editions with the same tables the one that buyers abroad name. */
const DEFAULT_STANDARD = 'ISO2859-1';

const aql = (v: Values): Body | null => {
  const classes = given({ critical: v['critical'], major: v['major'], minor: v['minor'] });
  const classed = Object.keys(classes).length > 0;
  if (v['lot'] === undefined || (v['aql'] === undefined && !classed)) return null;
  return given({
    standard: v['standard'] ?? DEFAULT_STANDARD,
    lotSize: whole(v['lot']),
    level: v['level'] ?? 'II',
    severity: v['severity'],
    counts: v['counts'],
    aql: v['aql'],
    classes: classed ? classes : undefined,
  });
};

const lc = (v: Values): Body | null => {
  const { file, contract, presentation, amendment } = v;
  if (file === undefined) return null;
  const text = readText(file);
  return {
    ...(isJson(text) ? readObject(file) : { message: text }),
    ...given({
      contract: contract === undefined ? undefined : readObject(contract),
      presentation: presentation === undefined ? undefined : readObject(presentation),
      amendments: listed(amendment)?.map((name) => readText(name)),
      transferOf: v['transfer-of'] === undefined ? undefined : readText(v['transfer-of']),
    }),
  };
};

const refund = (v: Values): Body | null => {
  const company = v['company'] ?? (v['fob'] === undefined ? 'trading' : 'manufacturer');
  const rates = { taxRate: v['tax-rate'], refundRate: v['refund-rate'], product: v['product'] };
  const common = given({ company, ...rates, exportDate: v['export-date'] });
  if (v['invoice'] !== undefined) return { ...common, invoiceExVat: v['invoice'] };
  if (v['fob'] === undefined) return null;
  return {
    ...common,
    ...given({ fobCny: v['fob'], outputVat: v['output-vat'] ?? '0', inputVat: v['input-vat'] ?? '0' }),
    ...given({ previousCredit: v['previous-credit'], dutyFreeMaterials: v['duty-free-materials'] }),
  };
};

const hs = (v: Values): Body | null =>
  v['hs'] === undefined
    ? null
    : given({ code: v['hs'], country: v['country'], edition: v['edition'], storedAs: v['stored-as'] });

const incoterms = (): Body | null => null;

/** The questions that can be asked, each made of plain options; null when those it needs are missing. */
const QUESTIONS = { duty, screen, aql, lc, refund, hs, incoterms } as const satisfies Record<
  string,
  (v: Values) => Body | null
>;
export type QuestionName = keyof typeof QUESTIONS;
export const isQuestion = (name: string): name is QuestionName => Object.hasOwn(QUESTIONS, name);

/** The question as the API takes it, from `--file` or from plain options; null when neither says enough. */
export const questionOf = (name: QuestionName, values: Values): Body | null => {
  const { file, on } = values;
  const body = file !== undefined && name !== 'lc' ? readObject(file) : QUESTIONS[name](values);
  return body && { ...body, ...given({ on }) };
};
