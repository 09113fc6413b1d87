import { EU_MEMBERS } from './eu-members.ts';

/**
 * Countries between which goods cross no customs border. One row an area. Parts of a country that lie outside its area (Heligoland,
 * Ceuta, Livigno, Northern Ireland) and parts of an area with a code of their own (Réunion, Monaco) are not in this table yet.
 */
export const CUSTOMS_AREAS: readonly { name: string; members: readonly string[]; source: string }[] = [
  {
    name: 'European Union',
    members: EU_MEMBERS,
    source: 'Regulation (EU) No 952/2013 (Union Customs Code), Article 4, read 2026-11-30',
  },
];

/** True when goods from one country to another cross a customs border. ISO 3166-1 alpha-2 codes. */
export const needsCustoms = (from: string, to: string): boolean =>
  from !== to && !CUSTOMS_AREAS.some(({ members }) => members.includes(from) && members.includes(to));
