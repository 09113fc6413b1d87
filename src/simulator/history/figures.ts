import type { ClassifiedRow } from './classify.ts';

export interface HubFigures {
  sale: { orders: number; lines: number; units: number; minor: number };
  cancellation: { invoices: number; lines: number; units: number; minor: number; unmatchedLines: number };
  charge: { lines: number; minor: number };
  stock: { lines: number; units: number };
}

export interface FileFigures extends HubFigures {
  rows: number;
}

export interface ModeFigures {
  lines: number;
  units: number;
  minor: number;
  shipped: number;
  cancelled: number;
  returned: number;
  held: number;
}

export interface Pair {
  ours: number;
  theirs: number;
}

export interface RunFigures {
  /** Of real time, over all starts. */
  seconds: number;
  linesPerSecond: number;
  ordersPerSecond: number;
  peakRssMb: number;
  /** Calls to the vendors as the product counted them. What it did in the last half second before a kill -9 is not in it. */
  vendorCalls: number;
  /** Orders read again at their storefront before something that costs; in `vendorCalls`. */
  freshnessCalls: number;
}

/** The figures of a history run, so that a stranger can check it. Signs are the file's. */
export interface Report {
  file: FileFigures;
  /** Read back through API /v1 when everything is idle. */
  hub: HubFigures;
  byMode: Record<string, ModeFigures>;
  orders: { received: number; goodsless: number; settled: number; open: number; exceptions: number };
  exceptionsByCause: Record<string, number>;
  outside: {
    purchaseOrders: Pair;
    labels: Pair;
    /** Packages that the storefronts were told of, whether in one part or in several; their lines and units. */
    confirmations: Pair;
    confirmedLines: Pair;
    confirmedUnits: Pair;
    refunds: Pair;
  };
  packages: {
    /** How often the storefronts were told of a package or a part of one: more than the packages where a limit on lines parts some. */
    parts: number;
    /** Units that were packed and refunded before the storefront was told of them: on neither side of the pairs. */
    refundedBefore: number;
    /** Packages that hold other units than the storefront was told of. */
    differing: string[];
  };
  /** The events of the workspace, held against their chain. */
  audit: { events: number; problems: number };
  run: RunFigures;
}

export interface FigureCounter {
  /** Counts one row. `matched`: whether a cancellation belongs to a sale line; ignored for other kinds. */
  add(row: ClassifiedRow, matched: boolean): void;
  /** A copy of the figures so far. */
  value(): FileFigures;
}

/** Counts the figures of a file row by row. Only keeps the invoice numbers in memory. */
export const countFigures = (): FigureCounter => {
  const orders = new Set<string>();
  const cancellations = new Set<string>();
  const figures: FileFigures = {
    rows: 0,
    sale: { orders: 0, lines: 0, units: 0, minor: 0 },
    cancellation: { invoices: 0, lines: 0, units: 0, minor: 0, unmatchedLines: 0 },
    charge: { lines: 0, minor: 0 },
    stock: { lines: 0, units: 0 },
  };
  const { sale, cancellation, charge, stock } = figures;
  return {
    add(row, matched) {
      figures.rows += 1;
      switch (row.kind) {
        case 'sale':
          orders.add(row.invoice);
          sale.lines += 1;
          sale.units += row.quantity;
          sale.minor += row.minor;
          break;
        case 'cancellation':
          cancellations.add(row.invoice);
          cancellation.lines += 1;
          cancellation.units += row.quantity;
          cancellation.minor += row.minor;
          if (!matched) cancellation.unmatchedLines += 1;
          break;
        case 'charge':
          charge.lines += 1;
          charge.minor += row.minor;
          break;
        case 'stock':
          stock.lines += 1;
          stock.units += row.quantity;
          break;
      }
    },
    value: () =>
      structuredClone({
        ...figures,
        sale: { ...sale, orders: orders.size },
        cancellation: { ...cancellation, invoices: cancellations.size },
      }),
  };
};

/** The figures in which the file and the hub must agree, with the names used in messages. */
const named = (figures: HubFigures): [name: string, value: number][] => [
  ['sale.orders', figures.sale.orders],
  ['sale.lines', figures.sale.lines],
  ['sale.units', figures.sale.units],
  ['sale.minor', figures.sale.minor],
  ['cancellation.invoices', figures.cancellation.invoices],
  ['cancellation.lines', figures.cancellation.lines],
  ['cancellation.units', figures.cancellation.units],
  ['cancellation.minor', figures.cancellation.minor],
  ['cancellation.unmatchedLines', figures.cancellation.unmatchedLines],
  ['charge.lines', figures.charge.lines],
  ['charge.minor', figures.charge.minor],
  ['stock.lines', figures.stock.lines],
  ['stock.units', figures.stock.units],
];

/** One sentence for each figure that differs between hub and file, with both numbers; empty if they agree. */
export const differences = (file: HubFigures, hub: HubFigures): string[] => {
  const theirs = new Map(named(hub));
  return named(file)
    .filter(([name, value]) => theirs.get(name) !== value)
    .map(([name, value]) => `${name}: the file has ${value}, the hub has ${theirs.get(name)}`);
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The only cause that a file of sales explains: a cancellation that belongs to no sale in it. */
const EXPLAINED = 'return_unmatched';

/** One sentence for each equation of the report that does not hold, with its numbers; empty if the run balances. */
export const checkReport = (report: Report): string[] => {
  const problems = differences(report.file, report.hub);
  // NaN equals nothing, so it is reported too.
  const equal = (left: string, leftValue: number, right: string, rightValue: number) => {
    if (leftValue !== rightValue) problems.push(`${left} is ${leftValue}, ${right} is ${rightValue}`);
  };
  const { orders, outside } = report;
  const modes = Object.entries(report.byMode);

  equal(
    'orders.received',
    orders.received,
    'settled + open + exceptions',
    orders.settled + orders.open + orders.exceptions,
  );
  equal('orders.received', orders.received, 'sale.orders + goodsless', report.file.sale.orders + orders.goodsless);
  equal('orders.open', orders.open, 'what may be open at the end', 0);
  equal(
    'orders.exceptions + cancellation.unmatchedLines',
    orders.exceptions + report.hub.cancellation.unmatchedLines,
    'the sum of exceptionsByCause',
    sum(Object.values(report.exceptionsByCause)),
  );
  for (const [cause, count] of Object.entries(report.exceptionsByCause))
    if (cause !== EXPLAINED) equal(`exceptionsByCause.${cause}`, count, 'what the file explains', 0);

  for (const figure of ['lines', 'units', 'minor'] as const) {
    equal(
      `the sum of byMode.*.${figure}`,
      sum(modes.map(([, mode]) => mode[figure])),
      `sale.${figure}`,
      report.file.sale[figure],
    );
  }
  for (const [name, mode] of modes) {
    equal(`byMode.${name}.units`, mode.units, 'shipped + cancelled + held', mode.shipped + mode.cancelled + mode.held);
    if (!(mode.returned <= mode.shipped)) {
      problems.push(`byMode.${name}.returned is ${mode.returned}, more than the ${mode.shipped} shipped`);
    }
    equal(`byMode.${name}.held`, mode.held, 'what may be held at the end', 0);
  }

  const pairs: [name: string, pair: Pair][] = [
    ['purchaseOrders', outside.purchaseOrders],
    ['labels', outside.labels],
    ['confirmations', outside.confirmations],
    ['confirmedLines', outside.confirmedLines],
    ['confirmedUnits', outside.confirmedUnits],
    ['refunds', outside.refunds],
  ];
  for (const [name, { ours, theirs }] of pairs) {
    equal(`outside.${name}.ours`, ours, `outside.${name}.theirs`, theirs);
  }
  for (const sentence of report.packages.differing) problems.push(`a package differs: ${sentence}`);
  equal('audit.problems', report.audit.problems, 'what may be wrong with the events', 0);
  return problems;
};

/** The run in two lines for people. */
export const summaryOf = ({ orders, file, outside, audit, run }: Report): string[] => [
  `${orders.received} orders with ${file.sale.lines} lines and ${file.sale.units} units, ${outside.confirmations.theirs} packages told of, ` +
    `${run.seconds} s: ${run.ordersPerSecond} orders/s, ${run.linesPerSecond} rows/s, at most ${run.peakRssMb} MB.`,
  `${run.vendorCalls} calls to the vendors, among them ${run.freshnessCalls} freshness calls; ${audit.events} events.`,
];
