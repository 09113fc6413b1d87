import { systemActor } from '#domain/actor.ts';
import { exceptionMachine } from '#domain/exception.ts';
import { exceptionsFrom01, locationsFrom01, variantsFrom01, withoutFacts } from '#domain/from-version-0.1.ts';
import { exceptionId } from '#domain/ids.ts';
import { Location } from '#domain/location.ts';
import { born } from '#domain/move.ts';
import { Variant } from '#domain/variant.ts';
import { type Change, eachDocument, type Migration, type Reader } from '../migration.ts';
import { Document1, OfferDocument1, Placed1 } from './version-1.ts';

const by = systemActor('upgrade');
/** An offer of 0.1.0 carries no date: what it says is taken over now, by the real time. */
const now = (): number => Date.now();

const inserts = (collection: string, documents: readonly { _id: string }[]): NonNullable<Change['insert']> =>
  documents.map((document) => ({ collection, schemaVersion: 1, document: { ...document } }));

/** A place that has no offer yet, but goods or a key: of what kind it is nobody has said. */
const placeOf = (collection: 'levels' | 'apiKeys', field: 'levels' | 'keys') =>
  eachDocument({
    collection,
    to: 2,
    reads: Placed1,
    change: (document) => {
      const { workspaceId } = document;
      const none = { workspaceId, offers: [], keys: [], levels: [], by, atMs: now() };
      return { insert: inserts('locations', locationsFrom01({ ...none, [field]: [document] })) };
    },
  });

const rowsOf = async <T>(
  reader: Reader,
  collection: string,
  field: string,
  documents: readonly { _id: string }[],
  values: readonly (boolean | string)[],
  parse: (row: unknown) => T[],
) => {
  const all: T[] = [];
  for (const { _id } of documents) all.push(...(await reader.by(collection, _id, field, values)).flatMap(parse));
  return all;
};

/**
 * The places and goods that offers of 0.1.0 named, as locations without an address and as variants; what that version filled in is
 * marked as assumed. One exception a workspace asks for the addresses, one to confirm what was assumed.
 */
export const placesAndGoods: Migration = {
  number: 3,
  says: 'places are locations and goods are variants',
  steps: [
    eachDocument({
      collection: 'offers',
      to: 2,
      reads: OfferDocument1,
      change: (offer) => {
        const { workspaceId } = offer;
        const locations = locationsFrom01({ workspaceId, offers: [offer], keys: [], levels: [], by, atMs: now() });
        const variants = variantsFrom01({ offers: [offer], listings: [], by, atMs: now() });
        return {
          insert: [...inserts('locations', locations), ...inserts('variants', variants)],
          replace: withoutFacts(offer),
        };
      },
    }),
    placeOf('levels', 'levels'),
    placeOf('apiKeys', 'keys'),
    eachDocument({
      collection: 'workspaces',
      to: 2,
      reads: Document1,
      async gather(workspaces, reader) {
        const parse =
          <T>(schema: { safeParse(row: unknown): { success: true; data: T } | { success: false } }) =>
          (row: unknown) => {
            const parsed = schema.safeParse(row);
            return parsed.success ? [parsed.data] : [];
          };
        return {
          locations: await rowsOf(reader, 'locations', 'active', workspaces, [true], parse(Location)),
          variants: await rowsOf(reader, 'variants', 'assumed', workspaces, [true], parse(Variant)),
        };
      },
      change: ({ _id }, gathered) => {
        const own = <T extends { workspaceId: string }>(all: readonly T[] | undefined) =>
          (all ?? []).filter(({ workspaceId }) => workspaceId === _id);
        const open = exceptionsFrom01(_id, own(gathered?.locations), own(gathered?.variants));
        return {
          insert: open.map((given) => ({
            collection: 'exceptions',
            schemaVersion: 2,
            document: born(
              exceptionMachine,
              {
                _id: exceptionId(_id, given.cause, given.subject.id),
                ...given,
                state: 'open' as const,
                note: '',
                openedAtMs: now(),
                closedAtMs: null,
              },
              { actor: by, atMs: now() },
            ),
          })),
        };
      },
    }),
  ],
};
