/** The variable by which run.mjs tells the program it starts who its parent is. */
export const PARENT_VARIABLE = 'CROSSDOCK_PARENT_PID';

const EVERY_MS = 500;

/**
 * Calls `onGone` once when what it watches is no longer there; never keeps the process alive.
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
 * Ends the program gracefully when the `run.mjs` that started it has died: call it once, first thing in a main file.
 * Does nothing in a program that run.mjs did not start itself.
 * @param {() => void} [onGone] by default the program gets SIGTERM, so that it drains as it always does
 * @returns {() => void} ends the watch
 */
export function watchParent(onGone = () => process.kill(process.pid, 'SIGTERM')) {
  const expected = Number(process.env[PARENT_VARIABLE]);
  delete process.env[PARENT_VARIABLE];
  if (!Number.isInteger(expected) || expected <= 0) return () => {};
  // Inherited through a program between us and run.mjs: that one is our parent, and its own affair.
  if (process.ppid !== expected && lives(expected)) return () => {};
  return watch(() => process.ppid === expected && lives(expected), onGone);
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
