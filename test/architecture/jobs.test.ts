import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { incomingOrderId } from '#domain/ids.ts';
import { toRetry } from '#domain/job.ts';
import { JOBS, jobCatalogue } from '#jobs';
import { QUEUES } from '../../config/queues.ts';
import { LATER_BUDGET_MS, RETRY } from '../../config/retry.ts';

/** A payload as JSON Schema says it, cut down to names and kinds. */
const Shape = z.object({
  properties: z.record(z.string(), z.object({ type: z.string() })),
  required: z.array(z.string()),
});
const shapeOf = (payload: z.ZodType): string => {
  const { properties, required } = Shape.parse(z.toJSONSchema(payload));
  const field = ([name, { type }]: [string, { type: string }]) =>
    `${name}${required.includes(name) ? '' : '?'}: ${type}`;
  return Object.entries(properties).map(field).sort().join(', ');
};

describe('the job catalogue', () => {
  // Jobs of the version before wait in Redis while a new one starts: a name, lane or payload is changed by adding another.
  it('is frozen: names, lanes, retries and payloads are what waiting jobs of older versions expect', () => {
    const table = [...jobCatalogue.values()].map((job) =>
      [job.name.padEnd(16), job.queue.padEnd(8), job.retry.padEnd(6), shapeOf(job.payload)].join(' '),
    );
    expect(table.sort()).toMatchInlineSnapshot(`
      [
        "balance.read     bulk     vendor connectionId: string, workspaceId: string",
        "case.remind      bulk     own    workspaceId: string",
        "customer.erase   bulk     own    connectionId: string, externalId: string, workspaceId: string",
        "events.file      bulk     own    workspaceId: string",
        "leg.advance      orders   own    legId: string, workspaceId: string",
        "leg.cancel       outbound vendor legId: string, workspaceId: string",
        "leg.pay          outbound vendor legId: string, workspaceId: string",
        "leg.poll         outbound vendor legId: string, workspaceId: string",
        "leg.probe        outbound vendor legId: string, workspaceId: string",
        "leg.submit       outbound vendor legId: string, workspaceId: string",
        "listings.mark    bulk     own    workspaceId: string",
        "listings.pull    bulk     vendor connectionId: string, workspaceId: string",
        "order.ingest     inbound  vendor connectionId: string, externalId: string, workspaceId: string",
        "order.progress   orders   own    orderId: string, workspaceId: string",
        "order.reconcile  orders   own    orderId: string, workspaceId: string",
        "order.route      orders   own    orderId: string, workspaceId: string",
        "order.tell_cancelled outbound vendor orderId: string, workspaceId: string",
        "orders.pull      bulk     vendor connectionId: string, workspaceId: string",
        "orders.recheck   bulk     vendor connectionId: string, workspaceId: string",
        "person.erase     bulk     own    erasureId: string, workspaceId: string",
        "rates.fetch      bulk     own    workspaceId: string",
        "restore.reconcile bulk     own    workspaceId: string",
        "retention.run    bulk     own    workspaceId: string",
        "return.apply     orders   own    returnId: string, workspaceId: string",
        "return.pay       outbound vendor returnId: string, workspaceId: string",
        "shipment.confirm outbound vendor shipmentId: string, workspaceId: string",
        "shipment.follow  bulk     vendor shipmentId: string, workspaceId: string",
        "shipment.label   outbound vendor shipmentId: string, workspaceId: string",
        "shipment.void    outbound vendor shipmentId: string, workspaceId: string",
        "stock.publish    bulk     vendor connectionId: string, workspaceId: string",
        "stock.pull       bulk     vendor connectionId: string, workspaceId: string",
        "stock.refill     bulk     own    workspaceId: string",
      ]
    `);
  });

  it('has each job once, under a name of the form noun.verb', () => {
    expect(jobCatalogue.size).toBe(Object.keys(JOBS).length);
    expect(Object.keys(JOBS)).toEqual([...jobCatalogue.keys()]);
    for (const [name, job] of jobCatalogue) {
      expect(name).toBe(job.name);
      expect(name).toMatch(/^[a-z]+\.[a-z]+(_[a-z]+)*$/);
      expect(Object.keys(QUEUES)).toContain(job.queue);
      expect(Object.keys(RETRY)).toContain(job.retry);
    }
  });

  it('takes payloads of ids alone, names the workspace in each, and makes its key of them', () => {
    for (const job of jobCatalogue.values()) {
      const { properties } = Shape.parse(z.toJSONSchema(job.payload));
      const names = Object.keys(properties);
      expect(names).toContain('workspaceId');
      expect(names.filter((name) => !/Id$/.test(name))).toEqual([]);
      const key = job.key(Object.fromEntries(names.map((name) => [name, `the ${name}`])));
      expect(key.length).toBeGreaterThan(0);
      for (const part of key) expect(part).toMatch(/^the \w+Id$/);
      const payload = Object.fromEntries(names.map((name) => [name, `the ${name}`]));
      const { kind, id } = job.subject(payload);
      // An order that has not come in yet has the id that it will have.
      expect([`the ${kind}Id`, incomingOrderId('the workspaceId', 'the connectionId', 'the externalId')]).toContain(id);
      // What a person may try again is stored as it is, and is what the job takes.
      expect(toRetry(job.name, payload)).toEqual({ job: job.name, payload });
      expect(toRetry(job.name, {})).toBeNull();
      expect(() => job.key({ workspaceId: 'w' }).length && job.key({})).toThrow();
    }
  });

  it('has lanes whose shares are the whole of a worker, and retries that last about as long as they say', () => {
    expect(Object.values(QUEUES).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    const longest = ({ attempts, baseMs, capMs }: { attempts: number; baseMs: number; capMs: number }) =>
      Array.from({ length: attempts - 1 }, (_, n) => Math.min(capMs, baseMs * 2 ** n)).reduce((a, b) => a + b, 0);
    expect(longest(RETRY.vendor) / LATER_BUDGET_MS).toBeGreaterThan(0.5);
    expect(longest(RETRY.vendor) / LATER_BUDGET_MS).toBeLessThan(2);
    expect(longest(RETRY.own)).toBeLessThan(300_000);
  });
});
