import { execFile } from 'node:child_process';
import { TEST_LIMIT_MS } from '../laws/limits.ts';

/**
 * Runs a script, as in test/conformance/clients, in a child process that trusts the certificate authority of `ca` (a sandbox's
 * `tls.caFile`); without one it trusts what Node brings along. Gives what the script printed, which has to be JSON. A script that fails
 * is an error with everything that it said.
 */
export const runWithCa = (file: string, args: readonly string[], { ca }: { ca?: string }): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const { NODE_EXTRA_CA_CERTS: _other, ...environment } = process.env;
    execFile(
      process.execPath,
      [file, ...args],
      {
        env: ca === undefined ? environment : { ...environment, NODE_EXTRA_CA_CERTS: ca },
        timeout: TEST_LIMIT_MS,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error) return reject(new Error(`${file}: ${error.message}\n${stderr}`));
        try {
          resolve(JSON.parse(stdout));
        } catch {
          reject(new Error(`${file} printed no JSON: ${stdout}\n${stderr}`));
        }
      },
    );
  });
