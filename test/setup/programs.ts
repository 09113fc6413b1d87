import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { isAlive, type ProcessIdentity } from '#setup/process-identity.mjs';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Starts a program of the fixtures, and gives the JSON of its first line; what is left of it is killed after the test. */
export async function startProgram(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; said: Record<string, unknown> }> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: undefined, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return { child, said: JSON.parse(line) };
  throw new Error(`${args.join(' ')} ended without a word`);
}

export const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', name);

/** How a program ended. */
export function ending(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}

export async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await ending(child);
}

export const isGone = (identity: ProcessIdentity): boolean => !isAlive(identity);
