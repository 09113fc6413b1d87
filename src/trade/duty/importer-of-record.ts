import type { Notice } from '../rule.ts';
import type { Consignment } from './consignment.ts';
import { type Assessment, advice } from './levy.ts';

export interface DdpReadiness {
  /** True when the seller need not, or can, be importer of record. */
  ready: boolean;
  notices: readonly Notice[];
}

const RULE = 'ddp.importer-of-record';

/** Regimes in which the seller pays through its tax scheme and an importer of record is not called for. */
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
 * Whether a seller that promises DDP can keep it: it clears the import itself, so it needs an importer of record (or a
 * representative who is), unless a scheme of the country takes tax with the sale. An import where the tax is due at the
 * border besides costs a seller without a local VAT number its input tax.
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
