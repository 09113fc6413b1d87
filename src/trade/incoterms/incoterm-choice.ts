import { z } from 'zod';
import { invalid, readInput } from '../read-input.ts';
import { type AsOf, mergeNotices, type Notice } from '../rule.ts';
import { FORMER_RULES, Incoterm, type IncotermRule, incotermRule } from './incoterms-2020.ts';

/** Parses a rule of the 2020 edition. For an older rule it throws `invalid` naming the rule that replaced it. */
export const readIncoterm = (text: unknown, field = 'incoterm'): Incoterm => {
  const parsed = Incoterm.safeParse(text);
  if (parsed.success) return parsed.data;
  const now = typeof text === 'string' && Object.hasOwn(FORMER_RULES, text) ? FORMER_RULES[text] : undefined;
  const reason = now
    ? `is of an older edition; ${now} took its place`
    : `has to be one of ${Incoterm.options.join(', ')}`;
  throw invalid(field, reason);
};

/** A sale for which a rule is chosen. */
export const IncotermUse = z.strictObject({
  rule: Incoterm,
  /** The named place or port. */
  place: z.string().trim().max(200).optional(),
  transport: z.enum(['sea', 'inland_waterway', 'air', 'road', 'rail', 'multimodal', 'post', 'courier']),
  /** Handed over in a container at a terminal, before the ship is reached. */
  containerised: z.boolean(),
  /** The seller is in China and claims the VAT refund, for which it must prove the export. */
  exportRefund: z.boolean(),
  /** Somebody acts as importer of record for the seller, or a tax scheme of the country covers the sale. */
  importerOfRecord: z.boolean(),
  /** The seller has a tax number of the country of import. */
  importTaxNumber: z.boolean().default(false),
  /** The credit requires an on-board bill of lading. */
  onBoardRequired: z.boolean().default(false),
});
export type IncotermUse = z.infer<typeof IncotermUse>;

export type Severity = 'error' | 'warning' | 'advice';

export interface IncotermFinding {
  code: string;
  severity: Severity;
  message: string;
  /** Rules without this fault. */
  instead: readonly Incoterm[];
}

interface Check extends IncotermFinding {
  found: (use: IncotermUse, rule: IncotermRule) => boolean;
}

const BY_WATER: readonly IncotermUse['transport'][] = ['sea', 'inland_waterway'];
/** Risk passes at the ship, so the seller still bears it at a terminal where it has already handed over the goods. */
const SHIP_SIDE: readonly Incoterm[] = ['FAS', 'FOB', 'CFR', 'CIF'];

const CHECKS: readonly Check[] = [
  {
    code: 'mode',
    severity: 'error',
    instead: ['FCA', 'CPT', 'CIP'],
    message: 'the rule is for sea and inland waterway only',
    found: ({ transport }, { mode }) => mode === 'sea' && !BY_WATER.includes(transport),
  },
  {
    code: 'container',
    severity: 'warning',
    instead: ['FCA', 'CPT', 'CIP'],
    message: 'a container is handed over at a terminal, but risk passes only at the ship',
    found: ({ containerised, rule }) => containerised && SHIP_SIDE.includes(rule),
  },
  {
    code: 'export_proof',
    severity: 'warning',
    instead: ['FCA'],
    message: 'the buyer clears the export: the seller cannot prove it for the refund',
    found: ({ exportRefund }, { exportClearance }) => exportRefund && exportClearance === 'buyer',
  },
  {
    code: 'importer_of_record',
    severity: 'error',
    instead: ['DAP', 'DPU'],
    message: 'the seller clears the import and has no importer of record',
    found: ({ importerOfRecord }, { importClearance }) => importClearance === 'seller' && !importerOfRecord,
  },
  {
    code: 'import_tax',
    severity: 'warning',
    instead: ['DAP'],
    message: 'without a tax number of the country the import tax cannot be reclaimed',
    found: ({ importTaxNumber }, { importClearance }) => importClearance === 'seller' && !importTaxNumber,
  },
  {
    code: 'on_board',
    severity: 'advice',
    instead: [],
    message: 'agree that the buyer’s carrier issues an on-board bill of lading to the seller',
    found: ({ rule, onBoardRequired }) => rule === 'FCA' && onBoardRequired,
  },
  {
    code: 'cover',
    severity: 'advice',
    instead: [],
    message: 'the cover is the least of the clauses, ICC (C): agree on ICC (A) for manufactured goods',
    found: (_, { insurance }) => insurance === 'ICC (C)',
  },
  {
    code: 'two_places',
    severity: 'advice',
    instead: [],
    message: 'risk passes at the start of the carriage, cost at its end: name both places',
    found: (_, { mainCarriage, deliveryAtDestination }) => mainCarriage === 'seller' && !deliveryAtDestination,
  },
  {
    code: 'place',
    severity: 'error',
    instead: [],
    message: 'the rule needs its named place or port',
    found: ({ place }) => !place,
  },
];

/** The objections to a rule for a sale, worst first, each with the rules that do not have the fault. */
export const checkIncoterm = (
  use: z.input<typeof IncotermUse>,
  asOf: AsOf,
): { rule: IncotermRule; findings: readonly IncotermFinding[]; notices: readonly Notice[] } => {
  const given = readInput(IncotermUse, use, 'incoterm');
  const { value: rule, notices } = incotermRule(given.rule, asOf);
  const order: readonly Severity[] = ['error', 'warning', 'advice'];
  const findings = CHECKS.filter(({ found }) => found(given, rule))
    .map(({ found: _, ...finding }) => finding)
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return { rule, findings, notices: mergeNotices(notices) };
};
