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

/** Where goods leave from or go to. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  country: string;
  region: string;
}

/**
 * The “states” of United States military and diplomatic post offices overseas, which stand in domestic addresses.
 * Source: USPS, Domestic Mail Manual 703.2.3.6 to 703.2.3.8 and 608.2.4.4: goods to and from them carry a customs form; by Postal
 * Bulletin 22511 and the notice of 2024-06-28, read 2026-12-01.
 */
const MILITARY_STATES: readonly string[] = ['AA', 'AE', 'AP'];
const isMilitary = ({ country, region }: Place): boolean =>
  country === 'US' && MILITARY_STATES.includes(region.trim().toUpperCase());

/** True when goods from one place to another need a customs form. */
export const needsCustoms = (from: Place, to: Place): boolean => {
  if (from.country === to.country) return isMilitary(from) || isMilitary(to);
  return !CUSTOMS_AREAS.some(({ members }) => members.includes(from.country) && members.includes(to.country));
};
