import type { DocumentContext } from '../documents/draft-source.ts';
import { makeDocument } from '../documents/make-document.ts';
import type { DocumentKind } from '../documents/rules.ts';
import type { DocumentOf } from '../documents/trade-document.ts';
import type { AsOf } from '../rule.ts';
import type { Facts } from './facts.ts';

type Logistics = NonNullable<Facts['logistics']>;

/** The exchange rates that a case provides for its papers. */
export const ratesOf = ({
  sdr,
  euro,
}: Pick<Logistics, 'sdr' | 'euro'>): Pick<DocumentContext, 'sdrRate' | 'euroRate'> => ({
  ...(sdr ? { sdrRate: sdr } : {}),
  ...(euro ? { euroRate: euro } : {}),
});

/** Makes one paper of a case's shipment with its exchange rates. The gate checks exactly what is printed. */
export const paperOf = <K extends DocumentKind>(kind: K, facts: Logistics, asOf: AsOf): DocumentOf<K> =>
  makeDocument(kind, facts.shipment, { asOf, ...ratesOf(facts) });
