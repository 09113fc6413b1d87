import { carrierKey } from '#kit';

/**
 * How a buyer reads the name of a carrier, by how words for it are compared. WooCommerce's REST API v3 has no list of carriers: the
 * buyer reads our message as it is. The rows are carriers that logistics vendors and suppliers write as one word or in other letters,
 * each under its own name; a word that reads well already needs none.
 */
const READS: Readonly<Record<string, string>> = {
  asendiausa: 'Asendia USA',
  australiapost: 'Australia Post',
  canadapost: 'Canada Post',
  chinapost: 'China Post',
  deutschepost: 'Deutsche Post',
  dhlecs: 'DHL eCommerce',
  dhlecommerce: 'DHL eCommerce',
  dhlecommerceasia: 'DHL eCommerce Asia',
  dhlexpress: 'DHL Express',
  dhlparcel: 'DHL Parcel',
  dpduk: 'DPD UK',
  fedex: 'FedEx',
  federalexpress: 'FedEx',
  japanpost: 'Japan Post',
  lasershipv2: 'LaserShip',
  newzealandpost: 'New Zealand Post',
  ontrac: 'OnTrac',
  parcelforce: 'Parcelforce',
  postnl: 'PostNL',
  royalmail: 'Royal Mail',
  sfexpress: 'SF Express',
  singaporepost: 'Singapore Post',
  swisspost: 'Swiss Post',
  ups: 'UPS',
  usps: 'USPS',
  yunexpress: 'YunExpress',
};

/** A carrier as the buyer reads it; one without a row stays as it is. */
export const toCarrierName = (carrier: string): string => READS[carrierKey(carrier)] ?? carrier.trim();
