import { isFailure } from '#domain/failure.ts';
import { checkHs, editionOnFile } from '../classification/check-hs.ts';
import { checkCarriage } from '../dangerous-goods/carriage.ts';
import { missingFor } from '../documents/missing.ts';
import type { DocumentKind } from '../documents/rules.ts';
import { landedCost } from '../duty/landed-cost.ts';
import { checkLicences } from '../requirements/licence-register.ts';
import { checkRequirements } from '../requirements/matrix.ts';
import { type AsOf, mergeNotices } from '../rule.ts';
import { judgeInspection } from '../sampling/inspection.ts';
import type { CaseFile } from './case-file.ts';
import { block, type Gate, type GateFinding, type GateFindings, type Given } from './finding.ts';
import { paperOf, ratesOf } from './paper.ts';

/** Facts entered for another country than the case's do not answer for this case. */
const destinationOf = (country: string, file: CaseFile): GateFinding[] =>
  country === file.destination
    ? []
    : [
        block(
          'DESTINATION_DIFFERS',
          country,
          `the facts are for ${country}, the case goes to ${file.destination}`,
          `Enter the facts for ${file.destination}, or open a case for ${country}.`,
        ),
      ];

export const rights: Gate<'rights'> = ({ destination, products, needs, licences }, file, { asOf }) => {
  // A SKU that the case holds back but nobody has described would be listed without a check.
  const unnamed = file.skus
    .filter((sku) => !products.some((product) => product.sku === sku))
    .map((sku) => block('PRODUCT_MISSING', sku, `${sku} is not among the products`, 'Enter what it is.'));
  const answers = products.map(({ sku, brand, facts }) => {
    const matrix = checkRequirements(facts, destination, asOf);
    const found = matrix.findings.map(
      ({ code, severity, what, todo }): GateFinding => ({ code, subject: sku, severity, what, todo }),
    );
    if (facts.hs === null)
      found.push(block('HS_MISSING', sku, `${sku} has no HS code`, 'Classify it; licences depend on the code.'));
    else
      found.push(
        ...checkLicences({
          item: { hs: facts.hs, country: destination.country, brand },
          needs,
          licences,
          on: asOf.on,
          warnDays: 30,
        }).map(({ code, severity, what, todo }): GateFinding => ({ code, subject: sku, severity, what, todo })),
      );
    return { found, notices: matrix.notices };
  });
  return {
    reasons: [...destinationOf(destination.country, file), ...unnamed, ...answers.flatMap(({ found }) => found)],
    notices: mergeNotices(...answers.map(({ notices }) => notices)),
  };
};

export const quality: Gate<'quality'> = ({ lots, waivedBecause, reports }, _file, { asOf }) => {
  if (lots.length === 0)
    return {
      reasons:
        waivedBecause === ''
          ? [block('INSPECTION_UNDECIDED', '', 'no lot is named', 'Name the lots to inspect, or say why none is.')]
          : [],
      notices: [],
    };
  // The latest report counts, in whatever order they were filed; for the same day, the one filed last.
  const judged = reports
    .filter(({ on }) => on <= asOf.on)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
    .map(({ on, report }) => judgeInspection(report, { on, today: asOf.today }));
  const reasons = lots.flatMap((lot): GateFinding[] => {
    const last = judged.findLast((verdict) => verdict.lot === lot);
    if (!last)
      return [block('INSPECTION_MISSING', lot, `lot ${lot} is not inspected`, 'Inspect it and file the report.')];
    return last.verdict === 'refused'
      ? [
          block(
            'INSPECTION_FAILED',
            lot,
            `lot ${lot} failed: ${last.reasons[0]}`,
            'Rework or sort it, and inspect again.',
          ),
        ]
      : [];
  });
  return { reasons, notices: mergeNotices(...judged.map(({ notices }) => notices)) };
};

/** Where a case stores the exchange rates that a paper needs. */
const RATE_ENTRIES: ReadonlyMap<string, string> = new Map([
  ['sdrRate', 'Enter the rate of the special drawing right as “sdr”.'],
  ['euroRate', 'Enter the rate of the euro as “euro”.'],
]);

/** Whether a paper can be made from the shipment as it is: what is missing, or why it is refused. */
const paper = (kind: DocumentKind, facts: Given<'logistics'>, asOf: AsOf): GateFindings => {
  try {
    const missing = missingFor(kind, facts.shipment, asOf, ratesOf(facts));
    if (missing.length === 0) return { reasons: [], notices: paperOf(kind, facts, asOf).notices };
    const lacks = (field: string): GateFinding =>
      block(
        'DOCUMENT_INCOMPLETE',
        `${kind} ${field}`,
        `${kind}: ${field} is missing`,
        RATE_ENTRIES.get(field) ?? `Fill in ${field}.`,
      );
    return { reasons: missing.map(lacks), notices: [] };
  } catch (error) {
    // A refused paper must not hide what the others are missing.
    if (!isFailure(error, 'invalid', 'no_row')) throw error;
    const subject = `${kind} ${String(error.safe['field'] ?? '')}`.trim();
    const what = error.message.startsWith(`${kind}: `) ? error.message : `${kind}: ${error.message}`;
    return { reasons: [block('DOCUMENT_REFUSED', subject, what, 'Correct the shipment.')], notices: [] };
  }
};

export const logistics: Gate<'logistics'> = (facts, _file, { asOf }) => {
  const carried = facts.batteries.map((battery) => checkCarriage(battery, asOf));
  const papers = [...new Set(facts.documents)].map((kind) => paper(kind, facts, asOf));
  return {
    reasons: [
      ...papers.flatMap(({ reasons }) => reasons),
      ...carried.flatMap(({ un, blocks }) =>
        blocks.map(({ code, what, todo }) => block(code, un, `${un}: ${what}`, todo)),
      ),
    ],
    notices: mergeNotices(...papers.map(({ notices }) => notices), ...carried.map(({ notices }) => notices)),
  };
};

export const clearance: Gate<'clearance'> = ({ consignment, storedAs }, file, { asOf, editions }) => {
  const edition = editionOnFile(editions, asOf);
  const checked = consignment.lines.map((line, index) => ({
    id: line.id ?? String(index + 1),
    answer: checkHs({ code: line.hs, edition, others: editions, storedAs, country: consignment.country }, asOf),
  }));
  const cost = landedCost(consignment, asOf);
  return {
    reasons: [
      ...destinationOf(consignment.country, file),
      ...checked.flatMap(({ id, answer }) =>
        answer.valid
          ? []
          : [block('HS_INVALID', id, `line ${id}: ${answer.reason}`, 'Classify it in the edition in force.')],
      ),
      ...(cost.ddpReady
        ? []
        : [
            block(
              'NO_IMPORTER_OF_RECORD',
              '',
              `DDP to ${consignment.country} without an importer of record`,
              'Name one, use a tax scheme of the country, or sell DAP.',
            ),
          ]),
    ],
    notices: mergeNotices(cost.notices, ...checked.map(({ answer }) => answer.notices)),
  };
};
