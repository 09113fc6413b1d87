import { isFailure } from '#domain/failure.ts';
import { fromMinor } from '#domain/money.ts';
import { checkHs, editionOnFile } from '../classification/check-hs.ts';
import type { HsEdition } from '../classification/hs-edition.ts';
import { creditExposure } from '../credit/exposure.ts';
import { checkCarriage } from '../dangerous-goods/carriage.ts';
import { missingFor } from '../documents/missing.ts';
import { landedCost } from '../duty/landed-cost.ts';
import { readCredit } from '../letter-of-credit/credit.ts';
import { presentationDeadline } from '../letter-of-credit/presentation-days.ts';
import { reviewCredit } from '../letter-of-credit/review-credit.ts';
import { checkLicences } from '../requirements/licence-register.ts';
import { checkRequirements } from '../requirements/matrix.ts';
import type { Asked, Notice } from '../rule.ts';
import { noticesTogether } from '../rule.ts';
import { judgeInspection } from '../sampling/inspection.ts';
import { blockedByOwnership } from '../screening/ownership.ts';
import type { ListUsed } from '../screening/sanctions-list.ts';
import { isOutdated } from '../screening/screen.ts';
import { wayOfClaim } from '../tax-refund/refund-claim.ts';
import { keyOf } from '../write-off/case-file.ts';
import { matchFile } from '../write-off/match.ts';
import type { CaseFile, Override } from './case-file.ts';
import { type Facts, STEP_TITLES, STEPS, type Step } from './facts.ts';

/** What a gate is asked with besides the file: the day, and the lists on file. */
export interface GateContext {
  asked: Asked;
  /** The HS lists that were imported. */
  editions: readonly HsEdition[];
  /** The sanctions lists in their present states. */
  lists: readonly ListUsed[];
  hash(text: string): string;
}

/** Why an export may not go on, or what a person should know. */
export interface Reason {
  step: Step;
  code: string;
  /** What it is about: a party, a SKU, a lot, a document; '' for the file. */
  subject: string;
  severity: 'block' | 'warn';
  what: string;
  todo: string;
  /** The word of a person that it does not stop the export. */
  overridden: Override | null;
}

export interface StepState {
  step: Step;
  title: { en: string; zh: string };
  /** `open` while its facts are not given; `overridden` when it would block but for somebody's word. */
  state: 'open' | 'blocked' | 'passed' | 'overridden';
  reasons: readonly Reason[];
  notices: readonly Notice[];
}

/** Which gates stand before which act. */
export const GATES_BEFORE = {
  list: ['market', 'rights'],
  dispatch: ['market', 'rights', 'quality', 'contract', 'clearance'],
  papers: ['market', 'rights', 'quality', 'contract', 'logistics'],
  refund: ['after_sales'],
  claim: ['settlement'],
} as const satisfies Record<string, readonly Step[]>;
export type Act = keyof typeof GATES_BEFORE;

type Found = Omit<Reason, 'step' | 'overridden'>;
interface Findings {
  reasons: Found[];
  notices: readonly Notice[];
}
type Given<S extends Step> = NonNullable<Facts[S]>;
type Gate<S extends Step> = (facts: Given<S>, file: CaseFile, context: GateContext) => Findings;

const block = (code: string, subject: string, what: string, todo: string): Found => ({
  ...{ code, subject, severity: 'block', what, todo },
});
const warn = (code: string, subject: string, what: string, todo: string): Found => ({
  ...block(code, subject, what, todo),
  severity: 'warn',
});

/** The text that a screening is bound to. */
export const screenedText = (party: unknown): string => JSON.stringify(party);

const market: Gate<'market'> = ({ parties, ownership, credit }, file, { lists, hash, asked }) => {
  const reasons: Found[] = [];
  if (parties.length === 0)
    reasons.push(
      block('PARTY_NOT_NAMED', '', 'no party is named', 'Name the buyer and everybody else who takes part.'),
    );
  const blockedIds: string[] = [];
  for (const { id, party } of parties) {
    const screening = file.screenings[id];
    if (!screening || screening.of !== hash(screenedText(party)))
      reasons.push(
        block(
          'PARTY_UNSCREENED',
          id,
          `${party.name} is not screened${screening ? ' as it stands now' : ''}`,
          'Screen it.',
        ),
      );
    else if (screening.verdict === 'blocked') {
      blockedIds.push(id);
      const [hit] = screening.hits;
      const found = hit ? `: ${hit.name} (${hit.listId}, ${hit.score})` : '';
      reasons.push(block('PARTY_BLOCKED', id, `${party.name} is on a list${found}`, 'Do not trade. Ask counsel.'));
    } else if (isOutdated(screening, lists))
      reasons.push(
        block(
          'SCREENING_OUTDATED',
          id,
          `${party.name} was screened against other states of the lists`,
          'Screen it again.',
        ),
      );
    else if (screening.verdict === 'review')
      reasons.push(
        block(
          'PARTY_TO_REVIEW',
          id,
          `${party.name} resembles ${screening.hits[0]?.name ?? 'a listed name'}`,
          'Compare date of birth, country and numbers; then override with what you found.',
        ),
      );
  }
  // An owner that is not among the parties would count as good without anybody having looked.
  const owners = new Set(Object.values(ownership).flatMap((shares) => Object.keys(shares)));
  for (const owner of owners)
    if (!parties.some(({ id }) => id === owner))
      reasons.push(
        block(
          'PARTY_UNSCREENED',
          owner,
          `the owner ${owner} is not among the parties`,
          'Name it as a party with the role “owner” and screen it.',
        ),
      );
  const owned = blockedByOwnership({ blocked: blockedIds, ownershipPct: ownership }, asked);
  for (const { id, party } of parties)
    if (owned.blocked[id] === true && !blockedIds.includes(id))
      reasons.push(
        block(
          'PARTY_OWNED',
          id,
          `${party.name} is owned to 50 % or more by blocked parties`,
          'Do not trade. Ask counsel.',
        ),
      );
  if (credit) {
    const exposure = creditExposure(credit);
    if (exposure.decision !== 'ship')
      reasons.push(
        warn(
          'CREDIT_LIMIT',
          '',
          `the order goes ${exposure.prepayment} ${credit.currency} over the credit limit`,
          'Ask for prepayment or raise the limit.',
        ),
      );
  }
  return { reasons, notices: owned.notices };
};

const rights: Gate<'rights'> = ({ destination, products, needs, licences }, _file, { asked }) => {
  const answers = products.map(({ sku, brand, facts }) => {
    const matrix = checkRequirements(facts, destination, asked);
    const found = matrix.findings.map(
      ({ code, severity, what, todo }): Found => ({ code, subject: sku, severity, what, todo }),
    );
    if (facts.hs === null)
      found.push(block('HS_MISSING', sku, `${sku} has no HS code`, 'Classify it; licences depend on the code.'));
    else
      found.push(
        ...checkLicences({
          item: { hs: facts.hs, country: destination.country, brand },
          ...{ needs, licences, on: asked.on, warnDays: 30 },
        }).map(({ code, severity, what, todo }): Found => ({ code, subject: sku, severity, what, todo })),
      );
    return { found, notices: matrix.notices };
  });
  return {
    reasons: answers.flatMap(({ found }) => found),
    notices: noticesTogether(...answers.map(({ notices }) => notices)),
  };
};

const quality: Gate<'quality'> = ({ lots, waivedBecause, reports }, _file, { asked }) => {
  if (lots.length === 0)
    return {
      reasons:
        waivedBecause === ''
          ? [block('INSPECTION_UNDECIDED', '', 'no lot is named', 'Name the lots to inspect, or say why none is.')]
          : [],
      notices: [],
    };
  const judged = reports.map(({ on, report }) => judgeInspection(report, { on, today: asked.today }));
  const reasons = lots.flatMap((lot): Found[] => {
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
  return { reasons, notices: noticesTogether(...judged.map(({ notices }) => notices)) };
};

const contract: Gate<'contract'> = (facts, file, { asked, hash }) => {
  if (facts.payment !== 'letter_of_credit') return { reasons: [], notices: [] };
  if (!facts.contract)
    return {
      reasons: [block('CONTRACT_MISSING', '', 'there is no sales contract', 'Give the contract the credit is for.')],
      notices: [],
    };
  if (facts.messages === '')
    return {
      reasons: [
        block('CREDIT_MISSING', '', `no credit came; it was due on ${facts.contract.creditDue}`, 'Urge the buyer.'),
      ],
      notices: [],
    };
  const { credit, faults, notices } = readCredit(facts.messages, asked);
  const unread = faults.map(({ tag, reason }) =>
    warn('CREDIT_FORMAT', tag ?? '', `field ${tag ?? '?'}: ${reason}`, 'Ask the advising bank for a clean copy.'),
  );
  if (!credit)
    return {
      reasons: [block('CREDIT_UNREADABLE', '', 'a term of the credit cannot be read', 'Ask the bank.'), ...unread],
      notices,
    };
  const review = reviewCredit(credit, facts.contract, { today: asked.today });
  const reasons = review.findings.map(({ code, severity, field, expected, found, ask }) => {
    const what = `${field}: ${found ?? 'nothing'}${expected === null ? '' : ` (expected: ${expected})`}`;
    return severity === 'must' ? block(code, field, what, ask) : warn(code, field, what, ask);
  });
  if (file.creditAccepted !== hash(facts.messages))
    reasons.push(
      block(
        'CREDIT_UNREVIEWED',
        hash(facts.messages).slice(0, 12),
        'nobody has accepted the credit as it stands',
        'Read the review and accept it.',
      ),
    );
  const latest = credit.latestShipment;
  if (latest !== null && (facts.shipped ?? asked.on) > latest)
    reasons.push(block('SHIPMENT_LATE', '44C', `the latest day of shipment was ${latest}`, 'Ask for an amendment.'));
  if (asked.on > credit.expiry.date && facts.shipped === null)
    reasons.push(
      block('CREDIT_EXPIRED', '31D', `the credit expired on ${credit.expiry.date}`, 'Ask for an amendment.'),
    );
  const deadline = facts.shipped
    ? presentationDeadline(
        {
          ...{ shipped: facts.shipped, expiry: credit.expiry.date, days: credit.presentation?.days ?? null },
          originals: true,
        },
        facts.bank,
        { today: asked.today },
      )
    : null;
  return {
    reasons: [...reasons, ...unread],
    notices: noticesTogether(notices, review.notices, deadline?.notices ?? []),
  };
};

const logistics: Gate<'logistics'> = ({ shipment, documents, batteries }, _file, { asked }) => {
  const carried = batteries.map((battery) => checkCarriage(battery, asked));
  return {
    reasons: [
      ...documents.flatMap((document) =>
        missingFor(document, shipment, asked).map((field) =>
          block('DOCUMENT_INCOMPLETE', `${document} ${field}`, `${document}: ${field} is missing`, `Fill in ${field}.`),
        ),
      ),
      ...carried.flatMap(({ un, blocks }) =>
        blocks.map(({ code, what, todo }) => block(code, un, `${un}: ${what}`, todo)),
      ),
    ],
    notices: noticesTogether(...carried.map(({ notices }) => notices)),
  };
};

const clearance: Gate<'clearance'> = ({ consignment, storedAs }, _file, { asked, editions }) => {
  const edition = editionOnFile(editions, asked);
  const checked = consignment.lines.map((line, index) => ({
    id: line.id ?? String(index + 1),
    answer: checkHs({ code: line.hs, edition, others: editions, storedAs, country: consignment.country }, asked),
  }));
  const cost = landedCost(consignment, asked);
  return {
    reasons: [
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
    notices: noticesTogether(cost.notices, ...checked.map(({ answer }) => answer.notices)),
  };
};

const afterSales: Gate<'after_sales'> = ({ currency, capturedMinor, refundedMinor, askedMinor }) => {
  const left = capturedMinor - refundedMinor;
  return {
    reasons:
      askedMinor > left
        ? [
            block(
              'REFUND_ABOVE_CAPTURED',
              '',
              `a refund of ${fromMinor(askedMinor, currency)} ${currency} is more than the ${fromMinor(left, currency)} left`,
              'Refund what is left, or capture first.',
            ),
          ]
        : [],
    notices: [],
  };
};

const settlement: Gate<'settlement'> = ({ claim, file }, _case, { asked }) => {
  if (claim === null) return { reasons: [], notices: [] };
  if (file === null)
    return {
      reasons: [
        block('PROOF_MISSING', '', 'no declaration is on file', 'Enter declaration, invoices, receipts and B/L.'),
      ],
      notices: [],
    };
  const { paper, mode, sale, sold } = claim;
  const ways = file.lines.map((line) =>
    wayOfClaim({ paper, mode, sale, sold, exportDate: line.exportDate }, asked.today),
  );
  const matched = matchFile(file, asked.today);
  return {
    reasons: [
      ...(ways.some(({ treatment }) => treatment === 'exempt')
        ? [
            block(
              'NO_REFUND_PAPER',
              '',
              'goods bought without a special VAT invoice are exempt: there is no refund',
              'Get the special VAT invoice, or book the sale as exempt.',
            ),
          ]
        : []),
      ...matched.lines.flatMap((line) =>
        line.findings.map(({ severity, link, message }) =>
          severity === 'warning'
            ? warn('PROOF_CHECK', `${keyOf(line)} ${link}`, message, 'Check it before filing.')
            : block('PROOF_MISSING', `${keyOf(line)} ${link}`, message, 'Bring the paper, or correct the entry.'),
        ),
      ),
    ],
    notices: noticesTogether(...ways.map(({ notices }) => notices), ...matched.lines.map(({ notices }) => notices)),
  };
};

const GATES: { readonly [S in Step]: Gate<S> } = {
  ...{ market, rights, quality, contract, logistics, clearance },
  ...{ after_sales: afterSales, settlement },
};

const NOT_GIVEN: Findings = {
  reasons: [block('NOT_GIVEN', '', 'nothing is entered for this step yet', 'Enter what the step asks for.')],
  notices: [],
};

const findings = <S extends Step>(step: S, file: CaseFile, context: GateContext): Findings => {
  const facts: Facts[S] = file.facts[step];
  if (facts === null) return NOT_GIVEN;
  try {
    return GATES[step](facts, file, context);
  } catch (error) {
    // What the rules cannot answer must not pass for an answer.
    if (isFailure(error, 'no_row'))
      return {
        reasons: [block('NO_ROW', '', error.message, 'Look it up at the source; override with what you found.')],
        notices: [],
      };
    if (isFailure(error, 'invalid'))
      return {
        reasons: [block('INVALID', String(error.safe['field'] ?? ''), error.message, 'Correct the entry.')],
        notices: [],
      };
    throw error;
  }
};

/**
 * How one step stands: a pure function of the file, the day and the lists on file. What blocks and was overridden, word for word, is told
 * and does not block.
 */
export const gate = (step: Step, file: CaseFile, context: GateContext): StepState => {
  const found = findings(step, file, context);
  const reasons = found.reasons.map(
    (reason): Reason => ({
      ...reason,
      step,
      overridden:
        file.overrides.findLast(
          (o) => o.step === step && o.code === reason.code && o.subject === reason.subject && o.what === reason.what,
        ) ?? null,
    }),
  );
  const blocking = reasons.filter(({ severity }) => severity === 'block');
  const held = blocking.filter(({ overridden }) => overridden === null);
  const state =
    held.length > 0 ? (file.facts[step] === null ? 'open' : 'blocked') : blocking.length > 0 ? 'overridden' : 'passed';
  return { step, title: STEP_TITLES[step], state, reasons, notices: found.notices };
};

/** All eight steps as they stand. */
export const stepsOf = (file: CaseFile, context: GateContext): StepState[] =>
  STEPS.map((step) => gate(step, file, context));

/** What stands in the way of an act; empty when nothing does. */
export const blocksBefore = (act: Act, file: CaseFile, context: GateContext): Reason[] =>
  GATES_BEFORE[act].flatMap((step) =>
    gate(step, file, context).reasons.filter(({ severity, overridden }) => severity === 'block' && overridden === null),
  );
