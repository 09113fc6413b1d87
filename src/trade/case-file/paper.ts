import type { DocumentContext } from '../documents/draft-source.ts';
import { makeDocument } from '../documents/make-document.ts';
import type { DocumentKind } from '../documents/rules.ts';
import type { DocumentOf } from '../documents/trade-document.ts';
import type { Asked } from '../rule.ts';
import type { Facts } from './facts.ts';

type Logistics = NonNullable<Facts['logistics']>;

/** The rates of exchange that a case gives for its papers. */
export const ratesOf = ({
  sdr,
  euro,
}: Pick<Logistics, 'sdr' | 'euro'>): Pick<DocumentContext, 'sdrRate' | 'euroRate'> => ({
  ...(sdr ? { sdrRate: sdr } : {}),
  ...(euro ? { euroRate: euro } : {}),
});

/** One paper of a case's shipment, with the rates given for it. The gate asks for what is printed, and the same is printed. */
export const paperOf = <K extends DocumentKind>(kind: K, facts: Logistics, asked: Asked): DocumentOf<K> =>
  makeDocument(kind, facts.shipment, { asked, ...ratesOf(facts) });
