import { latest, type PlainDate } from '../plain-date.ts';
import { type Asked, type Notice, ruleOn } from '../rule.ts';
import type { TransportDocument } from './documents.ts';
import { foldedText } from './text-compare.ts';
import { PARTIAL_SHIPMENT } from './ucp-rules.ts';

export interface Shipments {
  /** More than one shipment, as far as the documents tell. */
  partial: boolean;
  /** Why, in words; null when it is one shipment. */
  because: string | null;
  /** The date that counts for presentation and latest shipment: the latest of all; null when none is shown. */
  shipped: PlainDate | null;
  notices: readonly Notice[];
}

const differing = (
  documents: readonly TransportDocument[],
  value: (document: TransportDocument) => string | undefined,
) => {
  const said = new Map(
    documents.flatMap((document) => {
      const text = value(document);
      return text === undefined ? [] : [[foldedText(text), text] as const];
    }),
  );
  return said.size > 1 ? [...said.values()] : null;
};

/**
 * Whether several transport documents of one presentation are one shipment (art. 31(b)): the same vessel on the same
 * voyage to the same destination is, whatever the dates and ports of loading; more than one vessel is not, even on the
 * same day for the same destination. What a document does not say is not held against it.
 */
export const shipmentsOf = (documents: readonly TransportDocument[], asked: Asked): Shipments => {
  const { notices } = ruleOn(PARTIAL_SHIPMENT, asked);
  const reasons = (
    [
      ['vessels or flights', differing(documents, ({ vessel }) => vessel)],
      ['voyages', differing(documents, ({ voyage }) => voyage)],
      ['destinations', differing(documents, ({ discharge }) => discharge)],
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
