import { isFailure } from '#domain/failure.ts';
import { addDays, daysBetween, latest, type PlainDate } from '../plain-date.ts';
import { ruleOn } from '../rule.ts';
import { finding, type Reviewed, type Rule } from './review-finding.ts';
import { shipmentPeriod } from './shipment-period.ts';
import { hasWords } from './text-compare.ts';
import { PRESENTATION_DAYS } from './ucp-rules.ts';

/** The last day for shipment. `open`: the credit sets none, only the expiry applies. Null if it cannot be read. */
const lastShipment = ({ credit, asOf }: Reviewed): { day: PlainDate; open: boolean } | null => {
  const untilExpiry = { day: credit.expiry.date, open: true };
  if (credit.latestShipment !== null) return { day: credit.latestShipment, open: false };
  if (credit.shipmentPeriod === null) return untilExpiry;
  try {
    const { latest: day } = shipmentPeriod(credit.shipmentPeriod.join(' '), asOf, '44D');
    return day === null ? untilExpiry : { day, open: false };
  } catch (error) {
    if (isFailure(error, 'invalid')) return null;
    throw error;
  }
};

const timesAreEnough: Rule = (input) => {
  const { credit, contract, asOf } = input;
  const needed = addDays(contract.plannedShipment, contract.shipmentBuffer);
  const limit = lastShipment(input);
  const field = credit.latestShipment === null && credit.shipmentPeriod !== null ? '44D' : '44C';
  if (limit === null)
    return finding(
      'SHIPMENT_PERIOD_UNCLEAR',
      'must',
      '44D',
      ['dates', credit.shipmentPeriod?.join(' ') ?? null],
      'the shipment period in dates',
    );
  const period = credit.presentation?.days ?? ruleOn(PRESENTATION_DAYS, asOf, '48').value;
  const days = Math.min(period, contract.presentationDays);
  const { day: last, open } = limit;
  // A seller who may ship until expiry does not have to: the planned day and the time to present after it are enough.
  const shipBy = open ? needed : latest(last, needed);
  const wanted = addDays(shipBy, contract.presentationDays);
  return [
    ...(last < needed && !open
      ? finding(
          'LATEST_SHIPMENT',
          'must',
          field,
          [`${needed} or later (planned ${contract.plannedShipment} and ${contract.shipmentBuffer} days)`, last],
          `a latest date of shipment of ${needed} or later`,
        )
      : []),
    ...(credit.expiry.date < addDays(open ? needed : last, contract.presentationDays)
      ? finding(
          'EXPIRY_SHORT',
          'must',
          '31D',
          [`${wanted} or later`, credit.expiry.date],
          `an expiry of ${wanted} or later, ${contract.presentationDays} days after the latest shipment`,
        )
      : []),
    ...(days < contract.presentationDays
      ? finding(
          'PRESENTATION_SHORT',
          'must',
          '48',
          [`${contract.presentationDays} days`, `${period} days`],
          `a presentation period of ${contract.presentationDays} days`,
        )
      : []),
    ...(credit.presentation?.after
      ? finding(
          'PRESENTATION_COUNTED',
          'should',
          '48',
          ['after the date of shipment', credit.presentation.after],
          'the presentation period counted from the date of shipment',
        )
      : []),
    ...(credit.expiry.date < asOf.today
      ? finding('EXPIRED', 'must', '31D', [`after ${asOf.today}`, credit.expiry.date], 'a new expiry')
      : daysBetween(asOf.today, credit.expiry.date) < contract.presentationDays
        ? finding(
            'EXPIRY_NEAR',
            'should',
            '31D',
            [null, credit.expiry.date],
            'a later expiry, if the goods have not left yet',
          )
        : []),
  ];
};

const expiryPlace: Rule = ({ credit, contract }) => {
  const { place } = credit.expiry;
  return contract.seller.places.some((own) => hasWords(place, own))
    ? []
    : finding(
        'EXPIRY_PLACE',
        'should',
        '31D',
        [`in the seller’s country (${contract.seller.places.join(', ')})`, place],
        'expiry at a bank in the seller’s country; until then count the days of the mail',
      );
};

const shipmentModes: Rule = ({ credit, contract }) => {
  const refused = (code: 'NOT ALLOWED' | 'ALLOWED' | 'CONDITIONAL' | null) => code === 'NOT ALLOWED';
  return [
    ...(contract.partialShipments && refused(credit.partialShipments)
      ? finding('PARTIAL_SHIPMENTS', 'must', '43P', ['ALLOWED', credit.partialShipments], 'partial shipments allowed')
      : []),
    ...(contract.transhipment && refused(credit.transhipment)
      ? finding('TRANSHIPMENT', 'should', '43T', ['ALLOWED', credit.transhipment], 'transhipment allowed')
      : []),
    ...(
      [
        ['43P', credit.partialShipments],
        ['43T', credit.transhipment],
      ] as const
    ).flatMap(([field, code]) =>
      code === 'CONDITIONAL' ? finding('CONDITIONAL', 'note', field, [null, code], 'read the condition in 47A') : [],
    ),
  ];
};

/** When and in how many shipments: fields 31D, 43P, 43T, 44C, 44D and 48. */
export const RULES_OF_TIMES: readonly Rule[] = [timesAreEnough, expiryPlace, shipmentModes];
