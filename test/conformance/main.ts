import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { toFailure } from '#domain/failure.ts';
import { runProvider } from './provider/run.ts';
import { agrees } from './trade/agrees.ts';
import { ENGINES } from './trade/engines.ts';
import { Vector } from './trade/vector.ts';

const USAGE = `npm run conformance -- --provider NAME --data DIR [--json FILE]

Takes every answer of a vendor that was recorded in DIR apart and says of each field whether the connector keeps it. Exit 1 where one is
lost without a reason, refused, or where fewer things were found than there are.

npm run conformance -- --trade DIR [--answers] [--json FILE]

Asks the trade engines every question of every *.json in DIR; a file's name tells the engine.
  --answers    answer only: looks at id and input alone
  --json FILE  the answers, or with expected values the outcome of each question, as a list`;

type Outcome = 'passed' | 'failed' | 'todo';

interface Told {
  file: string;
  id: string;
  output?: unknown;
  error?: { code: string; message: string; field?: unknown };
}

const ask = (file: string, { id, input }: Pick<Vector, 'id' | 'input'>): Told => {
  const answer = ENGINES[file];
  try {
    if (!answer) throw new Error(`no engine is called ${file}`);
    return { file, id, output: answer(id, input) };
  } catch (error) {
    const { code, message, safe } = toFailure(error);
    return { file, id, error: { code, message, ...(safe['field'] === undefined ? {} : { field: safe['field'] }) } };
  }
};

const run = (argv: string[]): number => {
  const { values } = parseArgs({
    args: argv,
    options: {
      provider: { type: 'string' },
      data: { type: 'string' },
      trade: { type: 'string' },
      answers: { type: 'boolean' },
      json: { type: 'string' },
    },
  });
  if (values.provider !== undefined && values.data !== undefined)
    return runProvider(values.provider, values.data, values.json, console.log);
  if (values.trade === undefined) {
    console.error(USAGE);
    return 2;
  }
  const folder = values.trade;
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  if (files.length === 0) {
    console.error(`${folder} holds no *.json: give the folder of the questions.`);
    return 2;
  }
  const told: (Told & { outcome?: Outcome })[] = [];
  const totals: Record<Outcome, number> = { passed: 0, failed: 0, todo: 0 };
  for (const name of files) {
    const file = path.basename(name, '.json');
    const vectors = z.array(Vector).parse(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
    const counts: Record<Outcome, number> = { passed: 0, failed: 0, todo: 0 };
    for (const vector of vectors) {
      const answer = ask(file, vector);
      if (values.answers) {
        told.push(answer);
        continue;
      }
      const good = agrees(answer.output ?? answer, vector.expected);
      const outcome: Outcome = vector.status === 'unverified' ? 'todo' : good ? 'passed' : 'failed';
      counts[outcome] += 1;
      totals[outcome] += 1;
      told.push({ ...answer, outcome });
      if (outcome === 'failed')
        console.log(
          `FAILED ${file} ${vector.id}\n  expected ${JSON.stringify(vector.expected)}\n  answered ${JSON.stringify(answer.output ?? answer.error)}`,
        );
      if (outcome === 'todo')
        console.log(`todo   ${file} ${vector.id}: unverified; our answer ${good ? 'agrees' : 'differs'}`);
    }
    if (!values.answers) console.log(`${file}: ${counts.passed} passed, ${counts.failed} failed, ${counts.todo} todo`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(told, null, 1)}\n`);
  if (values.answers) console.log(`${told.length} answered, ${told.filter(({ error }) => error).length} with an error`);
  else console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.todo} todo`);
  return totals.failed > 0 ? 1 : 0;
};

process.exitCode = run(process.argv.slice(2));
