import type { Notice } from '../rule.ts';
import type { Consignment } from './consignment.ts';
import { type Assessment, advice } from './levy.ts';

export interface DdpReadiness {
  /** True if the seller need not be importer of record, or can be. */
  ready: boolean;
  notices: readonly Notice[];
}

const RULE = 'ddp.importer-of-record';

/** Regimes in which the seller pays through its tax scheme and needs no importer of record. */
const BY_SCHEME: readonly string[] = [
  'supply-vat',
  'voec',
  'low-value',
  'mail-order',
  'remessa-conforme',
  'registered-seller',
  'gift-relief',
];

/**
 * Whether a seller that promises DDP can fulfil it. The seller clears the import itself, so it needs an importer of
 * record (or a representative who is one), unless a tax scheme of the country collects tax with the sale. If tax is
 * also due at the border, a seller without a local VAT number loses its input tax.
 */
export const ddpReadiness = (
  {
    incoterm,
    importerOfRecord,
    jurisdiction,
    scheme,
  }: Pick<Consignment, 'incoterm' | 'importerOfRecord' | 'jurisdiction' | 'scheme'>,
  { regime, levies }: Pick<Assessment, 'regime' | 'levies'>,
): DdpReadiness => {
  if (incoterm !== 'DDP') return { ready: true, notices: [] };
  const nothingAtBorder = !levies.some(({ at, amount }) => at === 'import' && amount.gt(0));
  const covered = BY_SCHEME.includes(regime) || (scheme === 'ioss' && levies.some(({ at }) => at === 'sale'));
  if (covered || nothingAtBorder || importerOfRecord === true) return { ready: true, notices: [] };
  const said = importerOfRecord === undefined ? 'it is not said who is' : 'there is none';
  return {
    ready: false,
    notices: [
      advice(RULE, `DDP to ${jurisdiction}: the seller needs an importer of record, and ${said}`),
      ...(levies.some(({ kind, at }) => kind === 'tax' && at === 'import')
        ? [advice(RULE, 'DDP without a local tax number: the import tax the seller pays cannot be reclaimed')]
        : []),
    ],
  };
};
