/**
 * HTML as text, in the server and in the browser alike. What a template was not written with is escaped, always: only what this
 * file made itself goes in as it is, so that no data from outside can pass for it.
 * @typedef {{ readonly text: string }} Html
 * @typedef {Html | string | number | null | undefined | false | readonly (Html | string | number)[]} Value
 */

/** @type {WeakSet<object>} */
const made = new WeakSet();

/** @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/**
 * @param {unknown} value
 * @returns {string}
 */
const show = (value) => {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(show).join('');
  if (typeof value === 'object' && made.has(value) && 'text' in value) return String(value.text);
  return escaped(String(value));
};

/**
 * @param {TemplateStringsArray} strings
 * @param {Value[]} values
 * @returns {Html}
 */
export const html = (strings, ...values) => {
  const whole = Object.freeze({ text: strings.map((part, index) => part + show(values[index])).join('') });
  made.add(whole);
  return whole;
};
