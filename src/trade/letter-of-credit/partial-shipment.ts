import { latest, type PlainDate } from '../plain-date.ts';
import { type AsOf, type Notice, ruleOn } from '../rule.ts';
import { carriageOf, type PresentedDocument, type TransportDocument } from './documents.ts';
import { foldedText, samePlace } from './text-compare.ts';
import { PARTIAL_SHIPMENT } from './ucp-rules.ts';

export interface Shipments {
  /** More than one shipment, according to the documents. */
  partial: boolean;
  /** The reason, in words; null if it is one shipment. */
  because: string | null;
  /** The date that counts for presentation and latest shipment: the latest of all; null if none is shown. */
  shipped: PlainDate | null;
  notices: readonly Notice[];
}

/** The distinct values that documents state, if there is more than one. */
const differing = (
  documents: readonly TransportDocument[],
  value: (document: TransportDocument) => string | undefined,
  same: (one: string, other: string) => boolean = (one, other) => foldedText(one) === foldedText(other),
): string[] | null => {
  const said: string[] = [];
  for (const document of documents) {
    const text = value(document);
    if (text !== undefined && !said.some((known) => same(known, text))) said.push(text);
  }
  return said.length > 1 ? said : null;
};

/** “M/V DEMO STAR” is the vessel “DEMO STAR”. */
const vesselName = (text: string): string => foldedText(text).replace(/^(M V|MV|S S|SS|M T|MT) (?=.)/, '');
const sameVessel = (one: string, other: string): boolean => vesselName(one) === vesselName(other);

/**
 * Whether several transport documents of one presentation are one shipment (art. 31(b)). The same vessel on the same
 * voyage to the same destination is one, whatever the dates and ports of loading. More than one vessel is not, even on
 * the same day for the same destination. Data missing from a document is not held against it.
 */
export const shipmentsOf = (presented: readonly PresentedDocument[], asOf: AsOf): Shipments => {
  const { notices } = ruleOn(PARTIAL_SHIPMENT, asOf);
  const documents = carriageOf(presented);
  const reasons = (
    [
      ['vessels or flights', differing(documents, ({ vessel }) => vessel, sameVessel)],
      ['voyages', differing(documents, ({ voyage }) => voyage)],
      ['destinations', differing(documents, ({ discharge }) => discharge, samePlace)],
      ['kinds of transport', differing(documents, ({ kind }) => kind)],
    ] as const
  ).flatMap(([what, values]) => (values === null ? [] : [`${what}: ${values.join(', ')}`]));
  const [first, ...rest] = documents.flatMap(({ shipped }) => shipped ?? []);
  return {
    partial: reasons.length > 0,
    because: reasons[0] ?? null,
    shipped: first === undefined ? null : latest(first, ...rest),
    notices,
  };
};
