import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { unzipTo } from '#setup/unzip.mjs';
import { temporaryFolder } from './programs.ts';
import { zipOf } from './zip.ts';

test('the wanted files are written as they were, with their run bit', () => {
  const folder = path.join(temporaryFolder(), 'inside');
  const zip = zipOf([
    { name: 'bin/', content: '' },
    { name: 'bin/program', content: 'x'.repeat(100_000), mode: 0o100755 },
    { name: 'README', content: 'not wanted' },
  ]);
  expect(unzipTo(zip, folder, (name) => name.startsWith('bin/'))).toEqual(['bin/program']);
  expect(readFileSync(path.join(folder, 'bin/program'), 'utf8')).toBe('x'.repeat(100_000));
  expect(statSync(path.join(folder, 'bin/program')).mode & 0o777).toBe(0o755);
  expect(existsSync(path.join(folder, 'README'))).toBe(false);
});

test.each(['../outside', 'a/../../outside', '/outside', 'a\\..\\..\\outside', 'C:\\outside', '..'])(
  'an archive with the name %s is refused before anything is written',
  (name) => {
    const folder = path.join(temporaryFolder(), 'inside');
    const zip = zipOf([
      { name: 'good', content: 'good' },
      { name, content: 'bad' },
    ]);
    expect(() => unzipTo(zip, folder)).toThrow(/leads outside its folder/);
    expect(readdirSync(path.dirname(folder))).toEqual([]);
  },
);

test('a symbolic link in an archive is refused', () => {
  const zip = zipOf([{ name: 'link', content: '/etc/passwd', mode: 0o120777 }]);
  expect(() => unzipTo(zip, temporaryFolder())).toThrow(/leads outside its folder/);
});

test('an archive that is cut off is refused with one sentence', () => {
  const zip = zipOf([{ name: 'file', content: 'content' }]);
  expect(() => unzipTo(zip.subarray(0, 40), temporaryFolder())).toThrow(/damaged/);
  expect(() => unzipTo(Buffer.alloc(0), temporaryFolder())).toThrow(/damaged/);
});
