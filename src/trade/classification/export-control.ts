export type Eccn =
  | { wellFormed: true; kind: 'EAR99' }
  | { wellFormed: true; kind: 'entry'; category: string; group: string; entry: string; paragraphs: readonly string[] }
  | { wellFormed: false; reason: string };

const ENTRY = /^([0-9])([A-E])([0-9]{3})((?:\.[a-z0-9]+)*)$/;
const MAX_LENGTH = 60;

/**
 * Checks whether a text has the form of a US export control classification number (also that of an entry of EU Annex
 * I): `EAR99`, or category 0-9, product group A-E, three digits and paragraphs such as `.a.1`. Does not check whether
 * the list has the entry or whether the goods belong to it.
 */
export const readEccn = (text: string): Eccn => {
  if (text === 'EAR99') return { wellFormed: true, kind: 'EAR99' };
  const found = text.length <= MAX_LENGTH ? ENTRY.exec(text) : null;
  if (!found)
    return {
      wellFormed: false,
      reason: 'EAR99, or a category 0-9, a group A-E, three digits and paragraphs such as .a.1',
    };
  const [, category = '', group = '', number = '', rest = ''] = found;
  return {
    wellFormed: true,
    kind: 'entry',
    category,
    group,
    entry: category + group + number,
    paragraphs: rest === '' ? [] : rest.slice(1).split('.'),
  };
};
