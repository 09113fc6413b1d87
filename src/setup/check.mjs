// `npm run check`: everything that needs no server, in under a minute.
import { runStaticSteps, runSteps, runVitest } from './test-steps.mjs';

await runSteps(async (run) => {
  await runStaticSteps(run.counts);
  await runVitest(run, ['--project', 'unit', '--project', 'architecture', ...process.argv.slice(2)]);
});
