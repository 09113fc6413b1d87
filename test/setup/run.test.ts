import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { identityOf } from '#setup/process-identity.mjs';
import { ending, fixture, isGone, kill, ROOT, startProgram } from './programs.ts';

const RUN = path.join(ROOT, 'src/setup/run.mjs');
const run = (...args: string[]) => startProgram([RUN, fixture('waits.mjs'), ...args]);

test('run.mjs and all it imports use modules of Node 20 alone', () => {
  const edges: string[] = [];
  const seen = new Set<string>();
  const walk = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, name = ''] of source.matchAll(/(?:\bfrom |^import |\bimport\()'([^']+)'/gm)) {
      edges.push(name);
      if (name.startsWith('./')) walk(path.resolve(path.dirname(file), name));
    }
  };
  walk(RUN);
  const strangers = edges.filter((name) => !/^\.\/[a-z0-9-]+\.mjs$/.test(name) && !isBuiltIn(name));
  expect(strangers).toEqual([]);
  expect(seen.size).toBeGreaterThan(5);
  expect(edges.length).toBeGreaterThan(15);
});

test('the file runs on Node 24 in the project folder with its arguments, and its exit code comes back', async () => {
  const { child, said } = await run('--flag', 'value');
  expect(said).toMatchObject({
    args: ['--flag', 'value'],
    cwd: ROOT,
    node: expect.stringMatching(/^v(2[4-9]|[3-9]\d)\./),
  });
  child.kill('SIGTERM');
  expect(await ending(child)).toEqual({ code: 7, signal: null });
});

test('a file that ends by a signal gives 128 and its number', async () => {
  const { child, said } = await run();
  process.kill(Number(said.pid), 'SIGKILL');
  expect(await ending(child)).toEqual({ code: 137, signal: null });
});

test('the file ends when run.mjs is killed with -9', async () => {
  const { child, said } = await run();
  const product = identityOf(Number(said.pid));
  expect(product).not.toBeNull();
  await kill(child);
  await vi.waitUntil(() => product !== null && isGone(product), { timeout: 30_000 });
});

test('the file ends when the npm that started it is killed with -9, though a shell stands between', async () => {
  const command = `node "${RUN}" "${fixture('waits.mjs')}"; true`;
  const npm = `const { spawn } = require('node:child_process'); spawn('sh', ['-c', process.argv[1]], { stdio: 'inherit' })`;
  const { child, said } = await startProgram(['-e', npm, command], { npm_lifecycle_event: 'start' });
  const product = identityOf(Number(said.pid));
  await kill(child);
  await vi.waitUntil(() => product !== null && isGone(product), { timeout: 30_000 });
});

test('without a file it says how it is used', () => {
  const answer = spawnSync(process.execPath, [RUN], { encoding: 'utf8' });
  expect(answer).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^Usage: /) });
});

const isBuiltIn = (name: string) => name.startsWith('node:') && builtinModules.includes(name.slice('node:'.length));
