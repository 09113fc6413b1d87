import { isFailure } from '#domain/failure.ts';
import { allocate, exponentOf, extend, fromMinor, toMinor } from '#domain/money.ts';
import type { ShipmentCharge, ShipmentLine, ShipmentPackage, ShipmentRecord } from './shipment-record.ts';

export interface LineFigures {
  line: ShipmentLine;
  amountMinor: number;
  /** The amount without the freight and insurance that its price includes. */
  goodsOnlyMinor: number;
  netGrams: number | null;
  grossGrams: number | null;
  packageIds: readonly string[];
}

export interface ContentFigures {
  line: ShipmentLine;
  quantity: number;
  /** The line's value without its share of included freight and insurance. */
  valueMinor: number;
  netGrams: number | null;
}

export interface PackageFigures {
  pack: ShipmentPackage;
  contents: readonly ContentFigures[];
  pieces: number;
  valueMinor: number;
  netGrams: number | null;
}

/**
 * All sums that the papers print, calculated once from the record: minor units, grams and pieces, all whole numbers.
 * Amounts are split by largest remainder, so the parts always add up to the whole.
 */
export interface Figures {
  lines: readonly LineFigures[];
  packages: readonly PackageFigures[];
  goodsMinor: number;
  /** Charges on top of the unit prices. */
  addedMinor: number;
  /** Freight and insurance that the unit prices include. */
  includedMinor: number;
  goodsOnlyMinor: number;
  totalMinor: number;
  pieces: number;
  netGrams: number | null;
  grossGrams: number | null;
}

/** A contradiction in a record. `field` is a path such as `lines[2].grossGrams`. */
export interface RecordFault {
  field: string;
  reason: string;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The sum if every part is known, otherwise null. */
const knownSum = (numbers: readonly (number | null)[]): number | null => {
  const known = numbers.filter((number) => number !== null);
  return known.length === numbers.length && known.length > 0 ? sum(known) : null;
};

/** Refuses an amount that is not a whole number of minor units, so that nothing is rounded away. */
const amountFault = (amount: string, currency: string): string | null => {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const decimals = fraction.replace(/0+$/, '');
  if (decimals.length > exponentOf(currency)) return `${amount} ${currency} has more decimals than the currency`;
  const isLarge = !Number.isSafeInteger(Number(whole + decimals.padEnd(exponentOf(currency), '0')));
  return isLarge ? `${amount} ${currency} is too large an amount` : null;
};

const amountsOf = (record: ShipmentRecord, faults: RecordFault[]): number[] =>
  record.lines.map((line, index) => {
    try {
      return extend(line.unitPrice, line.quantity, record.currency);
    } catch (error) {
      if (!isFailure(error, 'invalid')) throw error;
      faults.push({ field: `lines[${index}].unitPrice`, reason: 'times the quantity is too large an amount' });
      return 0;
    }
  });

const chargeFaults = (charge: ShipmentCharge, index: number, currency: string): RecordFault[] => {
  const faults: RecordFault[] = [];
  const unfit = amountFault(charge.amount, currency);
  if (unfit !== null) faults.push({ field: `charges[${index}].amount`, reason: unfit });
  if (charge.kind !== 'other' && charge.amount.startsWith('-'))
    faults.push({ field: `charges[${index}].amount`, reason: `${charge.kind} is negative` });
  if (charge.kind === 'other' && charge.included)
    faults.push({ field: `charges[${index}].included`, reason: 'only freight and insurance can be inside the prices' });
  return faults;
};

const doubles = (keys: readonly (string | number)[]): Set<number> => {
  const seen = new Set<string | number>();
  const again = new Set<number>();
  keys.forEach((key, index) => {
    if (seen.has(key)) again.add(index);
    seen.add(key);
  });
  return again;
};

const packingFaults = (record: ShipmentRecord): RecordFault[] => {
  const faults: RecordFault[] = [];
  const packed = new Map<number, number>(record.lines.map((line) => [line.lineNo, 0]));
  record.packages.forEach((pack, index) => {
    if (pack.contents.length === 0) faults.push({ field: `packages[${index}].contents`, reason: 'nothing is in it' });
    const again = doubles(pack.contents.map((content) => content.lineNo));
    pack.contents.forEach(({ lineNo, quantity }, at) => {
      const field = `packages[${index}].contents[${at}].lineNo`;
      const before = packed.get(lineNo);
      if (before === undefined) faults.push({ field, reason: `there is no line ${lineNo}` });
      else packed.set(lineNo, before + quantity);
      if (again.has(at)) faults.push({ field, reason: `line ${lineNo} is named twice in one package` });
    });
  });
  if (record.packages.length === 0) return faults;
  record.lines.forEach((line, index) => {
    const count = packed.get(line.lineNo) ?? 0;
    if (count !== line.quantity)
      faults.push({
        field: `lines[${index}].quantity`,
        reason: `${line.quantity} on the line, but ${count} in the packages: each piece is in exactly one`,
      });
  });
  return faults;
};

/**
 * The gross weight of each line as given, otherwise the packages' gross split by net weight. Each share is then at
 * least its net weight.
 */
const lineGross = (record: ShipmentRecord, packagesGross: number | null): (number | null)[] => {
  const nets = record.lines.flatMap((line) => (line.netGrams === null ? [] : [line.netGrams]));
  const given = record.lines.some((line) => line.grossGrams !== null);
  if (given || packagesGross === null || nets.length !== record.lines.length)
    return record.lines.map((line) => line.grossGrams);
  return allocate(packagesGross, nets);
};

const weightFaults = (record: ShipmentRecord, packages: readonly PackageFigures[], gross: number | null) => {
  const faults: RecordFault[] = [];
  const grossGiven = record.lines.filter((line) => line.grossGrams !== null).length;
  record.lines.forEach((line, index) => {
    if (grossGiven > 0 && line.grossGrams === null)
      faults.push({ field: `lines[${index}].grossGrams`, reason: 'missing, although other lines have one' });
    if (line.grossGrams !== null && line.netGrams !== null && line.grossGrams < line.netGrams)
      faults.push({
        field: `lines[${index}].grossGrams`,
        reason: `${line.grossGrams} g gross is less than ${line.netGrams} g net`,
      });
  });
  packages.forEach(({ pack, netGrams }, index) => {
    if (pack.grossGrams !== null && netGrams !== null && pack.grossGrams < netGrams)
      faults.push({
        field: `packages[${index}].grossGrams`,
        reason: `${pack.grossGrams} g gross is less than the ${netGrams} g net of its contents`,
      });
  });
  const linesGross = knownSum(record.lines.map((line) => line.grossGrams));
  if (linesGross !== null && gross !== null && linesGross !== gross)
    faults.push({
      field: 'packages',
      reason: `weigh ${gross} g gross together, but the lines ${linesGross} g`,
    });
  return faults;
};

const statedFaults = (record: ShipmentRecord, figures: Figures): RecordFault[] => {
  const { stated, currency } = record;
  const ours = {
    goods: fromMinor(figures.goodsMinor, currency),
    total: fromMinor(figures.totalMinor, currency),
    pieces: figures.pieces,
    packages: record.packages.length,
    netGrams: figures.netGrams,
    grossGrams: figures.grossGrams,
  };
  const faults: RecordFault[] = [];
  const compare = (key: keyof typeof ours, said: string | number | null, same: boolean) => {
    if (said !== null && ours[key] !== null && !same)
      faults.push({ field: `stated.${key}`, reason: `says ${said}, but the shipment comes to ${ours[key]}` });
  };
  for (const key of ['goods', 'total'] as const) {
    const said = stated[key];
    const exactly = said !== null && amountFault(said, currency) === null;
    const oursMinor = key === 'goods' ? figures.goodsMinor : figures.totalMinor;
    compare(key, said, exactly && toMinor(said, currency) === oursMinor);
  }
  for (const key of ['pieces', 'packages', 'netGrams', 'grossGrams'] as const)
    compare(key, stated[key], stated[key] === ours[key]);
  return faults;
};

interface Shares {
  values: readonly number[];
  nets: readonly number[] | null;
}

interface Place {
  packageId: string;
  quantity: number;
}

/** The packages of each line, in package order. */
const placesOf = (packages: readonly ShipmentPackage[]): ReadonlyMap<number, readonly Place[]> => {
  const places = new Map<number, Place[]>();
  for (const pack of packages)
    for (const { lineNo, quantity } of pack.contents) {
      const known = places.get(lineNo);
      if (known) known.push({ packageId: pack.id, quantity });
      else places.set(lineNo, [{ packageId: pack.id, quantity }]);
    }
  return places;
};

/** Splits a line's value and net weight over its packages. */
const sharesOf = (figure: LineFigures, places: readonly Place[]): Shares => {
  const quantities = places.map(({ quantity }) => quantity);
  return {
    values: allocate(figure.goodsOnlyMinor, quantities),
    nets: figure.netGrams === null ? null : allocate(figure.netGrams, quantities),
  };
};

const packageFigures = (
  record: ShipmentRecord,
  lines: readonly LineFigures[],
  places: ReadonlyMap<number, readonly Place[]>,
): PackageFigures[] => {
  const byNo = new Map(
    lines.map((figure) => [figure.line.lineNo, { figure, ...sharesOf(figure, places.get(figure.line.lineNo) ?? []) }]),
  );
  const taken = new Map<number, number>();
  return record.packages.map((pack) => {
    const contents = pack.contents.flatMap(({ lineNo, quantity }): ContentFigures[] => {
      const shares = byNo.get(lineNo);
      if (!shares) return [];
      const at = taken.get(lineNo) ?? 0;
      taken.set(lineNo, at + 1);
      return [
        {
          line: shares.figure.line,
          quantity,
          valueMinor: shares.values[at] ?? 0,
          netGrams: shares.nets?.[at] ?? null,
        },
      ];
    });
    return {
      pack,
      contents,
      pieces: sum(contents.map(({ quantity }) => quantity)),
      valueMinor: sum(contents.map(({ valueMinor }) => valueMinor)),
      netGrams: knownSum(contents.map(({ netGrams }) => netGrams)),
    };
  });
};

/**
 * Calculates the figures of a record and all its contradictions: money to the minor unit, weights to the gram, every
 * piece in exactly one package, gross at least net, and stated figures equal to ours. Never throws for a parsed record.
 */
export const figuresOf = (record: ShipmentRecord): { figures: Figures; faults: readonly RecordFault[] } => {
  const faults: RecordFault[] = [];
  const { currency } = record;
  for (const index of doubles(record.lines.map((line) => line.lineNo)))
    faults.push({ field: `lines[${index}].lineNo`, reason: 'used by an earlier line' });
  for (const index of doubles(record.packages.map((pack) => pack.id)))
    faults.push({ field: `packages[${index}].id`, reason: 'used by an earlier package' });
  faults.push(...record.charges.flatMap((charge, index) => chargeFaults(charge, index, currency)));

  const amounts = amountsOf(record, faults);
  const goodsMinor = sum(amounts);
  const chargeSum = (included: boolean) =>
    sum(
      record.charges
        .filter((charge) => charge.included === included && amountFault(charge.amount, currency) === null)
        .map((charge) => toMinor(charge.amount, currency)),
    );
  const includedMinor = chargeSum(true);
  const addedMinor = chargeSum(false);
  if (![goodsMinor, addedMinor, includedMinor, goodsMinor + addedMinor].every(Number.isSafeInteger))
    faults.push({ field: 'lines', reason: 'come to too large an amount' });
  if (includedMinor > goodsMinor)
    faults.push({ field: 'charges', reason: 'included in the prices are more than the goods come to' });
  if (goodsMinor + addedMinor < 0) faults.push({ field: 'charges', reason: 'make the total negative' });
  if (record.credit && record.credit.currency !== currency)
    faults.push({
      field: 'currency',
      reason: `${currency}, but the credit is in ${record.credit.currency} (UCP 600 article 18)`,
    });
  const unfit = record.credit?.amount ? amountFault(record.credit.amount, currency) : null;
  if (unfit !== null) faults.push({ field: 'credit.amount', reason: unfit });

  const packing = packingFaults(record);
  faults.push(...packing);
  const grossGrams = knownSum(record.packages.map((pack) => pack.grossGrams));
  const grosses = lineGross(record, grossGrams);
  const includedShares =
    includedMinor > 0 && includedMinor <= goodsMinor ? allocate(includedMinor, amounts) : amounts.map(() => 0);
  const places = placesOf(record.packages);
  const lines = record.lines.map((line, index): LineFigures => {
    const amountMinor = amounts[index] ?? 0;
    return {
      line,
      amountMinor,
      goodsOnlyMinor: amountMinor - (includedShares[index] ?? 0),
      netGrams: line.netGrams,
      grossGrams: grosses[index] ?? null,
      packageIds: (places.get(line.lineNo) ?? []).map(({ packageId }) => packageId),
    };
  });
  const packages = packageFigures(record, lines, places);
  // If pieces are missing or packed twice, the expected weight of a package is unknown.
  faults.push(...weightFaults(record, packing.length === 0 ? packages : [], grossGrams));
  const figures: Figures = {
    lines,
    packages,
    goodsMinor,
    addedMinor,
    includedMinor,
    grossGrams,
    goodsOnlyMinor: goodsMinor - includedMinor,
    totalMinor: goodsMinor + addedMinor,
    pieces: sum(record.lines.map((line) => line.quantity)),
    netGrams: knownSum(record.lines.map((line) => line.netGrams)),
  };
  faults.push(...statedFaults(record, figures));
  return { figures, faults };
};
