import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lockOwner, tryLock } from '#setup/lock-file.mjs';
import { ownIdentity } from '#setup/process-identity.mjs';
import { fixture, kill, startProgram, temporaryFolder } from './programs.ts';

test('a lock is taken once and can be taken again after its release', () => {
  const file = path.join(temporaryFolder(), 'lock');
  const first = tryLock(file);
  expect(first.held).toBe(true);
  expect(tryLock(file)).toEqual({ held: false, owner: ownIdentity() });
  if (first.held) first.release();
  expect(tryLock(file).held).toBe(true);
});

test('the lock of a living process is refused and names it; after its kill -9 the lock is replaced', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  const { child } = await startProgram([fixture('lock-holder.mjs'), file]);
  expect(tryLock(file)).toMatchObject({ held: false, owner: { pid: child.pid } });
  await kill(child);
  expect(lockOwner(file)).toBeNull();
  expect(tryLock(file).held).toBe(true);
});

test('a lock whose number now belongs to another process is stale', () => {
  const file = path.join(temporaryFolder(), 'lock');
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'another boot:1' }));
  expect(tryLock(file).held).toBe(true);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(ownIdentity());
});

test('a release leaves the lock of a later owner alone', () => {
  const file = path.join(temporaryFolder(), 'lock');
  const lock = tryLock(file);
  const later = JSON.stringify({ pid: 1, startTime: 'x' });
  writeFileSync(file, later);
  if (lock.held) lock.release();
  expect(readFileSync(file, 'utf8')).toBe(later);
});

test('of several processes that find one stale lock, exactly one gets it', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, startTime: 'x' }));
  const rivals = await Promise.all([1, 2, 3, 4].map(() => startProgram([fixture('lock-holder.mjs'), file])));
  expect(rivals.filter(({ said }) => said.held === true)).toHaveLength(1);
});
