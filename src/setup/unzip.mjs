import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { setupError } from './errors.mjs';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LARGEST_FILE = 512 * 1024 * 1024;

/**
 * Writes the wanted files of a zip below the folder and nowhere else. An archive with a name that leads outside, or
 * with a link, is refused completely, before anything is written. Returns the names written.
 * @param {Buffer} zip
 * @param {string} folder
 * @param {(name: string) => boolean} [wanted]
 */
export function unzipTo(zip, folder, wanted = () => true) {
  const entries = readZip(zip);
  for (const entry of entries) refuseOutside(entry, folder);
  const files = entries.filter((entry) => !entry.name.endsWith('/') && wanted(entry.name));
  for (const entry of files) {
    const target = path.join(folder, entry.name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, contentOf(zip, entry));
    if ((entry.mode & 0o111) !== 0) chmodSync(target, 0o755);
  }
  return files.map((entry) => entry.name);
}

/** @typedef {{ name: string, mode: number, method: number, packed: number, size: number, at: number }} Entry */

/**
 * Reads the table of contents.
 * @param {Buffer} zip
 * @returns {Entry[]}
 */
function readZip(zip) {
  try {
    const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || zip.readUInt32LE(end) !== END) throw new RangeError('no end record');
    /** @type {Entry[]} */
    const entries = [];
    let at = zip.readUInt32LE(end + 16);
    for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
      if (zip.readUInt32LE(at) !== CENTRAL) throw new RangeError('no entry');
      const nameLength = zip.readUInt16LE(at + 28);
      entries.push({
        name: zip.toString('utf8', at + 46, at + 46 + nameLength),
        mode: zip.readUInt32LE(at + 38) >>> 16,
        method: zip.readUInt16LE(at + 10),
        packed: zip.readUInt32LE(at + 20),
        size: zip.readUInt32LE(at + 24),
        at: zip.readUInt32LE(at + 42),
      });
      at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
    return entries;
  } catch (error) {
    throw setupError('The downloaded archive is damaged: start again to download it again.', error);
  }
}

/**
 * @param {Entry} entry
 * @param {string} folder
 */
function refuseOutside(entry, folder) {
  const parts = entry.name.split(/[\\/]/);
  const outside =
    path.isAbsolute(entry.name) || /^[A-Za-z]:/.test(entry.name) || parts[0] === '' || parts.includes('..');
  const inside = path.resolve(folder, entry.name).startsWith(path.resolve(folder) + path.sep);
  const isLink = (entry.mode & 0o170000) === 0o120000;
  if (outside || !inside || isLink || entry.name.includes('\0')) {
    throw setupError(`The archive holds "${entry.name}", which leads outside its folder: it is refused.`);
  }
}

/**
 * @param {Buffer} zip
 * @param {Entry} entry
 */
function contentOf(zip, entry) {
  try {
    if (zip.readUInt32LE(entry.at) !== LOCAL || entry.size > LARGEST_FILE) throw new RangeError('no file');
    const from = entry.at + 30 + zip.readUInt16LE(entry.at + 26) + zip.readUInt16LE(entry.at + 28);
    const packed = zip.subarray(from, from + entry.packed);
    if (entry.method !== 0 && entry.method !== 8) throw new RangeError('unknown packing');
    const content = entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: entry.size + 1 });
    if (content.length !== entry.size) throw new RangeError('wrong size');
    return content;
  } catch (error) {
    throw setupError(`The downloaded archive is damaged at "${entry.name}": start again to download it again.`, error);
  }
}
