import type { z } from 'zod';
import type { ModeName } from '#domain/offer.ts';
import type { FACTS, Step } from '#trade/case-file/facts.ts';
import { addDays, type PlainDate } from '#trade/plain-date.ts';

/** What a made-up export is bound to in the world that plays it. */
export interface StoryBinding {
  /** The day it is told on: every other day of it is counted from here. */
  on: PlainDate;
  /** The SKU that it is about. */
  sku: string;
  /** The order whose legs, refunds and papers it holds back; '' for none. */
  orderId: string;
}

export type StoryFacts = { readonly [S in Step]: z.input<(typeof FACTS)[S]> };

/** An export as people would enter it, complete enough that all eight gates open once it is screened and the credit is accepted. */
export interface ExportCaseStory {
  newCase: {
    /** Stable: told again it is the same case. */
    number: string;
    title: string;
    mode: ModeName;
    subject: { kind: 'order' | 'consignment' | 'contract'; id: string };
    orderId: string;
    skus: readonly string[];
    connectionIds: readonly string[];
    destination: string;
  };
  facts: StoryFacts;
}

export type Tell = (binding: StoryBinding) => ExportCaseStory;

/** `261115`, as an MT700 writes a day. */
export const creditDay = (day: PlainDate): string => day.slice(2).replaceAll('-', '');

/** The days of a story by their distance from its own. */
export const daysFrom =
  (on: PlainDate) =>
  (days: number): PlainDate =>
    addDays(on, days);

export const MADE_UP = 'Made up for the demonstration';

/** One figure of an opportunity sheet. */
export const figure = (name: string, value: string, date: PlainDate) => ({ name, value, source: MADE_UP, date });

/** An address as the papers print it; what is not given is empty. */
export const onPaper = (
  name: string,
  nameZh: string,
  [line1, city, postalCode, country]: readonly [string, string, string, string],
  more: Partial<Record<'eori' | 'vat' | 'taxNumber' | 'phone' | 'email', string>> = {},
) => ({ name, nameZh, line1, city, postalCode, country, ...more });
