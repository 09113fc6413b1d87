import { isTransport, kindName, type PresentedDocument, TRANSPORT_KINDS } from './documents.ts';
import {
  type Check,
  discrepancy,
  type ExaminationFindings,
  notExamined,
  nothing,
  together,
} from './presentation-case.ts';
import type { RequiredDocument } from './required-documents.ts';
import { foldedText, hasWords } from './text-compare.ts';

/**
 * Whether a document can satisfy a required one: a multimodal document is no bill of lading, nor the other way round.
 */
const answers = (required: RequiredDocument, document: PresentedDocument): boolean =>
  required.kind === 'other'
    ? document.kind === 'other' && document.title !== undefined && hasWords(required.text, document.title)
    : document.kind === required.kind;

/**
 * If several documents of one kind are required by different items, the findings of the one that matches this item
 * best.
 */
const closest = (findings: readonly ExaminationFindings[]): ExaminationFindings =>
  findings.reduce((best, one) => (one.discrepancies.length < best.discrepancies.length ? one : best));

const requiredArePresent: Check = ({ required, presentation }) =>
  together(
    ...required.map((item) => {
      const found = presentation.documents.filter((document) => answers(item, document));
      const what = item.kind === 'other' ? item.text.slice(0, 80) : kindName(item.kind);
      const judged = found.map((document) => asRequired(item, document));
      const several = required.filter(({ kind }) => kind === item.kind).length > 1 && item.kind !== 'other';
      if (judged.length > 0) return several ? closest(judged) : together(...judged);
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

const asRequired = (item: RequiredDocument, document: PresentedDocument): ExaminationFindings => {
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

/** What 46A requires of any document: arts 14(a), (f), (i) and 17. */
export const CHECKS_OF_REQUIRED_DOCUMENTS: readonly Check[] = [
  requiredArePresent,
  datesBeforePresentation,
  creditNumberAgrees,
];
