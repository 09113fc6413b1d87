import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type ApiClient, isProblem } from '#simulator/api-client.ts';
import { STEPS } from '#trade/case-file/facts.ts';
import type { Command } from './command.ts';
import { readObject } from './read-file.ts';

const WORDS = `case WHAT [--json]
      list                             open cases with their eight steps
      show ID
      open --file CASE.json            number, title, mode, subject, orderId, skus, connectionIds, destination
      form STEP                        what a step asks for, as JSON Schema
      facts ID STEP --file FACTS.json
      screen ID
      accept-credit ID
      override ID --step STEP --code CODE [--subject SUBJECT] --reason TEXT
      claim ID
      close ID [--note TEXT]           a case whose gates are shut takes cases:override and a note; so does cancel
      cancel ID [--note TEXT]
      reopen ID [--note TEXT]
      paper ID KIND [--language en|zh|both] --out FILE.pdf
      An ID is a case's id or its number. With --if-version N a change is refused when the case has another version by now.`;

const Step = z.enum(STEPS);
const Case = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  mode: z.string(),
  orderId: z.string(),
  destination: z.string(),
  state: z.string(),
  version: z.number(),
});
const Reason = z.object({
  code: z.string(),
  subject: z.string(),
  severity: z.string(),
  what: z.string(),
  todo: z.string(),
  overridden: z.object({ by: z.string(), reason: z.string(), at: z.string() }).nullish(),
});
const Standing = z.object({
  case: Case,
  steps: z.array(
    z.object({
      step: z.string(),
      title: z.object({ en: z.string(), zh: z.string() }),
      state: z.enum(['open', 'blocked', 'passed', 'overridden']),
      reasons: z.array(Reason),
      notices: z.array(z.object({ code: z.string(), message: z.string() })),
    }),
  ),
  reminders: z.array(z.object({ on: z.string(), text: z.string(), given: z.boolean() })),
});
type Standing = z.infer<typeof Standing>;

const Refusal = z.looseObject({
  detail: z.string(),
  reasons: z.array(Reason.extend({ severity: z.string().default('block') })).default([]),
});

const SHAPES = { open: '○', blocked: '▲', passed: '✓', overridden: '⚑' } as const;
/** Cases that a list shows with their marks, for each of which the API is asked. */
const MARKED = 50;
const REMINDERS = 5;

const reasonLines = ({ code, subject, what, todo, overridden }: z.infer<typeof Reason>, sign: string): string[] => [
  `      ${sign} ${what}`,
  overridden
    ? `        overridden by ${overridden.by}, ${overridden.at.slice(0, 10)}: ${overridden.reason}`
    : `        → ${todo}  [${[code, subject].join(' ').trim()}]`,
];

/** Steps with their marks, then under each what blocks, what was overridden, warnings, and what to know of the rules. */
const standingLines = ({ case: of, steps, reminders }: Standing): string[] => [
  `${of.number}  ${of.title}`,
  `${of.id}, ${of.mode} to ${of.destination}, ${of.state}, version ${of.version}${of.orderId && `, order ${of.orderId}`}`,
  '',
  ...steps.flatMap(({ title, state, reasons, notices }, index) => [
    `  ${SHAPES[state]} ${index + 1} ${state.padEnd(10)}  ${title.en}  ${title.zh}`,
    ...reasons
      .filter(({ code }) => code !== 'NOT_GIVEN')
      .flatMap((reason) =>
        reasonLines(reason, reason.overridden ? SHAPES.overridden : reason.severity === 'block' ? '▲' : '~'),
      ),
    ...notices.map(({ message }) => `      ! ${message}`),
  ]),
  ...reminders
    .filter(({ given }) => !given)
    .slice(0, REMINDERS)
    .map(({ on, text }, index) => `${index === 0 ? '\n' : ''}  ${on}  ${text}`),
];

/** A refusal with each reason and what to do about it. */
const blockInWords = (error: unknown): unknown => {
  const refusal = isProblem(error) ? Refusal.safeParse(error.body) : null;
  if (!refusal?.success || refusal.data.reasons.length === 0) return error;
  const { detail, reasons } = refusal.data;
  // The detail names the reasons too, in one sentence.
  return new Error(
    [`${detail.split(': ', 1)[0]}:`, ...reasons.flatMap((reason) => reasonLines(reason, '▲'))].join('\n'),
  );
};

const list = async (api: ApiClient, print: (line: string) => void): Promise<void> => {
  let seen = 0;
  for await (const each of api.all('/v1/cases?state=open')) {
    const found = Case.parse(each);
    const marks =
      seen < MARKED
        ? Standing.parse(await api.get(`/v1/cases/${found.id}`))
            .steps.map(({ state }) => SHAPES[state])
            .join(' ')
        : '';
    if (seen === 0)
      print(`${'1 2 3 4 5 6 7 8'.padEnd(17)}${'number'.padEnd(16)}${'to'.padEnd(4)}${'id'.padEnd(28)}title`);
    print(
      `${marks.padEnd(17)}${found.number.padEnd(16)}${found.destination.padEnd(4)}${found.id.padEnd(28)}${found.title}`,
    );
    seen += 1;
  }
  if (seen === 0) print('No case is open.');
};

/** The id of a case that is named by its id or by its number; what is neither is left to the API to refuse. */
const idOfCase = async (api: ApiClient, word: string): Promise<string> => {
  if (word === '' || word.startsWith('cs_')) return word;
  const { items } = z
    .object({ items: z.array(Case) })
    .parse(await api.get(`/v1/cases?number=${encodeURIComponent(word)}`));
  return items[0]?.id ?? word;
};

type Values = Readonly<Record<string, string | undefined>>;
type Ask = (given: { api: ApiClient; at: string; args: readonly string[]; values: Values }) => Promise<unknown> | null;

/** The version that a change rests on, as the API takes it. What is no number is refused: it must not pass for none. */
const versionOf = ({ 'if-version': version }: Values): number | null => {
  if (version === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(version)) throw new Error(`--if-version: ${version} is not the number of a version`);
  return Number(version);
};

const door =
  (name: string, body: (values: Values) => object | null = () => ({})): Ask =>
  ({ api, at, values }) => {
    const given = body(values);
    const version = versionOf(values);
    return given && api.post(`${at}/${name}${version === null ? '' : `?ifVersion=${version}`}`, given);
  };
const move = (state: string): Ask => door('state', ({ note = '' }) => ({ state, note }));

/** What is asked of one case; the answer is how it stands. Null: something is missing on the line. */
const ASKS: ReadonlyMap<string, Ask> = new Map<string, Ask>([
  ['show', ({ api, at }) => api.get(at)],
  ['screen', door('screen')],
  ['accept-credit', door('accept-credit')],
  ['claim', door('claim')],
  ['close', move('closed')],
  ['cancel', move('cancelled')],
  ['reopen', move('open')],
  [
    'override',
    door('overrides', ({ step, code, subject = '', reason }) =>
      step === undefined || code === undefined || reason === undefined ? null : { step, code, subject, reason },
    ),
  ],
  [
    'facts',
    ({ api, at, args: [, , step], values }) =>
      Step.safeParse(step).success && values['file'] !== undefined
        ? api.put(`${at}/facts/${step}`, { facts: readObject(values['file']), ifVersion: versionOf(values) })
        : null,
  ],
]);

export const caseCommand: Command = {
  words: WORDS,
  says: 'export case files: how each of the eight steps stands, what blocks and what to do',
  options: {
    json: { type: 'boolean' },

    file: { type: 'string' },
    'if-version': { type: 'string' },
    step: { type: 'string' },
    code: { type: 'string' },
    subject: { type: 'string' },
    reason: { type: 'string' },
    note: { type: 'string' },
    language: { type: 'string', default: 'both' },
    out: { type: 'string' },
  },
  async run({ api, args, values, say, print }) {
    const [what, id, kind] = args;
    const { json, out, language = 'both' } = values;
    try {
      if (what === 'list') {
        if (json === undefined) await list(api, print);
        else for await (const each of api.all('/v1/cases?state=open')) say(each);
        return 'done';
      }
      if (what === 'form' && id !== undefined && Step.safeParse(id).success) {
        say(new Map(Object.entries((await api.get('/v1/case-forms')) ?? {})).get(id));
        return 'done';
      }
      const { file } = values;
      if (what === undefined || (what === 'open' ? file : id) === undefined) return 'usage';
      const at = `/v1/cases/${encodeURIComponent(await idOfCase(api, id ?? ''))}`;
      if (what === 'paper') {
        if (kind === undefined || out === undefined) return 'usage';
        const paper = `${at}/papers/${encodeURIComponent(kind)}/pdf?language=${encodeURIComponent(language)}`;
        writeFileSync(out, await api.bytes(paper));
        print(`${kind} is in ${out}.`);
        return 'done';
      }
      const asked =
        what === 'open' && file !== undefined
          ? api.post('/v1/cases', readObject(file))
          : (ASKS.get(what)?.({ api, at, args, values }) ?? null);
      if (asked === null) return 'usage';
      const answer = await asked;
      if (json === undefined) for (const line of standingLines(Standing.parse(answer))) print(line);
      else say(answer);
      return 'done';
    } catch (error) {
      throw blockInWords(error);
    }
  },
};
