import { fromMinor } from '#domain/money.ts';
import { type Exact, exact } from '../decimal.ts';
import { advanceData, cn22Limits } from '../freight/postal-customs-form.ts';
import { invalid } from '../read-input.ts';
import { mergeNotices, type Notice, ruleOn } from '../rule.ts';
import {
  advice,
  consigneeOf,
  type DraftSource,
  dangerousGoodsOf,
  given,
  headOf,
  moneyOf,
  noticesFrom,
} from './draft-source.ts';
import type { PackageFigures } from './figures.ts';
import { isCommercial } from './missing.ts';
import { POSTAL_FORM } from './rules.ts';
import type { SdrRate, ShipmentRecord } from './shipment-record.ts';
import type { Cn22, Cn23, PostalItem } from './trade-document.ts';

/** SDR for one unit of the record's currency. Throws `invalid` for a rate that is missing or does not fit. */
const rateFor = ({ record, context }: DraftSource): SdrRate => {
  const rate = context.sdrRate;
  if (!rate) throw invalid('sdrRate', `missing; hand in the special drawing rights for one ${record.currency}`);
  if (rate.currency !== record.currency)
    throw invalid('sdrRate.currency', `is ${rate.currency}, but the shipment is in ${record.currency}`);
  if (rate.date > context.asOf.on) throw invalid('sdrRate.date', `${rate.date} is after ${context.asOf.on}`);
  return rate;
};

/** The form that an item of mail needs, and its exact value in special drawing rights. */
export interface PostalChoice {
  packageId: string;
  form: 'cn22' | 'cn23';
  valueSdr: string;
  grossGrams: number;
}

const valueSdr = (source: DraftSource, { valueMinor }: PackageFigures): Exact => {
  const perUnit = exact(rateFor(source).sdrPerUnit, 'sdrRate.sdrPerUnit', { zero: false });
  return exact(fromMinor(valueMinor, source.record.currency), 'value').times(perUnit);
};

const choiceOf = (source: DraftSource, figures: PackageFigures): PostalChoice => {
  const limits = ruleOn(cn22Limits, source.context.asOf).value;
  const sdr = valueSdr(source, figures);
  const grossGrams = given(figures.pack.grossGrams, 'grossGrams');
  const isSmall = sdr.lte(limits.sdr) && exact(limits.kg, 'kg').times(1000).gte(grossGrams);
  return { packageId: figures.pack.id, form: isSmall ? 'cn22' : 'cn23', valueSdr: sdr.toFixed(), grossGrams };
};

/** The form of each package as an item of mail: CN22 up to and including 300 SDR and 2 kg, otherwise CN23. */
export const postalChoices = (source: DraftSource): PostalChoice[] =>
  source.figures.packages.map((figures) => choiceOf(source, figures));

const itemOf = (source: DraftSource, figures: PackageFigures): PostalItem => ({
  packageId: figures.pack.id,
  contents: figures.contents.map(({ line, quantity, netGrams, valueMinor }) => ({
    description: line.descriptionEn,
    descriptionZh: line.descriptionZh,
    quantity,
    netGrams: given(netGrams, 'netGrams'),
    value: moneyOf(source, valueMinor),
    hs: line.hs ?? '',
    origin: line.origin ?? '',
    dangerousGoods: dangerousGoodsOf(line),
  })),
  value: moneyOf(source, figures.valueMinor),
  netGrams: given(figures.netGrams, 'netGrams'),
  grossGrams: given(figures.pack.grossGrams, 'grossGrams'),
});

const adviceFor = (record: ShipmentRecord): Notice[] => [
  ...(record.lines.some((line) => line.dangerousGoods !== null)
    ? [advice('upu.customs-forms', 'The shipment has dangerous goods: ask the post whether it takes them at all')]
    : []),
  ...(record.carriage.mode === 'courier'
    ? [advice('upu.customs-forms', 'Couriers use the commercial invoice instead of CN22 and CN23')]
    : []),
  ...(isCommercial(record) ? [advice('upu.customs-forms', 'A commercial item travels with its invoice attached')] : []),
];

const formOf = (source: DraftSource) => {
  const { record, figures, context } = source;
  const notices = mergeNotices(noticesFrom(context.asOf, cn22Limits, advanceData, POSTAL_FORM), adviceFor(record));
  return {
    notices,
    form: {
      sender: given(record.exporter, 'exporter'),
      addressee: consigneeOf(source),
      category: given(record.reasonForExport, 'reasonForExport'),
      trackingNo: record.carriage.trackingNo,
      invoiceNo: record.references.invoiceNo,
      licenceNo: record.china.licence,
      certificateNo: record.references.certificateNo,
      items: figures.packages.map((pack) => itemOf(source, pack)),
    },
  };
};

/** Throws `invalid` naming the first package above the limits of a CN22. */
export const cn22 = (source: DraftSource): Cn22 => {
  const { sdr, kg } = ruleOn(cn22Limits, source.context.asOf).value;
  const choices = postalChoices(source);
  const at = choices.findIndex(({ form }) => form === 'cn23');
  const large = choices[at];
  if (large)
    throw invalid(
      `packages[${at}]`,
      `${large.valueSdr} SDR and ${large.grossGrams} g are beyond a CN22 (${sdr} SDR, ${kg} kg); use a CN23`,
    );
  const { form, notices } = formOf(source);
  return { ...headOf('cn22', source, source.record.references.invoiceNo, notices), ...form, rate: rateFor(source) };
};

/** Any item of mail may travel with a CN23, which needs no rate. */
export const cn23 = (source: DraftSource): Cn23 => {
  const { form, notices } = formOf(source);
  return { ...headOf('cn23', source, source.record.references.invoiceNo, notices), ...form, rate: null };
};
