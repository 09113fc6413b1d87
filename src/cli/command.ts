import type { ParseArgsOptionsConfig } from 'node:util';
import type { ApiClient } from '#simulator/api-client.ts';

export interface Command {
  /** The command as it is typed. */
  words: string;
  says: string;
  options: ParseArgsOptionsConfig;
  run(given: {
    api: ApiClient;
    args: readonly string[];
    values: Readonly<Record<string, string | undefined>>;
    say(value: unknown): void;
  }): Promise<'done' | 'usage'>;
}
