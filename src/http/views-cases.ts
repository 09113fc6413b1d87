import { z } from 'zod';
import type { CaseStatus } from '#app/app.ts';
import { MODE_NAMES } from '#domain/offer.ts';
import { type CaseFile, caseMachine, StoredScreening, SUBJECT_KINDS } from '#trade/case-file/case-file.ts';
import { STEPS } from '#trade/case-file/facts.ts';
import { view } from './views.ts';

const text = z.string();
const iso = (ms: number): string => new Date(ms).toISOString();
const Stepped = z.enum(STEPS);

export const CaseView = z.object({
  id: text,
  number: text,
  title: text,
  mode: z.enum(MODE_NAMES),
  subject: z.object({ kind: z.enum(SUBJECT_KINDS), id: text }),
  orderId: text,
  skus: z.array(text),
  connectionIds: z.array(text),
  destination: text,
  state: z.enum(caseMachine.states),
  version: z.int(),
  createdAt: text,
  updatedAt: text,
});

export const toCase = (file: CaseFile) =>
  view(CaseView, {
    id: file._id,
    ...file,
    mode: modeOf(file.mode),
    skus: [...file.skus],
    connectionIds: [...file.connectionIds],
    createdAt: iso(file.createdAtMs),
    updatedAt: iso(file.updatedAtMs),
  });

const modeOf = (name: string): (typeof MODE_NAMES)[number] => z.enum(MODE_NAMES).parse(name);

const OverrideView = z.object({
  step: Stepped,
  code: text,
  subject: text,
  what: text,
  reason: text,
  by: text,
  at: text,
});
const ReasonView = z.object({
  step: Stepped,
  code: text,
  subject: text,
  severity: z.enum(['block', 'warn']),
  what: text,
  todo: text,
  overridden: OverrideView.nullable(),
});
const NoticeView = z.object({ code: text, rule: text, message: text });

export const CaseStandingView = z.object({
  case: CaseView,
  steps: z.array(
    z.object({
      step: Stepped,
      title: z.object({ en: text, zh: text }),
      state: z.enum(['open', 'blocked', 'passed', 'overridden']),
      reasons: z.array(ReasonView),
      notices: z.array(NoticeView).describe('What is not verified, or due for review, among the rules that were used.'),
    }),
  ),
  facts: z.record(Stepped, z.record(z.string(), z.unknown()).nullable()),
  screenings: z.record(z.string(), StoredScreening),
  reminders: z.array(z.object({ key: text, step: Stepped, on: text, text, given: z.boolean() })),
  history: z.array(z.object({ at: text, by: text, what: text, detail: text })),
});

const toOverride = ({ atMs, ...given }: CaseFile['overrides'][number]) => ({ ...given, at: iso(atMs) });

export const toStanding = ({ file, steps, reminders }: CaseStatus) =>
  view(CaseStandingView, {
    case: toCase(file),
    steps: steps.map(({ reasons, notices, ...step }) => ({
      ...step,
      reasons: reasons.map(({ overridden, ...reason }) => ({
        ...reason,
        overridden: overridden === null ? null : toOverride(overridden),
      })),
      notices: [...notices],
    })),
    facts: { ...file.facts },
    screenings: { ...file.screenings },
    reminders: reminders.map((reminder) => ({ ...reminder, given: file.reminded.includes(reminder.key) })),
    history: file.history.map(({ atMs, ...entry }) => ({ at: iso(atMs), ...entry })),
  });
