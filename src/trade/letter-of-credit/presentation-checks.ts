import { isFailure } from '#domain/failure.ts';
import { Exact, moneyText } from '../decimal.ts';
import { type InvoiceDocument, isTransport, kindName, type PresentedDocument, TRANSPORT_KINDS } from './documents.ts';
import { tenorOf } from './maturity.ts';
import { shipmentsOf } from './partial-shipment.ts';
import { type Case, discrepancy, type Findings, notExamined, nothing, together, warning } from './presentation-case.ts';
import { presentationDeadline } from './presentation-days.ts';
import { sameUnit, unitOf } from './quantity-units.ts';
import { itemsOf, type RequiredDocument } from './required-documents.ts';
import { shipmentPeriod } from './shipment-period.ts';
import { beginsWithName, foldedText, hasWords, sameName, samePlace } from './text-compare.ts';
import { amountRange, leastCover, leastDrawing, quantityRange } from './tolerance.ts';
import { CHECKS_OF_TRANSPORT } from './transport-checks.ts';

type Check = (input: Case) => Findings;

const shipments = ({ presentation, asked }: Case) => shipmentsOf(presentation.documents.filter(isTransport), asked);
const invoicesOf = ({ presentation }: Case): InvoiceDocument[] =>
  presentation.documents.flatMap((document) => (document.kind === 'invoice' ? [document] : []));

const noLaterThanLastDay: Check = (input) => {
  const { credit, presentation, required, asked } = input;
  const { shipped, notices } = shipments(input);
  const { presented, calendar } = presentation;
  const originals = required.some(
    ({ kind, originalsCopiesOnly }) => TRANSPORT_KINDS.some((known) => known === kind) && !originalsCopiesOnly,
  );
  const after = credit.presentation?.after ?? null;
  const counted =
    after === null || /\bSHIPMENT\b|\bON BOARD\b|\bB\/?L\b|\bBILL OF LADING\b|\bTRANSPORT\b|\bAWB\b/i.test(after);
  const deadline = presentationDeadline(
    {
      shipped: shipped ?? credit.expiry.date,
      expiry: credit.expiry.date,
      days: counted ? (credit.presentation?.days ?? null) : null,
      // A period that counts from something else takes the place of the 21 days.
      originals: originals && counted,
    },
    calendar,
    asked,
  );
  const { periodEnds, expires } = deadline;
  return together(
    { ...nothing(), notices: [...notices, ...deadline.notices] },
    presented > expires ? discrepancy('CREDIT_EXPIRED', { expected: `by ${expires}`, found: presented }) : nothing(),
    shipped !== null && periodEnds !== null && presented > periodEnds
      ? discrepancy('LATE_PRESENTATION', { expected: `by ${periodEnds}`, found: presented })
      : nothing(),
    shipped !== null && deadline.statement && presented > deadline.limit && presented <= deadline.lastDay
      ? warning('EXTENDED_BY_CLOSED_DAY', { expected: deadline.limit, found: presented })
      : nothing(),
    shipped === null ? notExamined('the presentation period, for no document shows a date of shipment') : nothing(),
    counted ? nothing() : notExamined(`the presentation period of field 48, counted “${after}”`),
  );
};

const shippedInTime: Check = (input) => {
  const { credit, asked } = input;
  const { shipped } = shipments(input);
  if (shipped === null) return nothing();
  if (credit.latestShipment !== null && shipped > credit.latestShipment)
    return discrepancy('LATE_SHIPMENT', { expected: `by ${credit.latestShipment}`, found: shipped });
  if (credit.shipmentPeriod === null) return nothing();
  try {
    const period = shipmentPeriod(credit.shipmentPeriod.join(' '), asked, '44D');
    const outside =
      (period.earliest !== null && shipped < period.earliest) || (period.latest !== null && shipped > period.latest);
    const expected = `${period.earliest ?? 'any day'} to ${period.latest ?? 'any day'}`;
    return together(
      { ...nothing(), notices: [...period.notices] },
      outside ? discrepancy('SHIPMENT_OUTSIDE_PERIOD', { expected, found: shipped }) : nothing(),
    );
  } catch (error) {
    if (isFailure(error, 'invalid')) return notExamined(`the shipment period of field 44D: ${error.message}`);
    throw error;
  }
};

const oneShipment: Check = (input) => {
  const { partial, because } = shipments(input);
  return partial && input.credit.partialShipments === 'NOT ALLOWED'
    ? discrepancy('PARTIAL_SHIPMENT', { expected: 'one vessel, voyage and destination', found: because })
    : nothing();
};

/**
 * A document that may stand for a required one: a multimodal document is no bill of lading, nor the other way round.
 */
const answers = (required: RequiredDocument, document: PresentedDocument): boolean =>
  required.kind === 'other'
    ? document.kind === 'other' && document.title !== undefined && hasWords(required.text, document.title)
    : document.kind === required.kind;

const requiredArePresent: Check = ({ required, presentation }) =>
  together(
    ...required.map((item) => {
      const found = presentation.documents.filter((document) => answers(item, document));
      const what = item.kind === 'other' ? item.text.slice(0, 80) : kindName(item.kind);
      if (found.length > 0) return together(...found.map((document) => asRequired(item, document)));
      const transport = TRANSPORT_KINDS.some((kind) => kind === item.kind);
      const instead = transport ? presentation.documents.find(isTransport) : undefined;
      return instead
        ? discrepancy('TRANSPORT_KIND', {
            document: kindName(instead.kind),
            expected: what,
            found: kindName(instead.kind),
          })
        : discrepancy('MISSING_DOCUMENT', { document: what, expected: item.text.slice(0, 200) });
    }),
  );

const asRequired = (item: RequiredDocument, document: PresentedDocument): Findings => {
  const name = kindName(document.kind);
  const { originals, copies, wording } = document;
  const counted = originals === undefined && copies === undefined ? null : (originals ?? 0) + (copies ?? 0);
  return together(
    item.signed && document.signed === false
      ? discrepancy('NOT_SIGNED', { document: name, expected: 'signed' })
      : nothing(),
    item.signed && document.signed === undefined ? notExamined(`whether the ${name} is signed`) : nothing(),
    item.count !== null && counted !== null && counted < item.count
      ? discrepancy('COPIES_SHORT', { document: name, expected: String(item.count), found: String(counted) })
      : nothing(),
    item.count !== null && counted === null
      ? notExamined(`the number of originals and copies of the ${name}`)
      : nothing(),
    counted !== null && originals === 0 && !item.originalsCopiesOnly
      ? discrepancy('COPIES_SHORT', {
          document: name,
          expected: 'at least one original (art. 17(a))',
          found: 'copies only',
        })
      : nothing(),
    item.wording === null
      ? nothing()
      : wording === undefined
        ? notExamined(`the wording of the ${name}: “${item.wording.slice(0, 120)}”`)
        : foldedText(wording).includes(foldedText(item.wording))
          ? nothing()
          : discrepancy('WORDING_MISSING', {
              document: name,
              expected: item.wording.slice(0, 200),
              found: wording.slice(0, 200),
            }),
  );
};

const datesBeforePresentation: Check = ({ presentation }) =>
  together(
    ...presentation.documents.flatMap(({ kind, date }) =>
      date !== undefined && date > presentation.presented
        ? [
            discrepancy('DATED_AFTER_PRESENTATION', {
              document: kindName(kind),
              expected: `by ${presentation.presented}`,
              found: date,
            }),
          ]
        : [],
    ),
  );

const QUOTES_CREDIT = [
  /\b(QUOTE|QUOTING|BEAR|BEARING|INDICATE|INDICATING|SHOW|SHOWING|STATE|STATING)\b.{0,60}\b(CREDIT|L\/?C|DC)\b/,
  /\b(MENTION|MENTIONING|CARRY|CARRYING)\b.{0,60}\b(CREDIT|L\/?C|DC)\b/,
  /\b(CREDIT|L\/?C|DC) (NUMBER|NO\.?)\b.{0,80}\b(QUOTED|SHOWN|INDICATED|MENTIONED|STATED|ON ALL DOCUMENTS)\b/,
];
const ALL_DOCUMENTS = /\bALL (SHIPPING |PRESENTED |REQUIRED )?DOCUMENTS\b/;
const QUOTES_ORDER =
  /\b(?:P\.?O\.?|ORDER|CONTRACT|PROFORMA(?: INVOICE)?)\W{0,3}(?:NO|NUMBER)?\W{0,3}([A-Z0-9][A-Z0-9\-/]{2,34})/;

const conditionsMet: Check = ({ credit, presentation }) =>
  together(
    ...itemsOf(credit.conditions ?? []).map((condition) => {
      const order = QUOTES_ORDER.exec(condition)?.[1];
      const forAll = ALL_DOCUMENTS.test(condition);
      if (QUOTES_CREDIT.some((pattern) => pattern.test(condition)) && forAll && !order)
        return together(...presentation.documents.map((one) => quotesCredit(credit.number, one)));
      if (order && forAll) return together(...presentation.documents.map((one) => quotesOrder(order, one)));
      return notExamined(`additional condition: ${condition.slice(0, 200)}`);
    }),
  );

const quotesCredit = (number: string, { kind, quotesCredit: quotes, creditNumber }: PresentedDocument): Findings => {
  const document = kindName(kind);
  if (quotes === false)
    return discrepancy('CONDITION_47A', { document, expected: `the credit number ${number}`, found: 'not quoted' });
  return quotes === undefined && creditNumber === undefined
    ? notExamined(`whether the ${document} quotes the credit number`)
    : nothing();
};

const quotesOrder = (order: string, { kind, references }: PresentedDocument): Findings => {
  const document = kindName(kind);
  if (references === undefined) return notExamined(`whether the ${document} quotes ${order}`);
  return references.some((reference) => foldedText(reference).includes(foldedText(order)))
    ? nothing()
    : discrepancy('REFERENCE_MISSING', { document, expected: order, found: references.join(', ') || 'none' });
};

const creditNumberAgrees: Check = ({ credit, presentation }) =>
  together(
    ...presentation.documents.flatMap(({ kind, creditNumber }) =>
      creditNumber !== undefined && foldedText(creditNumber) !== foldedText(credit.number)
        ? [
            discrepancy('CREDIT_NUMBER_MISMATCH', {
              document: kindName(kind),
              expected: credit.number,
              found: creditNumber,
            }),
          ]
        : [],
    ),
  );

const BENEFICIARY = /^(THE )?BENEFICIARY$/;
const APPLICANT = /^(THE )?APPLICANT$/;
const namesBeneficiary = ({ credit }: Case, name: string): boolean =>
  BENEFICIARY.test(foldedText(name)) || beginsWithName(credit.beneficiary.lines, name);
const namesApplicant = ({ credit }: Case, name: string): boolean =>
  APPLICANT.test(foldedText(name)) || beginsWithName(credit.applicant, name);

const invoiceIsRight: Check = (input) => {
  const { credit, goods } = input;
  return together(
    ...invoicesOf(input).map((invoice) => {
      const { issuer, addressee, currency, incoterm } = invoice;
      const said = { document: 'invoice' };
      return together(
        issuer === undefined ? notExamined('the issuer of the invoice') : nothing(),
        issuer !== undefined && !namesBeneficiary(input, issuer)
          ? discrepancy('INVOICE_ISSUER', { ...said, expected: credit.beneficiary.lines[0] ?? null, found: issuer })
          : nothing(),
        addressee === undefined ? notExamined('the addressee of the invoice') : nothing(),
        addressee !== undefined && !namesApplicant(input, addressee)
          ? discrepancy('INVOICE_ADDRESSEE', { ...said, expected: credit.applicant[0] ?? null, found: addressee })
          : nothing(),
        currency !== undefined && currency !== credit.currency
          ? discrepancy('INVOICE_CURRENCY', { ...said, expected: credit.currency, found: currency })
          : nothing(),
        incoterm &&
          goods.incoterm &&
          (incoterm.code !== goods.incoterm.code || !samePlace(incoterm.place, goods.incoterm.place))
          ? discrepancy('INCOTERM_MISMATCH', {
              ...{ ...said, expected: `${goods.incoterm.code} ${goods.incoterm.place}` },
              found: `${incoterm.code} ${incoterm.place}`,
            })
          : nothing(),
        goodsCorrespond(input, invoice),
      );
    }),
  );
};

/** Words of a description that say how much and on what terms, not what the goods are. */
const TERMS = [
  ...['PER', 'AND', 'THE', 'FOR', 'WITH', 'INCOTERMS', 'CONTRACT', 'ORDER', 'DATED', 'TOTAL', 'UNIT', 'PRICE', 'EACH'],
  ...['ONLY', 'ABOUT', 'APPROXIMATELY', 'NUMBER', 'PROFORMA', 'INVOICE', 'BULK', 'QUANTITY', 'AMOUNT'],
];

/** The words of 45A that name the goods: without figures, units, prices, Incoterms rule and references. */
const namingWords = ({ credit, goods }: Case): string[] => {
  const others = foldedText([goods.unitPrice?.currency, goods.incoterm?.code, goods.incoterm?.place].join(' ')).split(
    ' ',
  );
  const words = foldedText(credit.goods?.join(' ') ?? '').split(' ');
  return [...new Set(words)].filter(
    (word) =>
      /^\p{L}{2,}$/u.test(word) &&
      !TERMS.includes(word) &&
      !others.includes(word) &&
      (word.length > 2 || !isLatin(word)) &&
      unitOf(word) === null,
  );
};
const isLatin = (word: string): boolean => /^[A-Z]+$/.test(word);

const goodsCorrespond = (input: Case, { goods }: InvoiceDocument): Findings => {
  const wanted = input.credit.goods;
  if (wanted === null) return nothing();
  if (goods === undefined) return notExamined('the description of goods on the invoice against 45A');
  const given = ` ${foldedText(goods)} `;
  // The invoice may add to the description of the credit and may not leave out of it (ISBP C3); a part needs a judge.
  if (given.includes(` ${foldedText(wanted.join(' '))} `)) return nothing();
  const naming = namingWords(input);
  const missing = naming.filter((word) => !given.includes(` ${word} `));
  const said = { document: 'invoice', expected: wanted.join(' ').slice(0, 200), found: goods.slice(0, 200) };
  if (naming.length > 0 && missing.length > naming.length / 2) return discrepancy('GOODS_MISMATCH', said);
  const left = missing.length > 0 ? `; not found: ${missing.slice(0, 8).join(', ')}` : '';
  return notExamined(`the description of goods on the invoice: compare it with 45A${left}`);
};

const amountIsWithin: Check = ({ credit, presentation, drawing, invoiced, asked }) => {
  if (drawing === null) return notExamined('the amount drawn');
  const { currency, amount, tolerance, additionalAmounts } = credit;
  const range = amountRange({ amount, currency, about: false, tolerance }, asked);
  const drawn = drawing.plus(presentation.drawnBefore);
  const found = moneyText(drawn, currency);
  const over = drawn.gt(range.max);
  return together(
    { ...nothing(), notices: [...range.notices] },
    over && additionalAmounts === null
      ? discrepancy('OVERDRAWN', { expected: `at most ${range.max}`, found })
      : nothing(),
    over && additionalAmounts !== null
      ? notExamined(`the drawing of ${found} above ${range.max}: 39C covers “${additionalAmounts.join(' ')}”`)
      : nothing(),
    !over && invoiced?.plus(presentation.drawnBefore).gt(range.max)
      ? warning('INVOICE_ABOVE_CREDIT', {
          document: 'invoice',
          expected: `at most ${range.max}`,
          found: moneyText(invoiced, currency),
        })
      : nothing(),
  );
};

/** The one quantity of 45A in the unit of the invoices and what they ship of it; null when that cannot be told. */
const quantities = (input: Case) => {
  const invoices = invoicesOf(input);
  const shipped = invoices.flatMap(({ quantity }) => quantity ?? []);
  const [first] = shipped;
  if (!first || shipped.length < invoices.length || shipped.some(({ unit }) => !sameUnit(unit, first.unit)))
    return null;
  const stated = input.goods.quantities.filter(({ unit }) => sameUnit(unit, first.unit));
  const [one] = stated;
  if (!one || stated.length > 1) return null;
  return { stated: one, total: shipped.reduce((sum, { value }) => sum.plus(value), new Exact(0)) };
};

const quantityJudged = (input: Case) => {
  const both = quantities(input);
  if (!both) return null;
  const range = quantityRange(both.stated, input.asked);
  return { ...both, range, short: both.total.lt(range.min), over: both.total.gt(range.max) };
};

const quantityIsWithin: Check = (input) => {
  const { credit, goods } = input;
  try {
    const judged = quantityJudged(input);
    if (!judged)
      return goods.quantities.length > 0 || credit.goods !== null ? notExamined('the quantity against 45A') : nothing();
    const { range, short, over, total, stated } = judged;
    const expected =
      range.min === range.max ? `${range.min} ${stated.unit}` : `${range.min} to ${range.max} ${stated.unit}`;
    // A smaller quantity is a partial shipment where those are allowed (art. 31(a)).
    const wrong = over || (short && credit.partialShipments === 'NOT ALLOWED');
    return together(
      { ...nothing(), notices: [...range.notices] },
      wrong
        ? discrepancy('QUANTITY_MISMATCH', {
            document: 'invoice',
            expected,
            found: `${total.toFixed()} ${stated.unit}`,
          })
        : nothing(),
      short && !wrong && credit.partialShipments === 'CONDITIONAL'
        ? notExamined(`the quantity ${total.toFixed()}: partial shipments are conditional, see 47A`)
        : nothing(),
    );
  } catch (error) {
    if (isFailure(error, 'no_row')) return notExamined(`the quantity: ${error.message}`);
    throw error;
  }
};

const priceIs = (input: Case): 'as stated' | 'reduced' | 'other' | 'unknown' => {
  const stated = input.goods.unitPrice;
  const prices = invoicesOf(input).flatMap(({ unitPrice }) => unitPrice ?? []);
  if (!stated || prices.length === 0) return 'unknown';
  const spread = new Exact(stated.price).times(stated.about ? '0.10' : '0');
  const off = prices
    .map((price) => new Exact(price).minus(stated.price))
    .filter((difference) => difference.abs().gt(spread));
  if (off.length === 0) return 'as stated';
  return off.some((difference) => difference.isNegative()) ? 'reduced' : 'other';
};

const unitPriceAgrees: Check = (input) => {
  const { goods } = input;
  const is = priceIs(input);
  if (is === 'unknown') return goods.unitPrice ? notExamined('the unit price against 45A') : nothing();
  if (is === 'as stated') return nothing();
  const found = invoicesOf(input)
    .flatMap(({ unitPrice }) => unitPrice ?? [])
    .join(', ');
  return discrepancy('UNIT_PRICE', { document: 'invoice', expected: goods.unitPrice?.price ?? null, found });
};

const enoughIsDrawn: Check = (input) => {
  const { credit, drawing, presentation, asked } = input;
  if (drawing === null || credit.partialShipments !== 'NOT ALLOWED') return nothing();
  let full: boolean;
  try {
    const judged = quantityJudged(input);
    if (judged?.short || judged?.over) return nothing();
    full = judged !== null;
  } catch (error) {
    if (isFailure(error, 'no_row')) full = false;
    else throw error;
  }
  const { currency, amount, tolerance } = credit;
  const price = priceIs(input);
  // Whether art. 30(c) applies cannot be told without the quantity: then its 5 % are given and a person looks.
  const least = leastDrawing(
    {
      ...{ currency, amount, tolerance, about: false, partial: 'NOT ALLOWED', fullQuantity: true },
      unitPriceReduced: price === 'reduced',
    },
    asked,
  );
  const drawn = drawing.plus(presentation.drawnBefore);
  return together(
    { ...nothing(), notices: [...least.notices] },
    drawn.lt(least.min)
      ? discrepancy('UNDERDRAWN', { expected: `at least ${least.min}`, found: moneyText(drawn, currency) })
      : nothing(),
    drawn.lt(amount) && !full
      ? notExamined('whether the quantity is shipped in full, as a smaller drawing asks (art. 30(c))')
      : nothing(),
  );
};

const CIF: readonly string[] = ['CIF', 'CIP'];

const insuranceCovers: Check = (input) => {
  const { credit, goods, required, presentation, invoiced, drawing, asked } = input;
  const documents = presentation.documents.flatMap((document) => (document.kind === 'insurance' ? [document] : []));
  const item = required.find(({ kind }) => kind === 'insurance');
  if (documents.length === 0) return nothing();
  const { shipped } = shipments(input);
  const document = 'insurance';
  const insured = documents.reduce((sum, { amount }) => sum.plus(amount ?? 0), new Exact(0));
  const known = documents.every(({ amount }) => amount !== undefined);
  const foreign = documents.find(({ currency }) => currency !== undefined && currency !== credit.currency);
  const perCent = item?.insurancePerCent ?? null;
  const coverOf = (value: Exact | null) =>
    value === null
      ? null
      : leastCover(
          {
            currency: credit.currency,
            cifValue: moneyText(value, credit.currency),
            honoured: null,
            grossInvoice: null,
            perCent,
          },
          asked,
        );
  const both = quantities(input);
  // The CIF value where quantity and CIF price tell it; else the greater of the drawing and the invoices.
  const priced =
    goods.incoterm && CIF.includes(goods.incoterm.code) && goods.unitPrice && both
      ? both.total.times(goods.unitPrice.price)
      : null;
  const gross = invoiced && drawing ? Exact.max(invoiced, drawing) : (invoiced ?? drawing);
  const [least, ofInvoice] = [coverOf(priced ?? gross), coverOf(gross)];
  const found = moneyText(insured, credit.currency);
  const short = known && !foreign && least !== null && insured.lt(least.min);
  return together(
    { ...nothing(), notices: [...(least?.notices ?? [])] },
    known ? nothing() : notExamined('the insured amount'),
    foreign
      ? discrepancy('INSURANCE_CURRENCY', { document, expected: credit.currency, found: foreign.currency ?? null })
      : nothing(),
    short ? discrepancy('INSURANCE_UNDERCOVER', { document, expected: `at least ${least.min}`, found }) : nothing(),
    !short && known && !foreign && ofInvoice !== null && insured.lt(ofInvoice.min)
      ? warning('COVER_BELOW_INVOICE', { document, expected: `at least ${ofInvoice.min}`, found })
      : nothing(),
    ...documents.map(({ form, date, effective, set, clauses }) => {
      const from = effective ?? date;
      return together(
        form === 'cover_note' ? discrepancy('INSURANCE_COVER_NOTE', { document, found: 'cover note' }) : nothing(),
        shipped !== null && from !== undefined && from > shipped
          ? discrepancy('INSURANCE_DATED_AFTER_SHIPMENT', { document, expected: `by ${shipped}`, found: from })
          : nothing(),
        set && set.presented < set.issued
          ? discrepancy('INSURANCE_ORIGINALS', { document, expected: String(set.issued), found: String(set.presented) })
          : nothing(),
        coverClauses(item?.clauses ?? null, clauses),
      );
    }),
  );
};

const coverClauses = (asked: string | null, said: string | undefined): Findings => {
  if (asked === null) return nothing();
  if (said === undefined) return notExamined('the clauses of the insurance');
  const covered = /\bI\.?C\.?C\.? ?\(?([ABC])\)?|\bCLAUSES? ?\(?([ABC])\)?/i
    .exec(said)
    ?.slice(1)
    .find((found) => found !== undefined)
    ?.toUpperCase();
  // A is all risks and takes in B and C; B takes in C.
  if (covered === undefined)
    return /ALL RISKS/i.test(said) ? nothing() : notExamined(`the clauses of the insurance: “${said.slice(0, 80)}”`);
  return covered <= asked
    ? nothing()
    : discrepancy('INSURANCE_RISKS', { document: 'insurance', expected: `clauses ${asked}`, found: said.slice(0, 80) });
};

const draftsAreRight: Check = ({ credit, presentation, drawing, asked }) =>
  together(
    credit.draftsAt !== null && !presentation.documents.some(({ kind }) => kind === 'draft')
      ? notExamined(`the draft at ${credit.draftsAt.join(' ')} that field 42C asks for`)
      : nothing(),
    ...presentation.documents.flatMap((document) => {
      if (document.kind !== 'draft') return [];
      const { currency, amount, drawee, tenor } = document;
      const said = { document: 'draft' };
      const names = credit.drawee?.lines ?? null;
      return [
        currency !== undefined && currency !== credit.currency
          ? discrepancy('DRAFT_CURRENCY', { ...said, expected: credit.currency, found: currency })
          : nothing(),
        drawing !== null && !drawing.eq(amount)
          ? discrepancy('DRAFT_AMOUNT', { ...said, expected: moneyText(drawing, credit.currency), found: amount })
          : nothing(),
        names && drawee !== undefined && !names.some((line) => samePlace(line, drawee) || sameName(line, drawee))
          ? discrepancy('DRAFT_DRAWEE', { ...said, expected: names.join(' '), found: drawee })
          : nothing(),
        tenor !== undefined && credit.draftsAt !== null
          ? tenorAgrees(credit.draftsAt.join(' '), tenor, asked)
          : nothing(),
      ];
    }),
  );

const tenorAgrees = (wanted: string, found: string, asked: Case['asked']): Findings => {
  try {
    const [one, other] = [tenorOf(wanted, asked, '42C'), tenorOf(found, asked, 'tenor')];
    return JSON.stringify(one) === JSON.stringify(other)
      ? nothing()
      : discrepancy('DRAFT_TENOR', { document: 'draft', expected: wanted, found });
  } catch (error) {
    if (isFailure(error, 'invalid')) return notExamined(`the tenor “${found}” against “${wanted}”`);
    throw error;
  }
};

/** The order is that in which a bank lists what it finds. */
export const CHECKS: readonly Check[] = [
  ...[noLaterThanLastDay, shippedInTime, oneShipment, requiredArePresent, datesBeforePresentation, creditNumberAgrees],
  ...[conditionsMet, invoiceIsRight, amountIsWithin, quantityIsWithin, unitPriceAgrees, enoughIsDrawn],
  ...[...CHECKS_OF_TRANSPORT, insuranceCovers, draftsAreRight],
];
