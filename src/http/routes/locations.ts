import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import { LocationChanges, LocationCode, locationId } from '#domain/location.ts';
import { labelShipment, submitLeg } from '#jobs';
import { listPage, Page, PageQuery } from '../page.ts';
import { type Asked, defineRoute } from '../route.ts';
import { LocationView, toLocation } from '../views-goods.ts';

const AnyCode = z.strictObject({ code: z.string().max(120) });

/** Sets a location, and puts on its way what waited for it. */
const set = async (asked: Asked, code: string, how: 'make' | 'change', changes: LocationChanges) => {
  const { app, deps, workspaceId } = asked;
  const done = await app.setLocation(asked.actor, { workspaceId, code, how, changes });
  await deps.enqueueAll(
    labelShipment,
    done.shipmentIds.map((shipmentId) => ({ workspaceId, shipmentId })),
  );
  await deps.enqueueAll(
    submitLeg,
    done.legIds.map((legId) => ({ workspaceId, legId })),
  );
  return toLocation(done.location);
};

export const locationRoutes = [
  defineRoute({
    method: 'get',
    path: '/locations',
    scope: 'locations:read',
    summary: 'Places where goods are, with their addresses and carriers',
    input: z.strictObject({ query: z.strictObject(PageQuery) }),
    response: Page(LocationView),
    handle: ({ store, workspaceId }, { query }) => listPage(store.locations, workspaceId, {}, query, toLocation),
  }),
  defineRoute({
    method: 'get',
    path: '/locations/{code}',
    scope: 'locations:read',
    summary: 'A location',
    input: z.strictObject({ params: AnyCode }),
    response: LocationView,
    async handle({ store, workspaceId }, { params }) {
      const location = await store.locations.find(workspaceId, locationId(workspaceId, params.code));
      if (!location) throw new Failure('not_found', `There is no location ${params.code}.`);
      return toLocation(location);
    },
  }),
  defineRoute({
    method: 'put',
    path: '/locations/{code}',
    scope: 'locations:write',
    summary: 'Makes a location, or replaces what is said of it; what waited for its address goes on',
    input: z.strictObject({ params: z.strictObject({ code: LocationCode }), body: LocationChanges }),
    response: LocationView,
    handle: (asked, { params, body }) => set(asked, params.code, 'make', body),
  }),
  defineRoute({
    method: 'patch',
    path: '/locations/{code}',
    scope: 'locations:write',
    summary: 'Changes a location; what is left out stays, what waited for its address or carrier goes on',
    input: z.strictObject({ params: AnyCode, body: LocationChanges }),
    response: LocationView,
    handle: (asked, { params, body }) => set(asked, params.code, 'change', body),
  }),
];
