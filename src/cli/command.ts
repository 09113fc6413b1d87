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
    /** A switch that is set is `true`. */
    values: Readonly<Record<string, string | undefined>>;
    /** A value as JSON. */
    say(value: unknown): void;
    /** A line for a person. */
    print(line: string): void;
    /** A line that is no part of the answer. */
    progress(line: string): void;
  }): Promise<'done' | 'usage'>;
}
