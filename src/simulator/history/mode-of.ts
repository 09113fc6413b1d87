/** FNV-1a, 32 bits, of the UTF-8 bytes: http://www.isthe.com/chongo/tech/comp/fnv. */
const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

/**
 * The bucket, 0 to n − 1, of an exact stock code: FNV-1a (32 bits) of its UTF-8 bytes, modulo n. It never changes, so
 * anyone can work out which mode sells a code. The caller has the list of modes; its order is published.
 *
 * With n = 4: `22423` → hash 0x59452270, bucket 0; `85123A` → hash 0xe878cba9, bucket 1; `POST` → hash 0x7302a987,
 * bucket 3.
 * If n is a power of two, codes that differ only in case share a bucket, because the modulo ignores the bit that
 * differs.
 */
export const bucketOf = (code: string, n: number): number => fnv1a(code) % n;

/**
 * The storefront, 0 to n − 1, where an invoice is placed: the same hash, of the invoice number.
 *
 * With n = 2: `536365` → hash 0xb1409ad3, storefront 1; `536366` → hash 0xb2409c66, storefront 0; `581587` → hash
 * 0x323551c3, storefront 1.
 */
export const storefrontOf = (invoice: string, n: number): number => fnv1a(invoice) % n;
