import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';

// `npm run busy -- check` (or `test`, with its arguments): the same beside eight processes that never rest. They are ended by
// their ids when it is over, however it ends.

const PROCESSES = 8;
const ROOT = path.resolve(import.meta.dirname, '..', '..');
const DOORS: Readonly<Record<string, string>> = { check: 'src/setup/check.mjs', test: 'src/setup/test.mjs' };

const [what = '', ...args] = process.argv.slice(2);
const door = DOORS[what];
if (door === undefined) {
  process.stderr.write(`npm run busy -- ${Object.keys(DOORS).join('|')} [arguments]\n`);
  process.exit(2);
}

// They end also when this process is killed with -9: each looks now and then whether its parent still lives.
const LOOP = 'const p = process.ppid; for (let n = 0; ; n++) if (n % 1e8 === 0 && process.ppid !== p) process.exit();';
const busy: ChildProcess[] = Array.from({ length: PROCESSES }, () =>
  spawn(process.execPath, ['-e', LOOP], { stdio: 'ignore' }),
);
const rest = (): void => {
  for (const child of busy.splice(0)) child.kill('SIGKILL');
};
process.once('exit', rest);

const started = performance.now();
const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', door, ...args], {
  cwd: ROOT,
  stdio: 'inherit',
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => child.kill(name));
child.once('exit', (code) => {
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const [load = 0] = loadavg();
  console.log(
    `${what} beside ${PROCESSES} busy processes on ${availableParallelism()} cores: ${seconds} s, load ${load.toFixed(1)}`,
  );
  rest();
  process.exit(code ?? 1);
});
