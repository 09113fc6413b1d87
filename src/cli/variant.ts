import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error(`${text} is no number.`);
  return value;
};

/** `*=610910,US=6109100012` as the API takes it; a code without a market is for everywhere. */
const hsCodes = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').map((part) => {
      const [market = '', code] = part.split('=');
      return code === undefined ? ['*', market] : [market, code];
    }),
  );

export const variant: Command = {
  words: [
    'variant list [--assumed]',
    '      show SKU',
    '      set SKU [--weight GRAMS] [--origin CN] [--hs 610910 | --hs *=610910,US=6109100012] [--gtin CODE] [--title TEXT]',
    '      import FILE.json',
    '      confirm SKU,SKU | --all',
  ].join('\n'),
  says: 'lists what is known of our SKUs, says facts of one or of a file’s, and confirms assumed ones',
  options: {
    assumed: { type: 'boolean' },
    all: { type: 'boolean' },
    weight: { type: 'string' },
    origin: { type: 'string' },
    hs: { type: 'string' },
    gtin: { type: 'string' },
    title: { type: 'string' },
  },
  async run({ api, args: [what, given], values, say }) {
    if (what === 'list') {
      for await (const found of api.all(`/v1/variants${values['assumed'] === undefined ? '' : '?assumed=true'}`))
        say(found);
      return 'done';
    }
    if (what === 'confirm' && values['all'] !== undefined) {
      say(await api.post('/v1/variants/confirm', { all: true }));
      return 'done';
    }
    if (given === undefined) return 'usage';
    if (what === 'show') say(await api.get(`/v1/variants?sku=${encodeURIComponent(given)}`));
    else if (what === 'confirm') say(await api.post('/v1/variants/confirm', { skus: given.split(',') }));
    else if (what === 'import')
      say(await api.put('/v1/variants', { variants: JSON.parse(readFileSync(given, 'utf8')) }));
    else if (what === 'set') {
      const { weight, origin, hs, gtin, title } = values;
      const one = {
        sku: given,
        ...(weight === undefined ? {} : { weightGrams: number(weight) }),
        ...(origin === undefined ? {} : { origin }),
        ...(hs === undefined ? {} : { hsCodes: hsCodes(hs) }),
        ...(gtin === undefined ? {} : { gtin }),
        ...(title === undefined ? {} : { title }),
      };
      say(await api.put('/v1/variants', { variants: [one] }));
    } else return 'usage';
    return 'done';
  },
};
