import { z } from 'zod';
import { facts, table } from './table.ts';
import type { QuestionName } from './trade-questions.ts';

/** What the tables show of an answer; `--json` shows all of it. */
const text = z.string();
const Noticed = z.looseObject({ notices: z.array(z.object({ code: text, message: text })) });

const LandedCost = z.object({
  country: text,
  on: text,
  currency: text,
  regime: text,
  declaration: text.nullable(),
  lines: z.array(
    z.object({ id: text, hs: text, goods: text, customsValue: text, duty: text, levies: text, tax: text, total: text }),
  ),
  steps: z.array(z.object({ code: text, at: text, base: text, rate: text.nullable(), amount: text, rule: text })),
  totals: z.object({ goods: text, freight: text, duty: text, levies: text, tax: text, dutyAndTax: text, total: text }),
});

const duty = (answer: unknown): string[] => {
  const { country, on, currency, regime, declaration, lines, steps, totals } = LandedCost.parse(answer);
  return [
    `Landed cost in ${country} on ${on}, in ${currency} (${regime}${declaration === null ? '' : `, ${declaration}`})`,
    '',
    ...table(
      ['line', 'HS code', 'goods', 'customs value', 'duty', 'levies', 'tax', 'total'],
      lines.map((line) => [
        line.id,
        line.hs,
        line.goods,
        line.customsValue,
        line.duty,
        line.levies,
        line.tax,
        line.total,
      ]),
    ),
    '',
    ...table(
      ['levy', 'paid at', 'base', 'rate', 'amount', 'rule'],
      steps.map((step) => [step.code, step.at, step.base, step.rate ?? '', step.amount, step.rule]),
    ),
    '',
    ...facts([
      ...([
        ['goods', totals.goods],
        ['freight', totals.freight],
        ['duty', totals.duty],
      ] as const),
      ...([
        ['levies', totals.levies],
        ['tax', totals.tax],
        ['duty and tax', totals.dutyAndTax],
      ] as const),
      ['total', `${totals.total} ${currency}`],
    ]),
  ];
};

const Screening = z.object({
  verdict: text,
  threshold: z.number(),
  screenedOn: text,
  hitsLeftOut: z.number(),
  hits: z.array(
    z.object({
      effect: text,
      score: z.number(),
      listId: text,
      entryId: text,
      name: text,
      matchedAlias: text.nullable(),
      why: z.array(text),
    }),
  ),
  listsUsed: z.array(z.object({ id: text, date: text, sha256: text })),
});

const screen = (answer: unknown): string[] => {
  const { verdict, threshold, screenedOn, hits, hitsLeftOut, listsUsed } = Screening.parse(answer);
  const found = hits.map((hit) => [
    hit.effect,
    hit.score.toFixed(4),
    `${hit.listId} ${hit.entryId}`,
    hit.matchedAlias ?? hit.name,
    hit.why.join('; '),
  ]);
  return [
    `${verdict.toUpperCase()} (screened ${screenedOn}, threshold ${threshold})`,
    '',
    ...(found.length > 0
      ? table(['effect', 'score', 'entry', 'name', 'why'], found)
      : ['No name or number on the lists is like it.']),
    ...(hitsLeftOut > 0 ? [`and ${hitsLeftOut} more`] : []),
    '',
    ...table(
      ['list', 'state of', 'SHA-256'],
      listsUsed.map(({ id, date, sha256 }) => [id, date, sha256.slice(0, 16)]),
    ),
  ];
};

const Plan = z.object({
  edition: text,
  lotSize: z.number(),
  severity: text,
  aql: text,
  codeLetter: text,
  planLetter: text,
  sampleSize: z.number(),
  inspectAll: z.boolean(),
  ac: z.number(),
  re: z.number(),
});
const Classes = z.object({
  edition: text,
  lotSize: z.number(),
  severity: text,
  codeLetter: text,
  unitsToDraw: z.number(),
  classes: z.array(
    z.object({ class: text, aql: text, planLetter: text, sampleSize: z.number(), ac: z.number(), re: z.number() }),
  ),
});
const Verdict = z.object({ lot: text, verdict: text, reasons: z.array(text), plan: Classes });

const classed = ({
  edition,
  lotSize,
  severity,
  codeLetter,
  unitsToDraw,
  classes,
}: z.infer<typeof Classes>): string[] => [
  `${edition}, ${severity} inspection`,
  '',
  ...facts([
    ['lot', lotSize],
    ['code letter', codeLetter],
    ['units to draw', unitsToDraw],
  ]),
  '',
  ...table(
    ['class', 'AQL', 'plan', 'sample', 'Ac', 'Re'],
    classes.map((one) => [one.class, one.aql, one.planLetter, ...[one.sampleSize, one.ac, one.re].map(String)]),
  ),
];

const aql = (answer: unknown): string[] => {
  const verdict = Verdict.safeParse(answer);
  if (verdict.success) {
    const { lot, reasons, plan } = verdict.data;
    return [
      `Lot ${lot}: ${verdict.data.verdict.replaceAll('_', ' ')}`,
      ...reasons.map((why) => `  ${why}`),
      '',
      ...classed(plan),
    ];
  }
  const classes = Classes.safeParse(answer);
  if (classes.success) return classed(classes.data);
  const plan = Plan.parse(answer);
  return [
    `${plan.edition}, ${plan.severity} inspection`,
    '',
    ...facts([
      ...([
        ['lot', plan.lotSize],
        ['AQL', plan.aql],
        ['code letter', plan.codeLetter],
        ['plan of letter', plan.planLetter],
      ] as const),
      ...([['units to draw', `${plan.sampleSize}${plan.inspectAll ? ' (the whole lot)' : ''}`]] as const),
      ...([
        ['accept up to', plan.ac],
        ['refuse from', plan.re],
      ] as const),
    ]),
  ];
};

const Remarks = z.array(
  z.object({
    code: text,
    article: text,
    document: text.nullable(),
    expected: text.nullable(),
    found: text.nullable(),
    remedy: text,
  }),
);
const Findings = z.object({
  acceptable: z.boolean(),
  findings: z.array(
    z.object({
      severity: text,
      code: text,
      field: text,
      expected: text.nullable(),
      found: text.nullable(),
      ask: text,
    }),
  ),
});
const CreditAnswer = z.object({
  credit: z
    .object({
      number: text,
      currency: text,
      amount: text,
      expiry: z.object({ date: text, place: text }),
      latestShipment: text.nullable(),
      issued: text,
      form: text,
      confirmation: text,
    })
    .nullable(),
  faults: z.array(z.object({ tag: text.nullable(), line: z.number().nullable(), reason: text })),
  review: Findings.nullable(),
  transfer: Findings.nullable(),
  examination: z
    .object({ complies: z.boolean(), discrepancies: Remarks, warnings: Remarks, notExamined: z.array(text) })
    .nullable(),
});

/** Long clauses are cut: `--json` has them whole. */
const short = (cell: string | null): string => {
  const line = (cell ?? '').replaceAll(/\s+/g, ' ');
  return line.length > 48 ? `${line.slice(0, 47)}…` : line;
};

const findingsOf = (what: string, { acceptable, findings }: z.infer<typeof Findings>): string[] => [
  '',
  `${what}: ${acceptable ? 'nothing has to be amended' : 'do not ship before it is amended'}`,
  ...table(
    ['severity', 'code', 'field', 'expected', 'found', 'ask for'],
    findings.map((one) => [one.severity, one.code, one.field, short(one.expected), short(one.found), one.ask]),
  ),
];

const lc = (answer: unknown): string[] => {
  const { credit, faults, review, transfer, examination } = CreditAnswer.parse(answer);
  const remarks = [...(examination?.discrepancies ?? []), ...(examination?.warnings ?? [])];
  return [
    ...(credit
      ? facts([
          ...([
            ['credit', credit.number],
            ['form', credit.form],
            ['issued', credit.issued],
          ] as const),
          ...([
            ['amount', `${credit.currency} ${credit.amount}`],
            ['latest shipment', credit.latestShipment],
          ] as const),
          ...([
            ['expires', `${credit.expiry.date} at ${credit.expiry.place}`],
            ['confirmation', credit.confirmation],
          ] as const),
        ])
      : ['The credit cannot be read whole: see the faults.']),
    ...(faults.length > 0
      ? [
          '',
          ...table(
            ['field', 'line', 'fault'],
            faults.map(({ tag, line, reason }) => [tag ?? '', line === null ? '' : String(line), reason]),
          ),
        ]
      : []),
    ...(review ? findingsOf('Review', review) : []),
    ...(transfer ? findingsOf('Transfer (UCP 600 article 38)', transfer) : []),
    ...(examination
      ? [
          '',
          examination.complies
            ? 'Examination: no discrepancy found'
            : `Examination: ${examination.discrepancies.length} discrepancies`,
          ...table(
            ['code', 'by', 'document', 'expected', 'found', 'remedy'],
            remarks.map((one) => [
              one.code,
              one.article,
              one.document ?? '',
              short(one.expected),
              short(one.found),
              one.remedy,
            ]),
          ),
          ...examination.notExamined.map((what) => `not examined: ${what}`),
        ]
      : []),
  ];
};

const Refund = z.looseObject({
  company: text,
  exportDate: text,
  taxRate: text,
  refundRate: text,
  deadlines: z.looseObject({
    filingOpens: text,
    fileAndCollectBy: text,
    last36Months: text,
    deemedDomesticFrom: text.nullable(),
  }),
});
const REFUND_FIGURES = [
  ...([
    ['refund', 'refund'],
    ['costTransfer', 'becomes cost'],
    ['nonCreditable', 'not creditable'],
  ] as const),
  ...([
    ['taxPayable', 'tax payable'],
    ['refundCap', 'cap of the refund'],
    ['exemptCredit', 'set off'],
  ] as const),
  ...([
    ['carryForward', 'carried forward'],
    ['surchargeBase', 'base of surcharges'],
  ] as const),
] as const;

const refund = (answer: unknown): string[] => {
  const { deadlines, ...told } = Refund.parse(answer);
  const figures = REFUND_FIGURES.flatMap(([key, name]) => (typeof told[key] === 'string' ? [[name, told[key]]] : []));
  return [
    `Refund of a ${told.company === 'trading' ? 'trading company' : told.company}, export of ${told.exportDate}, VAT ${told.taxRate}, refund rate ${told.refundRate}`,
    '',
    ...table(['CNY', 'amount'], figures),
    '',
    ...facts([
      ...([
        ['filing opens', deadlines.filingOpens],
        ['collect by', deadlines.fileAndCollectBy],
      ] as const),
      ...([
        ['last day of all', deadlines.last36Months],
        ['taxed as domestic from', deadlines.deemedDomesticFrom],
      ] as const),
    ]),
  ];
};

const HsAnswer = z.object({
  valid: z.boolean(),
  code: text,
  edition: text,
  description: text.optional(),
  reason: text.optional(),
  suggestions: z.array(z.object({ code: text, because: text, description: text })).default([]),
});

const hs = (answer: unknown): string[] => {
  const { valid, code, edition, description, reason, suggestions } = HsAnswer.parse(answer);
  return [
    valid ? `${code} is in ${edition}: ${description}` : `${code} is not valid in ${edition}: ${reason}`,
    ...(suggestions.length > 0
      ? [
          '',
          ...table(
            ['look at', 'because', 'description'],
            suggestions.map((one) => [one.code, one.because.replaceAll('_', ' '), one.description]),
          ),
        ]
      : []),
  ];
};

const Terms = z.object({
  rule: z.record(text, z.unknown()),
  findings: z.array(z.object({ severity: text, message: text, instead: z.array(text) })),
});

const incoterms = (answer: unknown): string[] => {
  const { rule, findings } = Terms.parse(answer);
  return [
    ...facts(Object.entries(rule).map(([name, value]) => [name, value === null ? 'none' : String(value)] as const)),
    ...(findings.length > 0
      ? [
          '',
          ...table(
            ['severity', 'finding', 'instead'],
            findings.map((one) => [one.severity, one.message, one.instead.join(', ')]),
          ),
        ]
      : []),
  ];
};

const SHOWN = { duty, screen, aql, lc, refund, hs, incoterms } as const satisfies Record<
  QuestionName,
  (answer: unknown) => string[]
>;

/** An answer as a person reads it, with what has to be known before relying on it below, each line marked `!`. */
export const shown = (name: QuestionName, answer: unknown): string[] => {
  const { notices } = Noticed.parse(answer);
  return [...SHOWN[name](answer), ...(notices.length > 0 ? [''] : []), ...notices.map(({ message }) => `! ${message}`)];
};

const Listed = z.object({
  id: text,
  kind: text,
  edition: text,
  date: text,
  state: text,
  source: text,
  sha256: text,
  entries: z.number(),
  failedRows: z.number(),
});

export const shownLists = (items: readonly unknown[]): string[] =>
  items.length === 0
    ? ['No list is on file: trade import brings one in.']
    : table(
        ['kind', 'state of', 'state', 'entries', 'bad rows', 'SHA-256', 'source'],
        items
          .map((item) => Listed.parse(item))
          .map((one) => [
            `${one.kind} ${one.edition}`.trim(),
            one.date,
            one.state,
            String(one.entries),
            String(one.failedRows),
            one.sha256.slice(0, 16),
            one.source,
          ]),
      );
