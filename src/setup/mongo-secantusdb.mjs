import { programOfWheel } from './python-wheel.mjs';

const VERSION = '0.6.0b17';
const PROGRAM = 'secantusdb.scripts/secantusd-rs';
/** The program if the first one is absent. If both exist, this one is only its launcher. */
const OTHER_PROGRAM = `secantusdb-${VERSION}.data/scripts/secantusd-rs`;

/** @type {import('./python-wheel.mjs').Wheel} */
export const SECANTUSDB = {
  title: `SecantusDB ${VERSION}`,
  distribution: 'secantusdb',
  version: VERSION,
  python: '3.11',
  abi: 'cp311',
  files: {
    'linux-x64': {
      tag: 'manylinux_2_28_x86_64',
      file: `secantusdb-${VERSION}-cp311-cp311-manylinux_2_28_x86_64.whl`,
      sha256: 'fe8ccfd1295c872c92a4c4c13c5a6a1dead88b2ff3b9aafb361406ec8aac4d14',
      megabytes: 22,
      programs: [PROGRAM, OTHER_PROGRAM],
      keep: [PROGRAM, OTHER_PROGRAM, 'secantusdb.libs/'],
    },
    'linux-arm64': {
      tag: 'manylinux_2_28_aarch64',
      file: `secantusdb-${VERSION}-cp311-cp311-manylinux_2_28_aarch64.whl`,
      sha256: '690fed7d7268bf7e90aeb2c8a5b390b32b34685170df9a304f961713e30540fe',
      megabytes: 21,
      programs: [PROGRAM, OTHER_PROGRAM],
      keep: [PROGRAM, OTHER_PROGRAM, 'secantusdb.libs/'],
    },
    'darwin-arm64': {
      tag: 'macosx_11_0_arm64',
      file: `secantusdb-${VERSION}-cp311-cp311-macosx_11_0_arm64.whl`,
      sha256: '030a69eabbbb0761c244c0d041c1aa89df17680b26c98b374030f61b1c890aec',
      megabytes: 20,
      programs: [PROGRAM, OTHER_PROGRAM],
      keep: [PROGRAM, OTHER_PROGRAM, 'secantusdb.libs/'],
    },
    'win32-x64': {
      tag: 'win_amd64',
      file: `secantusdb-${VERSION}-cp311-cp311-win_amd64.whl`,
      sha256: '2002515e1ae0c4f419ea94f55cef2611391ca8c6e17f866284c86d033d5061c4',
      megabytes: 20,
      programs: [`${OTHER_PROGRAM}.exe`],
      keep: [`${OTHER_PROGRAM}.exe`, 'secantusdb.libs/'],
    },
  },
};

/** @param {import('./python-wheel.mjs').Fetching} fetching */
export const secantusdb = (fetching) => programOfWheel(SECANTUSDB, fetching);
