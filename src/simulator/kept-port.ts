import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves, so that another program rarely takes one while we are away. */
const RANGE = { from: 20_000, to: 32_000 };
const TRIES = 100;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * The port at which `what` is found in this folder for good: other parties have its address. Chosen free the first time; a port that
 * another program has taken since is an error that says what to do.
 */
export const keptPort = async (
  facts: { get(name: string): string | null; put(name: string, value: string): void },
  name: string,
  what: string,
  { from, to } = RANGE,
): Promise<number> => {
  const known = facts.get(name);
  if (known !== null) {
    if (await isFree(Number(known))) return Number(known);
    throw new Error(
      `Port ${known}, which is the address of ${what} in this folder, is taken by another program: end that one and run it again, or start anew with --fresh.`,
    );
  }
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = randomInt(from, to);
    if (!(await isFree(port))) continue;
    facts.put(name, String(port));
    return port;
  }
  throw new Error(`No port between ${from} and ${to} is free on this machine.`);
};
