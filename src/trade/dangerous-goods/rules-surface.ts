import { row, sourcesReadOn } from '../dated-row.ts';
import type { RuleTable } from '../rule.ts';
import type { Chemistry } from './rules-air.ts';

const source = sourcesReadOn('2026-11-25');

export type SurfaceMode = 'road' | 'sea';

/**
 * Special provision 188: up to and including these contents, cells and batteries are exempt from the other provisions.
 * `unit` is the unit of the content.
 */
export interface SmallBatteries {
  unit: 'Wh' | 'g of lithium';
  cell: string;
  battery: string;
  /** Gross kilograms of a package, inclusive; does not apply to batteries packed with or contained in equipment. */
  packageKg: string;
}

const ION: SmallBatteries = { unit: 'Wh', cell: '20', battery: '100', packageKg: '30' };
const METAL: SmallBatteries = { unit: 'g of lithium', cell: '1', battery: '2', packageKg: '30' };

const ADR_188 = source(
  'ADR, special provision 188, in Dutch (jolmers-adr.nl; dg-awareness.nl for the 30 kg of a package)',
  'https://www.jolmers-adr.nl/adr/m-lithium.php',
);
const IMDG_188_ION = source(
  'Lithium batteries, transport and packaging, 2025: UN 3480 by sea under special provision 188, 30 kg gross',
  'https://lithiumusa.batteriestransport.org/122',
);
const IMDG_188_METAL = source(
  'Lithium batteries by sea, special provision 188 of IMDG Code 39-18: 1 g a cell, 2 g a battery, 30 kg gross',
  'https://shashikallada.com/2020/05/20/lithium-batteries-special-provision-188-imdg-code-39-18/',
);

/** ADR 2025 and IMDG Code 42-24 apply from this day; older editions are not on file. */
const EDITIONS_OF_2025 = '2025-01-01';
/** ADR 2027 and IMDG Code 43-26 begin on the next day. */
const NEXT_EDITIONS = '2026-12-31';
const ADR_NOTE = 'read in the words of an earlier edition and in guides, not in the text of ADR 2025';
const IMDG_NOTE = 'read for IMDG Code 39-18, not in the text of 42-24';

const small = (
  mode: SurfaceMode,
  chemistry: Chemistry,
  rows: RuleTable<SmallBatteries>['rows'],
): RuleTable<SmallBatteries> => ({
  id: `dg.${mode}.sp188.${chemistry}`,
  name: `Small ${chemistry} batteries by ${mode} (special provision 188)`,
  rows,
});

const details = { reviewBy: NEXT_EDITIONS };

/** Sodium ion has no row: the texts that include it in special provision 188 were not read. */
export const SMALL_BY_SURFACE: Readonly<Record<SurfaceMode, Readonly<Record<Chemistry, RuleTable<SmallBatteries>>>>> = {
  road: {
    'lithium-ion': small('road', 'lithium-ion', [
      row(EDITIONS_OF_2025, null, ION, { ...details, source: ADR_188, status: 'unverified', note: ADR_NOTE }),
    ]),
    'lithium-metal': small('road', 'lithium-metal', [
      row(EDITIONS_OF_2025, null, METAL, { ...details, source: ADR_188, status: 'unverified', note: ADR_NOTE }),
    ]),
    'sodium-ion': small('road', 'sodium-ion', []),
  },
  sea: {
    'lithium-ion': small('sea', 'lithium-ion', [
      row(EDITIONS_OF_2025, null, ION, { ...details, source: IMDG_188_ION, status: 'verified' }),
    ]),
    'lithium-metal': small('sea', 'lithium-metal', [
      row(EDITIONS_OF_2025, null, METAL, { ...details, source: IMDG_188_METAL, status: 'unverified', note: IMDG_NOTE }),
    ]),
    'sodium-ion': small('sea', 'sodium-ion', []),
  },
};

/** How larger batteries are packed. P903 (large packagings LP903) sets no limit on the state of charge. */
export const PACKED_BY_SURFACE: RuleTable<{ instruction: string; large: string }> = {
  id: 'dg.surface.packing',
  name: 'Packing of fully regulated lithium batteries by road and sea',
  rows: [
    row(
      EDITIONS_OF_2025,
      null,
      { instruction: 'P903', large: 'LP903' },
      {
        ...details,
        source: source(
          'Lithium batteries, transport and packaging: UN 3480 and 3481 under P903 by road and sea; LP903 of ADR 2023',
          'http://lithium.batteriestransport.org/86/',
        ),
        status: 'unverified',
        note: 'read for the editions of 2023, not in the texts of 2025',
      },
    ),
  ],
};

/** When a small package needs no battery mark. */
export const MARK_EXCEPTION: RuleTable<string> = {
  id: 'dg.surface.mark',
  name: 'Packages without a battery mark (special provision 188 (f))',
  rows: [
    row(
      EDITIONS_OF_2025,
      null,
      'no mark is needed where a package holds only button cells in equipment, or up to four cells or two batteries in equipment in a consignment of up to two packages',
      {
        ...details,
        source: source(
          'Changes in the UN Model Regulations adopted by the Sub-Committee in December 2014, special provision 188 (f)',
          'https://studylib.net/doc/6978756/changes-in-the-un-model-regulations-adopted-by-the',
        ),
        status: 'verified',
      },
    ),
  ],
};

/** Damaged batteries: neither special provision 188 nor P903 applies. */
export const DAMAGED_BY_SURFACE: RuleTable<{ stable: string; unstable: string }> = {
  id: 'dg.surface.damaged',
  name: 'Damaged or defective batteries by road and sea (special provision 376)',
  rows: [
    row(
      EDITIONS_OF_2025,
      null,
      { stable: 'P908 or LP904', unstable: 'P911 or LP906' },
      {
        ...details,
        source: source(
          'ADR 2025, special provision 376, in German',
          'https://gefahrgutbrumme.de/ADR2025/SV/SV376.html',
        ),
        status: 'verified',
      },
    ),
  ],
};
