import type { ShipmentRecord, TradeParty } from '#trade/documents/shipment-record.ts';
import type { Notice } from '#trade/rule.ts';
import { type LabelKey, label, type PaperLanguage } from './labels.ts';
import type { Block, Cell, Column, PaperField } from './paper.ts';

/** `1234567.50` → `1,234,567.50`. */
export const grouped = (amount: string): string => {
  const [whole = '', fraction] = amount.split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
};

/** Grams as kilograms with three decimals, exact. */
export const kilograms = (grams: number): string => grouped((grams / 1000).toFixed(3));
/** Millimetres as centimetres, exact. */
export const centimetres = (millimetres: number): string => (millimetres / 10).toFixed(millimetres % 10 === 0 ? 0 : 1);

/** Chooses the text in the paper's language. If one language is missing, the other is used. */
export const inLanguage = (en: string, zh: string, language: PaperLanguage): Cell => {
  if (language === 'en') return [en === '' ? zh : en];
  if (language === 'zh') return [zh === '' ? en : zh];
  return [en, zh].filter((text) => text !== '');
};

const named = (name: string, value: string): string[] => (value === '' ? [] : [`${name} ${value}`]);

export const partyCell = (party: TradeParty, language: PaperLanguage): Cell => [
  ...(language === 'zh' ? [party.nameZh, party.name] : language === 'both' ? [party.name, party.nameZh] : [party.name]),
  [party.line1, party.line2].filter((part) => part !== '').join(', '),
  [party.postalCode, party.city, party.region, party.country ?? ''].filter((part) => part !== '').join(' '),
  ...named('EORI', party.eori),
  ...named('VAT', party.vat),
  ...named(language === 'zh' ? '税号' : 'Tax No.', party.taxNumber),
  party.phone,
  party.email,
];

export const field = (key: LabelKey, ...value: readonly (string | number)[]): PaperField => ({
  label: key,
  value: value.map(String),
});
export const partyField = (key: LabelKey, party: TradeParty, language: PaperLanguage): PaperField => ({
  label: key,
  value: partyCell(party, language),
});

export const hasWords = ({ value }: PaperField): boolean => value.some((text) => text.trim() !== '');
/** A block of the fields that have content. Empty fields are not printed. */
export const fields = (columns: 1 | 2 | 3 | 4, ...all: readonly PaperField[]): Block => ({
  block: 'fields',
  columns,
  fields: all.filter(hasWords),
});

export const left = (key: LabelKey, share: number): Column => ({ label: key, share, align: 'left' });
export const right = (key: LabelKey, share: number): Column => ({ label: key, share, align: 'right' });

type Place = ShipmentRecord['carriage']['loading'];
const placeWords = (place: Place): string =>
  place === null ? '' : [place.name, place.country ?? '', place.code].filter((part) => part !== '').join(', ');

export const carriageFields = (carriage: ShipmentRecord['carriage'], language: PaperLanguage): PaperField[] => [
  field('transportMode', carriage.mode === null ? '' : label(carriage.mode, language)),
  field('carrier', carriage.carrier),
  field('conveyance', carriage.conveyance),
  field('billNo', carriage.billNo),
  field('trackingNo', carriage.trackingNo),
  field('loading', placeWords(carriage.loading)),
  field('discharge', placeWords(carriage.discharge)),
  field('destination', placeWords(carriage.destination)),
];

export const reasonWords = (reason: NonNullable<ShipmentRecord['reasonForExport']>, language: PaperLanguage): string =>
  label(reason === 'other' ? 'otherReason' : reason, language);

/** The notices that a reader must know before relying on the data, as a block; no block if there are none. */
export const notesOf = (notices: readonly Notice[], language: PaperLanguage): Block[] =>
  notices.length === 0
    ? []
    : [
        {
          block: 'words',
          small: true,
          paragraphs: [label('notes', language), ...notices.map(({ message }) => `– ${message}`)],
        },
      ];

/** The heading that every paper has, taken from its document. */
export const headOf = ({ number, date, reference }: { number: string; date: string; reference: string }) => ({
  number,
  date,
  reference,
});
