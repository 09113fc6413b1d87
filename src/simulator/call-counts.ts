export interface CallCounts {
  vendorCalls: number;
  freshnessCalls: number;
}

/** The last counts of each process of the product, by when it started: a process that is started again counts from nothing. */
export type CountsByProcess = Readonly<Record<string, CallCounts>>;

const sumOf = (metrics: string, name: string): number =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );

/** Takes in one reading of the product's metrics; one that names no process changes nothing. */
export const readCounts = (known: CountsByProcess, metrics: string): CountsByProcess => {
  const started = /^process_start_time_seconds (\S+)$/m.exec(metrics)?.[1];
  if (started === undefined) return known;
  const read = {
    vendorCalls: sumOf(metrics, 'crossdock_outbound_seconds_count'),
    freshnessCalls: sumOf(metrics, 'crossdock_orders_read_again_total'),
  };
  return { ...known, [started]: read };
};

/** Over all processes. */
export const allCounts = (known: CountsByProcess): CallCounts =>
  Object.values(known).reduce(
    (sum, one) => ({
      vendorCalls: sum.vendorCalls + one.vendorCalls,
      freshnessCalls: sum.freshnessCalls + one.freshnessCalls,
    }),
    { vendorCalls: 0, freshnessCalls: 0 },
  );
