import { minorUnitOn } from '../currency/minor-unit.ts';
import { shareOut } from '../currency/share-out.ts';
import { Exact, exact, moneyText } from '../decimal.ts';
import { daysBetween, type PlainDate } from '../plain-date.ts';
import { invalid, readInput } from '../read-input.ts';
import { mergeNotices, type Notice, ruleOn } from '../rule.ts';
import { checkDeemedReceipt } from '../tax-refund/deemed-receipt.ts';
import { type DeclarationLine, keyOf, type LineRef, WriteOffFile } from './case-file.ts';
import { type Settlement, settlementOf } from './receivable.ts';
import { ON_BOARD_DAYS } from './rules.ts';
import { type Spread, type Supply, spread, type Use, type Want } from './spread.ts';
import { lineStatusOn, type WriteOffState } from './state.ts';

export type Link = 'contract' | 'transport' | 'vat-invoice' | 'receipt';

/** A problem that keeps a line from completion, or a point that a person should check, and what to do. */
export interface MatchFinding {
  severity: 'missing' | 'differs' | 'warning';
  link: Link;
  message: string;
}

export interface LineMatch extends LineRef {
  state: WriteOffState;
  fob: string;
  received: string;
  fees: string;
  short: string;
  tolerance: string;
  collectBy: PlainDate | null;
  cap: PlainDate | null;
  repay: string;
  receipts: readonly { id: string; credited: string; fee: string }[];
  invoices: readonly { invoice: string; quantity: string }[];
  /** Whether contract, transport, purchase and money are all linked to the line. */
  complete: boolean;
  findings: readonly MatchFinding[];
  notices: readonly Notice[];
}

export interface MatchedFile {
  lines: readonly LineMatch[];
  /** Money and quantities that no line used. */
  unusedReceipts: readonly { id: string; amount: string }[];
  unusedInvoices: readonly { invoice: string; quantity: string }[];
}

const once = (keys: readonly string[], field: string, what: string): void => {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw invalid(field, `${what} ${key} is there twice; hand it in once`);
    seen.add(key);
  }
};

/** Compares names and units as people read them, ignoring width, case and spaces. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

const lineRank = (line: DeclarationLine): string =>
  `${line.exportDate} ${line.declaration} ${String(line.line).padStart(3, '0')}`;

const invoiceKey = (of: { invoice: string; line: number }): string => `${of.invoice}/${of.line}`;

const moneyOf = (text: string, currency: string, decimals: number, field: string, zero = true): Exact => {
  const value = exact(text, field, { zero });
  if (value.decimalPlaces() > decimals) throw invalid(field, `has more decimals than ${currency} has`);
  return value;
};

const known = (lines: ReadonlyMap<string, DeclarationLine>, ref: LineRef, field: string): DeclarationLine => {
  const line = lines.get(keyOf(ref));
  if (!line) throw invalid(field, `names declaration line ${keyOf(ref)}, which is not in the file`);
  return line;
};

type Lines = ReadonlyMap<string, DeclarationLine>;

interface Money {
  spread: Spread;
  /** The bank's fee in each use. */
  fees: ReadonlyMap<string, Exact>;
}

/** Groups what may be matched without an explicit use: one contract, and one currency or one kind of goods. */
const groupOf = (...marks: readonly string[]): string => JSON.stringify(marks);

const useKey = (supply: string, key: string): string => JSON.stringify([supply, key]);

const spreadMoney = (file: WriteOffFile, lines: Lines, today: PlainDate): Money => {
  const decimalsOf = (currency: string, on: PlainDate, field: string): number =>
    minorUnitOn(currency, { on, today }, field).value.decimals;
  const supplies = file.receipts.map((receipt, index): Supply => {
    const field = `receipts.${index}`;
    const decimals = decimalsOf(receipt.currency, receipt.date, `${field}.currency`);
    const money = (text: string, name: string): Exact => moneyOf(text, receipt.currency, decimals, `${field}.${name}`);
    const uses = receipt.uses.map((use, place) => {
      const line = known(lines, use, `${field}.uses.${place}`);
      if (line.currency !== receipt.currency)
        throw invalid(
          `${field}.uses.${place}`,
          `is in ${receipt.currency}, the declaration in ${line.currency}; hand it in as converted by the bank`,
        );
      return { key: keyOf(use), amount: money(use.amount, `uses.${place}.amount`) };
    });
    const total = money(receipt.credited, 'credited').plus(money(receipt.bankFee, 'bankFee'));
    // The fee is split in whole minor units.
    if (total.times(new Exact(10).pow(decimals)).gt(Number.MAX_SAFE_INTEGER))
      throw invalid(`${field}.credited`, 'is too large to be meant');
    const group = receipt.contract === null ? null : groupOf(receipt.contract, receipt.currency);
    return { id: receipt.id, rank: `${receipt.date} ${receipt.id}`, total, uses, group };
  });
  const wants = file.lines.map((line, index): Want => {
    const field = `lines.${index}.fob`;
    const decimals = decimalsOf(line.currency, line.exportDate, `lines.${index}.currency`);
    const needed = moneyOf(line.fob, line.currency, decimals, field, false);
    return { key: keyOf(line), rank: lineRank(line), group: groupOf(line.contract, line.currency), needed };
  });
  const result = spread(supplies, wants, 'receipts');
  const bySupply = Map.groupBy(result.uses, ({ supply }) => supply);
  const fees = new Map<string, Exact>();
  for (const receipt of file.receipts) {
    const decimals = decimalsOf(receipt.currency, receipt.date, 'receipts');
    const minor = exact(receipt.bankFee, 'bankFee').times(new Exact(10).pow(decimals)).toNumber();
    // Sorted, so that the odd cent goes to the same line whatever the order of the papers.
    const uses = [...(bySupply.get(receipt.id) ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
    const weights = [...uses.map(({ amount }) => amount), result.left.get(receipt.id) ?? new Exact(0)];
    if (weights.every((weight) => weight.isZero())) continue;
    const parts = shareOut(
      minor,
      weights.map((weight) => weight.toFixed()),
    );
    for (const [index, { key }] of uses.entries())
      fees.set(useKey(receipt.id, key), new Exact(parts[index] ?? 0).div(new Exact(10).pow(decimals)));
  }
  return { spread: result, fees };
};

const spreadGoods = (file: WriteOffFile, lines: Lines): Spread => {
  const supplies = file.invoices.map((invoice, index): Supply => {
    const field = `invoices.${index}`;
    const uses = invoice.uses.map((use, place) => {
      known(lines, use, `${field}.uses.${place}`);
      return { key: keyOf(use), amount: exact(use.quantity, `${field}.uses.${place}.quantity`) };
    });
    const total = exact(invoice.quantity, `${field}.quantity`, { zero: false });
    const { contract, hs, unit } = invoice;
    const group = contract === null ? null : groupOf(contract, hs, plain(unit));
    return { id: invoiceKey(invoice), rank: invoiceKey(invoice), total, uses, group };
  });
  const wants = file.lines.map((line, index): Want => {
    const needed = exact(line.quantity, `lines.${index}.quantity`, { zero: false });
    return { key: keyOf(line), rank: lineRank(line), group: groupOf(line.contract, line.hs, plain(line.unit)), needed };
  });
  return spread(supplies, wants, 'invoices');
};

/** The papers of a file, indexed for look-up. */
interface Papers {
  file: WriteOffFile;
  contracts: ReadonlyMap<string, WriteOffFile['contracts'][number]>;
  invoices: ReadonlyMap<string, WriteOffFile['invoices'][number]>;
  receipts: ReadonlyMap<string, WriteOffFile['receipts'][number]>;
  transports: ReadonlyMap<string, readonly WriteOffFile['transports'][number][]>;
  paid: ReadonlyMap<string, readonly Use[]>;
  bought: ReadonlyMap<string, readonly Use[]>;
}

const papersOf = (file: WriteOffFile, money: Money, goods: Spread): Papers => {
  const named = file.transports.flatMap((paper) => paper.declarations.map((declaration) => ({ declaration, paper })));
  const byDeclaration = Map.groupBy(named, ({ declaration }) => declaration);
  const transports = new Map([...byDeclaration].map(([number, found]) => [number, found.map(({ paper }) => paper)]));
  return {
    file,
    contracts: new Map(file.contracts.map((contract) => [contract.number, contract])),
    invoices: new Map(file.invoices.map((invoice) => [invoiceKey(invoice), invoice])),
    receipts: new Map(file.receipts.map((receipt) => [receipt.id, receipt])),
    transports,
    paid: Map.groupBy(money.spread.uses, ({ key }) => key),
    bought: Map.groupBy(goods.uses, ({ key }) => key),
  };
};

const goodsFindings = (papers: Papers, line: DeclarationLine): MatchFinding[] => {
  const link = 'vat-invoice';
  const mine = papers.bought.get(keyOf(line)) ?? [];
  if (mine.length === 0) {
    if (papers.file.company === 'manufacturer') return [];
    const message = 'no special VAT invoice hangs on the line; obtain one, for without it there is no refund';
    return [{ severity: 'missing', link, message }];
  }
  const differences = mine.flatMap(({ supply }): string[] => {
    const invoice = papers.invoices.get(supply);
    if (!invoice) return [];
    const [of, on] = [`of invoice ${supply}`, 'of the declaration'];
    return [
      ...(invoice.hs === line.hs ? [] : [`HS code ${invoice.hs} ${of} is not ${line.hs} ${on}`]),
      ...(plain(invoice.unit) === plain(line.unit) ? [] : [`unit “${invoice.unit}” ${of} is not “${line.unit}” ${on}`]),
    ];
  });
  const invoiced = mine.reduce((sum, { amount }) => sum.plus(amount), new Exact(0));
  const uncovered = `the invoices cover ${invoiced.toFixed()} of ${line.quantity} ${line.unit}; link or obtain the rest`;
  return [
    ...differences.map((what) => `${what}; correct the invoice or the declaration`),
    ...(invoiced.eq(line.quantity) ? [] : [uncovered]),
  ].map((message) => ({ severity: 'differs', link, message }));
};

const transportFindings = (papers: Papers, line: DeclarationLine, most: number): MatchFinding[] => {
  const link = 'transport';
  const transports = papers.transports.get(line.declaration) ?? [];
  if (transports.length === 0)
    return [{ severity: 'missing', link, message: 'no bill of lading or air waybill names the declaration; add it' }];
  const warnings = transports.flatMap(({ number, kind, onBoard }): string[] => {
    const apart = Math.abs(daysBetween(line.exportDate, onBoard));
    const far = `${number}: on board ${onBoard}, ${apart} days from the export date ${line.exportDate}; check both`;
    return [
      ...(apart > most ? [far] : []),
      ...(kind.startsWith('house-') ? [`${number} is a house document; keep the carrier’s own with it`] : []),
    ];
  });
  return warnings.sort().map((message) => ({ severity: 'warning', link, message }));
};

const payerFindings = (papers: Papers, line: DeclarationLine): MatchFinding[] => {
  const buyer = papers.contracts.get(line.contract)?.buyer;
  if (buyer === undefined) {
    const message = `contract ${line.contract} is not in the file; add it with its buyer`;
    return [{ severity: 'missing', link: 'contract', message }];
  }
  return (papers.paid.get(keyOf(line)) ?? [])
    .flatMap(({ supply }) => papers.receipts.get(supply) ?? [])
    .filter(({ payer }) => plain(payer) !== plain(buyer))
    .map(
      ({ id, payer }) => `receipt ${id} was paid by ${payer}, not by ${buyer}; keep the third-party payment agreement`,
    )
    .sort()
    .map((message) => ({ severity: 'warning', link: 'receipt', message }));
};

const moneyFindings = (
  line: DeclarationLine,
  { settled, short }: Settlement,
  collectBy: PlainDate | null,
): MatchFinding[] => {
  if (settled) return [];
  const [link, over] = ['receipt' as const, short.startsWith('-')];
  const message = over
    ? `${line.currency} ${short.slice(1)} more than FOB came; say what it is for`
    : `${line.currency} ${short} has not come; collect it by ${collectBy ?? 'the deadline'}, or file a listed reason with its proofs`;
  return [{ severity: over ? 'differs' : 'missing', link, message }];
};

/**
 * Links receipts, purchase invoices, transport documents and contracts to the lines of declarations, n to m, and says
 * the state of each line on `today`, which link is missing and what to do. Laws: no unit of money or quantity is used
 * twice; the payments from a receipt add up to at most what was received, including its fee once; the order of the
 * papers makes no difference. Throws `invalid` for duplicate papers, uses beyond what is there, and references to
 * unknown papers.
 */
export const matchFile = (input: WriteOffFile, today: PlainDate): MatchedFile => {
  const file = readInput(WriteOffFile, input);
  once(file.lines.map(keyOf), 'lines', 'declaration line');
  once(
    file.contracts.map(({ number }) => number),
    'contracts',
    'contract',
  );
  once(file.invoices.map(invoiceKey), 'invoices', 'invoice line');
  once(
    file.receipts.map(({ id }) => id),
    'receipts',
    'receipt',
  );
  const lines: Lines = new Map(file.lines.map((line) => [keyOf(line), line]));
  const money = spreadMoney(file, lines, today);
  const goods = spreadGoods(file, lines);

  const papers = papersOf(file, money, goods);

  const matchLine = (line: DeclarationLine): LineMatch => {
    const key = keyOf(line);
    const asOf = { on: line.exportDate, today };
    const most = ruleOn(ON_BOARD_DAYS, asOf);
    const receipts = (papers.paid.get(key) ?? [])
      .map(({ supply, amount }) => {
        const fee = money.fees.get(useKey(supply, key)) ?? new Exact(0);
        return {
          id: supply,
          credited: moneyText(amount.minus(fee), line.currency),
          fee: moneyText(fee, line.currency),
        };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const settlement = settlementOf(
      {
        currency: line.currency,
        fob: line.fob,
        tolerance: file.tolerance,
        received: receipts.map(({ credited }) => credited),
        fees: receipts.map(({ fee }) => fee),
      },
      asOf,
    );
    const found = [
      ...payerFindings(papers, line),
      ...transportFindings(papers, line, most.value),
      ...goodsFindings(papers, line),
    ];
    const deemed = line.deemed && checkDeemedReceipt(line.deemed.reason, line.deemed.evidence, asOf);
    const standing = lineStatusOn(
      {
        exportDate: line.exportDate,
        closed: line.closed,
        deemedReceived: deemed?.accepted ?? false,
        money: settlement.settled ? 'in' : 'short',
        papersAgree: found.every(({ severity }) => severity !== 'differs'),
        claim: line.claim && { refunded: moneyText(exact(line.claim.refunded, 'claim.refunded'), 'CNY') },
        finalPayment: papers.contracts.get(line.contract)?.finalPayment ?? null,
      },
      today,
    );
    const findings: MatchFinding[] = [
      ...found,
      ...(deemed?.accepted ? [] : moneyFindings(line, settlement, standing.collectBy)),
      ...(deemed?.missing ?? []).map(
        (proof): MatchFinding => ({
          severity: 'missing',
          link: 'receipt',
          message: `to count as received, add: ${proof}`,
        }),
      ),
    ];
    const { received, fees, short, tolerance } = settlement;
    const { state, collectBy, cap, repay } = standing;
    return {
      declaration: line.declaration,
      line: line.line,
      state,
      collectBy,
      cap,
      repay,
      fob: moneyText(exact(line.fob, 'fob'), line.currency),
      received,
      fees,
      short,
      tolerance,
      receipts,
      invoices: (papers.bought.get(key) ?? [])
        .map(({ supply, amount }) => ({ invoice: supply, quantity: amount.toFixed() }))
        .sort((a, b) => (a.invoice < b.invoice ? -1 : 1)),
      complete: findings.every(({ severity }) => severity === 'warning'),
      findings,
      notices: mergeNotices(settlement.notices, most.notices, standing.notices, deemed?.notices ?? []),
    };
  };

  const unused = (spreadOut: Spread): [string, Exact][] =>
    [...spreadOut.left].filter(([, amount]) => !amount.isZero()).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    lines: [...file.lines].sort((a, b) => (lineRank(a) < lineRank(b) ? -1 : 1)).map(matchLine),
    unusedReceipts: unused(money.spread).map(([id, amount]) => ({ id, amount: amount.toFixed() })),
    unusedInvoices: unused(goods).map(([invoice, amount]) => ({ invoice, quantity: amount.toFixed() })),
  };
};
