/** The environment variable in which run.mjs passes its process id to the program it starts. */
export const PARENT_VARIABLE = 'CROSSDOCK_PARENT_PID';

const EVERY_MS = 500;

/**
 * Calls `onGone` once when `isThere` becomes false. Does not keep the process alive.
 * @param {() => boolean} isThere
 * @param {() => void} onGone
 * @returns {() => void} ends the watch
 */
export function watch(isThere, onGone) {
  const timer = setInterval(() => {
    if (isThere()) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Ends the program gracefully if the `run.mjs` that started it has died. Call it once, at the start of a main file.
 * Does nothing in a program that run.mjs did not start directly.
 * @param {() => void} [onGone] default: send SIGTERM to this process, so that it drains as usual
 * @returns {() => void} ends the watch
 */
export function watchParent(onGone = () => process.kill(process.pid, 'SIGTERM')) {
  const expected = Number(process.env[PARENT_VARIABLE]);
  delete process.env[PARENT_VARIABLE];
  if (!Number.isInteger(expected) || expected <= 0) return () => {};
  // The variable was inherited through a program between us and run.mjs. That program is our parent and watches for
  // itself.
  if (process.ppid !== expected && isRunning(expected)) return () => {};
  return watch(() => process.ppid === expected && isRunning(expected), onGone);
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
