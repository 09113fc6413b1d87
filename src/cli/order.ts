import { z } from 'zod';
import type { Command } from './command.ts';
import { readObject } from './read-file.ts';

const Found = z.object({ items: z.array(z.object({ id: z.string() })) });
const Timeline = z.object({
  items: z.array(
    z.object({
      at: z.string(),
      type: z.string(),
      subject: z.object({ id: z.string() }),
      actor: z.object({ name: z.string() }),
      said: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  next: z.string().nullable(),
});
const Changes = z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() }));
const Replayed = z.object({ changes: Changes });
const ACTIONS = ['hold', 'release', 'cancel', 'address', 'replan'] as const;

const PREVIEWED: readonly string[] = ['cancel', 'address', 'replan'];

/** The order of this id, or else of this number. */
const idOf = async (api: Parameters<Command['run']>[0]['api'], named: string): Promise<string> => {
  if (named.startsWith('or_')) return named;
  const { items } = Found.parse(await api.get(`/v1/orders?number=${encodeURIComponent(named)}`));
  return items[0]?.id ?? named;
};

const bodyOf = (
  what: (typeof ACTIONS)[number],
  values: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> | null => {
  const { code, note } = values;
  switch (what) {
    case 'hold':
      return note === undefined ? null : { ...(code === undefined ? {} : { code }), note };
    case 'release':
      return code === undefined || note === undefined ? null : { code, note };
    case 'cancel':
      return {
        id: values['request'] ?? `cli-${new Date().toISOString()}`,
        lines: values['lines'] === undefined ? null : readObject(values['lines'])['lines'],
        refund: values['refund'] ?? 'none',
        tellStorefront: values['quiet'] === undefined,
        note: note ?? '',
      };
    case 'address':
      return values['file'] === undefined ? null : { address: readObject(values['file']) };
    case 'replan':
      return note === undefined ? null : { reason: note, cancelSent: values['cancel-sent'] !== undefined };
  }
};

/** What a person does with one order. `cancel`, `address` and `replan` take `--preview` and then change nothing; `replay` changes nothing without `--apply`. */
export const order: Command = {
  words: `order show|timeline|hold|release|cancel|address|replan|replay|told ORDER [options]
      show ORDER
      timeline ORDER
      hold ORDER --note TEXT [--code manual|credit]
      release ORDER --code CODE --note TEXT
      cancel ORDER [--lines FILE.json] [--refund none|notShipped] [--quiet] [--note TEXT] [--request NAME] [--preview]
      address ORDER --file ADDRESS.json [--preview]
      replan ORDER --note WHY [--cancel-sent] [--preview]
      replay ORDER [--apply]     what today's connector reads otherwise; --apply stores it as a version
      told ORDER --note TEXT     (it was cancelled at the storefront by hand)`,
  says: 'shows an order by id or number, or acts on it',
  options: {
    preview: { type: 'boolean' },
    code: { type: 'string' },
    note: { type: 'string' },
    lines: { type: 'string' },
    refund: { type: 'string' },
    quiet: { type: 'boolean' },
    request: { type: 'string' },
    file: { type: 'string' },
    'cancel-sent': { type: 'boolean' },
    apply: { type: 'boolean' },
  },
  async run({ api, args: [what, named], values, say, print }) {
    if (what === undefined || named === undefined) return 'usage';
    // Whoever asks for a preview must never find it done.
    if (values['preview'] !== undefined && !PREVIEWED.includes(what)) return 'usage';
    const id = encodeURIComponent(await idOf(api, named));
    if (what === 'show') {
      say(await api.get(`/v1/orders/${id}`));
      return 'done';
    }
    if (what === 'timeline') {
      for (let after = ''; ; ) {
        const { items, next } = Timeline.parse(await api.get(`/v1/orders/${id}/timeline?limit=500${after}`));
        for (const { at, type, subject, actor, said } of items)
          print(`${at}  ${type}  ${subject.id}  by ${actor.name}${said ? `: ${Object.values(said).join(' · ')}` : ''}`);
        if (next === null) return 'done';
        after = `&after=${encodeURIComponent(next)}`;
      }
    }
    if (what === 'told') {
      const { note } = values;
      if (note === undefined) return 'usage';
      say(await api.post(`/v1/orders/${id}/storefront-told`, { note }));
      return 'done';
    }
    if (what === 'replay') {
      const apply = values['apply'] !== undefined;
      const { changes } = Replayed.parse(await api.post(`/v1/orders/${id}/replay${apply ? '' : '/preview'}`, {}));
      for (const { field, from, to } of changes) print(`${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`);
      if (changes.length === 0) print('Nothing differs: today’s connector reads the order as it is stored.');
      else print(apply ? 'Stored as a version of the order.' : 'Nothing was stored: ask with --apply.');
      return 'done';
    }
    const action = ACTIONS.find((name) => name === what);
    const body = action && bodyOf(action, values);
    if (!action || !body) return 'usage';
    const preview = values['preview'] !== undefined;
    say(await api.post(preview ? `/v1/orders/${id}/${action}/preview` : `/v1/orders/${id}/${action}`, body));
    return 'done';
  },
};
