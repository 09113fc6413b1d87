/** Data as a person says it; the same in the server and in the browser. */

/** @param {string} name */
export const words = (name) => name.replaceAll('_', ' ');

/**
 * @param {number} n
 * @param {string} thing
 */
export const count = (n, thing) => `${n} ${thing}${n === 1 ? '' : 's'}`;

const MINUTE = 60_000;

/** @param {number} ms */
export const age = (ms) => {
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 60 * MINUTE) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 48 * 60 * MINUTE) return `${Math.floor(ms / (60 * MINUTE))} h`;
  return `${Math.floor(ms / (24 * 60 * MINUTE))} d`;
};

/** A followed clock's rate trembles a little around what it is. @param {number} rate */
export const isSimulated = (rate) => Math.abs(rate - 1) > 0.05;

/** In UTC, the same for every viewer. @param {number} ms */
export const clockText = (ms) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
