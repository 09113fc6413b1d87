import ipaddr from 'ipaddr.js';

/**
 * Networks that are not globally reachable: whole blocks of the IANA special-purpose address registries for IPv4 and
 * IPv6 (read 2026-11-24), multicast, and the addresses on which clouds answer internally.
 */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers; also the metadata service of one cloud (100.100.100.200)
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's wire server: public by the registry, answered internally
  '169.254.0.0/16', // link-local, the metadata service of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays, deprecated
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
].map((network) => ipaddr.IPv4.parseCIDR(network));

/** All global unicast addresses. Loopback, local, link-local, multicast and translated addresses are outside of it. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
const NOT_PUBLIC_V6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarking, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: carries any IPv4 address
  '3fff::/20', // documentation
].map((network) => ipaddr.IPv6.parseCIDR(network));

/** IPv6 prefixes that embed an IPv4 address: IPv4-mapped, and NAT64 as DNS64 networks answer. */
const EMBEDS_V4 = ['::ffff:0:0/96', '64:ff9b::/96'].map((network) => ipaddr.IPv6.parseCIDR(network));

/**
 * True for an address that anybody on the internet can reach. False for everything else, including text that is not an
 * address.
 */
export const isPublicAddress = (text: string): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return isPublicV4(address);
  if (address.zoneId !== undefined) return false;
  if (EMBEDS_V4.some((network) => address.match(network)))
    return isPublicV4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(GLOBAL_V6) && !NOT_PUBLIC_V6.some((network) => address.match(network));
};

const isPublicV4 = (address: ipaddr.IPv4): boolean => !NOT_PUBLIC_V4.some((network) => address.match(network));
