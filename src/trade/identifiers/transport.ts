import { bare, type Checked, compared, malformed, refuseBody } from './checked.ts';

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);

const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const;

/** UPU S10: 11 minus the remainder modulo 11; 10 becomes 0 and 11 becomes 5. */
const s10CheckDigit = (serial: string): string => {
  const rest = 11 - (weighted(serial, S10_WEIGHTS) % 11);
  return String(rest === 10 ? 0 : rest === 11 ? 5 : rest);
};

/**
 * The postal item number from a service (`RR`), eight digits and a country (`GB`). Throws `invalid` for anything else.
 */
export const s10Number = (service: string, serial: string, country: string): string => {
  if (!/^[A-Z]{2}$/.test(service)) refuseBody('service', service, 'two capital letters such as RR');
  if (!/^\d{8}$/.test(serial)) refuseBody('serial8', serial, 'eight digits');
  if (!/^[A-Z]{2}$/.test(country)) refuseBody('country', country, 'a country in two capital letters such as GB');
  return service + serial + s10CheckDigit(serial) + country;
};

/** A postal item number such as RR123456785GB. Source: UPU standard S10. */
export const checkS10 = (text: string): Checked => {
  const item = bare(text) ?? '';
  if (!/^[A-Z]{2}\d{9}[A-Z]{2}$/.test(item)) return malformed('postal item: two letters, nine digits, two letters');
  return compared(item.slice(10, 11), s10CheckDigit(item.slice(2, 10)), item, item);
};

const awbCheckDigit = (serial: string): string => String(Number(serial) % 7);

/**
 * The air waybill number from an airline's prefix and seven digits: `125-12345675`. Throws `invalid` for anything else.
 */
export const awbNumber = (prefix: string, serial: string): string => {
  if (!/^\d{3}$/.test(prefix)) refuseBody('prefix', prefix, 'the three digits of an airline');
  if (!/^\d{7}$/.test(serial)) refuseBody('serial7', serial, 'seven digits');
  return `${prefix}-${serial}${awbCheckDigit(serial)}`;
};

/** An air waybill number, with or without its hyphen. Source: IATA Resolution 600a, serial modulo 7. */
export const checkAwb = (text: string): Checked => {
  const awb = bare(text) ?? '';
  if (!/^\d{11}$/.test(awb))
    return malformed('air waybill: three digits of the airline and eight of the serial number');
  return compared(awb.slice(10), awbCheckDigit(awb.slice(3, 10)), `${awb.slice(0, 3)}-${awb.slice(3)}`, awb);
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** A is 10; the multiples of 11 are skipped: B is 12, L is 23, V is 34. */
const letterValue = (letter: string): number => {
  const value = LETTERS.indexOf(letter) + 10;
  return value + Math.floor((value - 1) / 10);
};

const containerCheckDigit = (body: string): string => {
  const values = [...body].map((char) => (/\d/.test(char) ? Number(char) : letterValue(char)));
  const sum = values.reduce((total, value, index) => total + value * 2 ** index, 0);
  return String((sum % 11) % 10);
};

/** Owner, equipment category (U freight container, J detachable equipment, Z trailer or chassis), serial number. */
const CONTAINER_BODY = /^[A-Z]{3}[UJZ]\d{6}$/;

/** The container number from an owner, a category and six digits: `CSQU3054383`. Throws `invalid` for anything else. */
export const containerNumber = (body: string): string =>
  CONTAINER_BODY.test(body)
    ? body + containerCheckDigit(body)
    : refuseBody('body', body, 'three letters of the owner, U, J or Z, and six digits');

/** A container number. Source: ISO 6346; remainder 10 is written as 0. */
export const checkContainer = (text: string): Checked => {
  const container = bare(text) ?? '';
  if (!CONTAINER_BODY.test(container.slice(0, 10)) || !/^\d$/.test(container.slice(10)))
    return malformed('container: three letters of the owner, U, J or Z, and seven digits');
  return compared(container.slice(10), containerCheckDigit(container.slice(0, 10)), container, container);
};

const IMO_WEIGHTS = [7, 6, 5, 4, 3, 2] as const;

/** A ship's IMO number, with or without the letters IMO in front. Source: IMO Resolution A.1117(30). */
export const checkImo = (text: string): Checked => {
  const ship = (bare(text) ?? '').replace(/^IMO/, '');
  if (!/^[1-9]\d{6}$/.test(ship)) return malformed('IMO number: seven digits, the first not zero');
  return compared(ship.slice(6), String(weighted(ship, IMO_WEIGHTS) % 10), ship, ship);
};
