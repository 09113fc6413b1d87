import { type DestinationStream, pino } from 'pino';
import { currentContext } from './context.ts';
import { redact, redactText } from './redact.ts';

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
type Level = (typeof LEVELS)[number];

/**
 * Same call forms as pino: `log.info({ orderId }, 'order.routed')`, `log.error(error, 'order.lost')`, or an event
 * alone.
 */
export type Write = (facts: object | string, event?: string) => void;

export interface Log extends Record<Level, Write> {
  /** A log that adds these facts to every line. */
  child(facts: object): Log;
}

/**
 * Writes one JSON line per event to stdout, with the correlation id of the running request or job. Values under keys
 * that name a secret or a person are never written, at any depth, nor the extra properties that libraries attach to
 * errors.
 */
export const makeLog = (level: string, destination?: DestinationStream): Log => {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const sink = destination ? pino(options, destination) : pino(options);

  const logWith = (standing: object): Log => {
    const write =
      (name: Level): Write =>
      (facts, event) => {
        if (!sink.isLevelEnabled(name)) return;
        const own = typeof facts === 'string' ? {} : facts instanceof Error ? { err: facts } : facts;
        const text = event ?? (typeof facts === 'string' ? facts : undefined);
        sink[name]({ ...currentContext(), ...redactFacts({ ...standing, ...own }) }, text && redactText(text));
      };
    return {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      fatal: write('fatal'),
      child: (facts) => logWith({ ...standing, ...facts }),
    };
  };
  return logWith({});
};

const redactFacts = (facts: object): object => {
  const result = redact(facts);
  return typeof result === 'object' && result !== null ? result : {};
};
