import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A server that we started, with enough facts to find exactly this process again and to leave all others alone.
 * @typedef {{ engine: string, pid: number, startTime: string | null, port: number, program: string }} ServerRecord
 * @typedef {Partial<Record<'redis' | 'mongodb', ServerRecord>>} ServerRecords
 */

/**
 * The servers that the last start in this folder recorded. An unreadable file counts as none.
 * @param {string} dataDir
 * @returns {ServerRecords}
 */
export function readRecords(dataDir) {
  try {
    const value = JSON.parse(readFileSync(fileOf(dataDir), 'utf8'));
    return Object.fromEntries(Object.entries(value).filter(([, record]) => isRecord(record)));
  } catch {
    return {};
  }
}

/**
 * @param {string} dataDir
 * @param {ServerRecords} records
 */
export function writeRecords(dataDir, records) {
  const file = fileOf(dataDir);
  if (Object.keys(records).length === 0) return rmSync(file, { force: true });
  writeFileSync(`${file}.new`, JSON.stringify(records, null, 2));
  renameSync(`${file}.new`, file);
}

/** @param {string} dataDir */
const fileOf = (dataDir) => path.join(dataDir, 'servers.json');

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === 'object' && value !== null && 'pid' in value && 'port' in value && 'startTime' in value;
}
