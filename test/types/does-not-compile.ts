/**
 * What must not compile. Nothing here runs: `tsc` fails when a line that is marked as an error is none any more.
 */
import { askFor } from '#app/due/ask.ts';
import type { Ports, Store } from '#app/ports.ts';
import type { ExceptionRecord } from '#domain/exception.ts';
import type { Retry } from '#domain/job.ts';
import { LEG_MACHINES, type Leg, moveLeg } from '#domain/leg.ts';
import type { By } from '#domain/move.ts';
import { born, move, noted } from '#domain/move.ts';
import { type MODE_NAMES, ModeName } from '#domain/offer.ts';
import { type Order, orderMachine } from '#domain/order.ts';
import { machine } from '#domain/state-machine.ts';
import { applyStockOp, emptyLevel } from '#domain/stock.ts';
import { JOBS } from '#jobs';
import type { Operations, Output } from '#kit';
import { MODES } from '#modes';
import { defineJob, type Enqueue, type JobDefinition } from '#queue';

export const states = () => {
  // @ts-expect-error a state that the machine does not have
  LEG_MACHINES.purchase.allows('planned', 'nowhere');
  // @ts-expect-error a table that leads to a state without a row
  machine('door', 'open', { open: ['ajar'] });
};

export const steps = async (store: Store, order: Order, leg: Leg, by: By) => {
  move(orderMachine, order, 'routed', { note: '' }, by);
  // @ts-expect-error a state of another machine
  move(orderMachine, order, 'submitted', {}, by);
  // @ts-expect-error the changes of a step set no state of their own
  move(orderMachine, order, 'routed', { state: 'closed' }, by);
  // @ts-expect-error nor the news
  noted(order, 'order.seen', { news: [] }, by);
  // @ts-expect-error nobody acts
  moveLeg(leg, 'accepted', {});
  await store.orders.insert(born(orderMachine, order, by));
};

export const modes = (name: (typeof MODE_NAMES)[number]) => {
  MODES[name].returnsTo();
  // @ts-expect-error there are four modes
  MODES['rental'].returnsTo();
  // @ts-expect-error a table of modes with one missing
  const titles: Record<typeof name, string> = { wholesale: '', self_produced: '', agent_operated: '' };
  return [titles, ModeName];
};

export const queries = async (store: Store) => {
  // @ts-expect-error a query names its workspace
  await store.orders.list({ state: 'received' }, { limit: 1 });
  // @ts-expect-error a field that orders do not have
  await store.orders.list('ws', { colour: 'red' }, { limit: 1 });
  // @ts-expect-error an operator where a value belongs
  await store.orders.list('ws', { number: { $ne: '' } }, { limit: 1 });
  // @ts-expect-error a guard that compares with what the field can never be
  await store.legs.change('lg', { state: 'sent' }, {});
  // @ts-expect-error not every kind of document may be read by nobody's workspace
  await store.findOrder('or');
};

export const stock = () => {
  // @ts-expect-error a reservation says for which line
  applyStockOp(emptyLevel('ws', 'l', 's'), { kind: 'reserve', id: 'i', quantity: 1, reference: '' }, 0);
};

export const jobs = async (enqueue: Enqueue, job: JobDefinition<{ legId: string }>) => {
  await enqueue(job, { legId: 'lg' });
  // @ts-expect-error a payload that is not the job's
  await enqueue(job, { orderId: 'or' });
  // @ts-expect-error a lane that does not exist
  defineJob<{ legId: string }>({ ...job, queue: 'express' });
};

export const retries = (): (Retry | ExceptionRecord['retry'])[] => [
  { job: 'leg.submit', payload: { workspaceId: 'ws', legId: 'lg' } },
  // @ts-expect-error a job that does not exist
  { job: 'leg.sumbit', payload: { workspaceId: 'ws', legId: 'lg' } },
  // @ts-expect-error a payload of another job
  { job: 'leg.submit', payload: { workspaceId: 'ws', orderId: 'or' } },
  // @ts-expect-error stock numbers are told to one storefront
  { job: 'stock.publish', payload: { workspaceId: 'ws' } },
];

export const catalogue = (): Partial<typeof JOBS> => ({
  'leg.poll': JOBS['leg.poll'],
  // @ts-expect-error a job under the name of another
  'leg.probe': JOBS['leg.poll'],
});
// @ts-expect-error a job under a name that no retry can have
export const guess = (): Partial<typeof JOBS> => ({ 'leg.guess': JOBS['leg.poll'] });

export const subjects = (job: JobDefinition<{ legId: string }>) => {
  // @ts-expect-error a job that does not say what it is about
  defineJob({ ...job, name: 'leg.guess', subject: undefined });
};

export const dues = async (ports: Ports) => {
  await askFor(ports, 'ws', 'stock.publish', ['cn']);
  // @ts-expect-error a due that the table does not have
  await askFor(ports, 'ws', 'stock.guess', ['cn']);
};

export const connectors = () => {
  type Supplier = Operations<Parameters<typeof check>[0]['manifest'], 'supplier'>;
  // @ts-expect-error a supplier that cannot be asked what became of an order
  const incomplete: Supplier = { 'purchases.place': async () => outcome };
  return incomplete;
};
declare const check: (connector: import('#kit').Connector) => void;
declare const outcome: Output<'purchases.place'>;
