import { toMinor } from '#domain/money.ts';
import type { DocumentKind } from './rules.ts';
import type { DeclaredItem, DocumentOf, PostalItem, TradeDocument } from './trade-document.ts';

/** The sums of a paper's own rows; null for what the paper does not contain. Money in minor units. */
export interface Sums {
  /** Goods as priced, including freight that the prices include. */
  goods: number | null;
  /** Goods without included freight and insurance. */
  goodsOnly: number | null;
  total: number | null;
  pieces: number | null;
  packages: number | null;
  netGrams: number | null;
  grossGrams: number | null;
}

const NOTHING: Sums = {
  goods: null,
  goodsOnly: null,
  total: null,
  pieces: null,
  packages: null,
  netGrams: null,
  grossGrams: null,
};

const sumOf = <T>(rows: readonly T[], read: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + read(row), 0);

const ofItems = (
  items: readonly DeclaredItem[],
  currency: string,
): Pick<Sums, 'goodsOnly' | 'pieces' | 'grossGrams'> => ({
  goodsOnly: sumOf(items, ({ value }) => toMinor(value, currency)),
  pieces: sumOf(items, ({ quantity }) => quantity),
  grossGrams: sumOf(items, ({ grossGrams }) => grossGrams),
});

const ofMail = (items: readonly PostalItem[], currency: string): Sums => {
  const contents = items.flatMap((item) => item.contents);
  return {
    ...NOTHING,
    packages: items.length,
    goodsOnly: sumOf(contents, ({ value }) => toMinor(value, currency)),
    pieces: sumOf(contents, ({ quantity }) => quantity),
    netGrams: sumOf(contents, ({ netGrams }) => netGrams),
    grossGrams: sumOf(items, ({ grossGrams }) => grossGrams),
  };
};

const SUMS: { readonly [K in DocumentKind]: (document: DocumentOf<K>) => Sums } = {
  commercial_invoice: ({ lines, charges, currency, packages, netGrams, grossGrams }) => {
    const goods = sumOf(lines, ({ amount }) => toMinor(amount, currency));
    const chargesThat = (included: boolean) =>
      sumOf(
        charges.filter((charge) => charge.included === included),
        ({ amount }) => toMinor(amount, currency),
      );
    return {
      goods,
      goodsOnly: goods - chargesThat(true),
      total: goods + chargesThat(false),
      pieces: sumOf(lines, ({ quantity }) => quantity),
      packages,
      netGrams,
      grossGrams,
    };
  },
  packing_list: ({ packages }) => {
    const contents = packages.flatMap((row) => row.contents);
    return {
      ...NOTHING,
      packages: packages.length,
      pieces: sumOf(contents, ({ quantity }) => quantity),
      netGrams: sumOf(contents, ({ netGrams }) => netGrams),
      grossGrams: sumOf(packages, ({ grossGrams }) => grossGrams),
    };
  },
  cn22: ({ items, currency }) => ofMail(items, currency),
  cn23: ({ items, currency }) => ofMail(items, currency),
  certificate_of_origin: ({ lines, packages }) => ({
    ...NOTHING,
    packages,
    pieces: sumOf(lines, ({ quantity }) => quantity),
    grossGrams: sumOf(lines, ({ grossGrams }) => grossGrams),
  }),
  eu_h7: ({ items, currency, packages }) => ({ ...NOTHING, packages, ...ofItems(items, currency) }),
  eu_h1: ({ items, currency, packages, totalInvoiced }) => ({
    ...NOTHING,
    packages,
    total: toMinor(totalInvoiced, currency),
    ...ofItems(items, currency),
    netGrams: sumOf(items, ({ netGrams }) => netGrams),
  }),
  cn_declaration: ({ items, currency, packages }) => ({
    ...NOTHING,
    packages,
    ...ofItems(items, currency),
    netGrams: sumOf(items, ({ netGrams }) => netGrams),
    goods: sumOf(items, ({ amount }) => toMinor(amount, currency)),
  }),
  us_entry: ({ items, currency, packages }) => ({ ...NOTHING, packages, ...ofItems(items, currency) }),
  bill_of_exchange: ({ amount, currency }) => ({ ...NOTHING, total: toMinor(amount, currency) }),
  beneficiary_certificate: ({ amount, currency }) => ({ ...NOTHING, total: toMinor(amount, currency) }),
};

/** The sums of `document`, calculated from its rows and not copied from its totals. */
export const sumsOf = (document: TradeDocument): Sums => {
  switch (document.kind) {
    case 'commercial_invoice':
      return SUMS.commercial_invoice(document);
    case 'packing_list':
      return SUMS.packing_list(document);
    case 'cn22':
      return SUMS.cn22(document);
    case 'cn23':
      return SUMS.cn23(document);
    case 'certificate_of_origin':
      return SUMS.certificate_of_origin(document);
    case 'eu_h7':
      return SUMS.eu_h7(document);
    case 'eu_h1':
      return SUMS.eu_h1(document);
    case 'cn_declaration':
      return SUMS.cn_declaration(document);
    case 'us_entry':
      return SUMS.us_entry(document);
    case 'bill_of_exchange':
      return SUMS.bill_of_exchange(document);
    case 'beneficiary_certificate':
      return SUMS.beneficiary_certificate(document);
  }
};

export interface Disagreement {
  what: keyof Sums;
  said: readonly { document: DocumentKind; value: number }[];
}

const FACETS = ['goods', 'goodsOnly', 'total', 'pieces', 'packages', 'netGrams', 'grossGrams'] as const;

/** Where the papers of one shipment differ; empty if they agree to the minor unit, the gram and the piece. */
export const disagreements = (documents: readonly TradeDocument[]): Disagreement[] => {
  const all = documents.map((document) => ({ document: document.kind, sums: sumsOf(document) }));
  return FACETS.flatMap((what): Disagreement[] => {
    const said = all.flatMap(({ document, sums }) => {
      const value = sums[what];
      return value === null ? [] : [{ document, value }];
    });
    return new Set(said.map(({ value }) => value)).size > 1 ? [{ what, said }] : [];
  });
};
