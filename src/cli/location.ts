import { readFileSync } from 'node:fs';
import { isProblem } from '#simulator/api-client.ts';
import type { Command } from './command.ts';

/** Options that are parts of the address, by the field of the API. */
const ADDRESS = {
  street: 'line1',
  street2: 'line2',
  city: 'city',
  region: 'region',
  postcode: 'postalCode',
  country: 'country',
  company: 'company',
  recipient: 'name',
  phone: 'phone',
  email: 'email',
} as const;

const read = (file: string): object => {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${file} is no JSON object.`);
  return value;
};

/** The facts that were typed as options. An address is given whole. */
const typed = (values: Readonly<Record<string, string | undefined>>): object => {
  const { file, name, kind, carriers } = values;
  const zone = values['time-zone'];
  const address = Object.fromEntries(
    Object.entries(ADDRESS).flatMap(([option, field]) => {
      const value = values[option];
      return value === undefined ? [] : [[field, value]];
    }),
  );
  return {
    ...(file === undefined ? {} : read(file)),
    ...(name === undefined ? {} : { name }),
    ...(kind === undefined ? {} : { kind }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(Object.keys(address).length === 0 ? {} : { address }),
    ...(carriers === undefined ? {} : { carriers: carriers.split(',').filter((id) => id !== '') }),
    ...(values['fallback'] === undefined ? {} : { fallback: true }),
    ...(values['no-fallback'] === undefined ? {} : { fallback: false }),
  };
};

export const location: Command = {
  words: [
    'location list',
    '      show CODE',
    '      set CODE [--name TEXT] [--kind own] [--street TEXT --city TEXT --postcode TEXT --country GB] [--carriers ID,ID]',
  ].join('\n'),
  says: 'lists the places where goods are, shows one, or makes and changes one (also from --file location.json)',
  options: {
    file: { type: 'string' },
    name: { type: 'string' },
    kind: { type: 'string' },
    'time-zone': { type: 'string' },
    carriers: { type: 'string' },
    fallback: { type: 'boolean' },
    'no-fallback': { type: 'boolean' },
    ...Object.fromEntries(Object.keys(ADDRESS).map((option) => [option, { type: 'string' as const }])),
  },
  async run({ api, args: [what, code], values, say }) {
    if (what === 'list') {
      for await (const found of api.all('/v1/locations')) say(found);
      return 'done';
    }
    if (code === undefined) return 'usage';
    const at = `/v1/locations/${encodeURIComponent(code)}`;
    if (what === 'show') say(await api.get(at));
    else if (what === 'set') {
      const facts = typed(values);
      const known = await api.get(at).then(
        () => true,
        (error: unknown) => {
          if (isProblem(error) && error.status === 404) return false;
          throw error;
        },
      );
      say(known ? await api.patch(at, facts) : await api.put(at, facts));
    } else return 'usage';
    return 'done';
  },
};
