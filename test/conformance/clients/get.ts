/** Asks each address of the command line by https and prints `{status}` or `{refused}` of each: what this process trusts. */
import { get } from 'node:https';

const ask = (url: string): Promise<{ status: number } | { refused: string }> =>
  new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
    }).on('error', (error) => resolve({ refused: 'code' in error ? String(error.code) : error.message }));
  });

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(ask))));
