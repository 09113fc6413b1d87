import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { Report } from '#simulator/history/figures.ts';
import { generateWeek, writeCsv } from '#simulator/history/generate-week.ts';
import { until } from '../support/stand.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/simulator/main.ts');

interface Run {
  code: number | null;
  lines: string[];
}

/** Runs the simulator as its user does; `onLine` may kill what it likes. */
const simulate = (args: readonly string[], onLine: (line: string, kill: () => void) => void = () => {}): Promise<Run> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    const take = (line: string) => {
      lines.push(line);
      onLine(line, () => child.kill('SIGKILL'));
    };
    createInterface({ input: child.stdout }).on('line', take);
    createInterface({ input: child.stderr }).on('line', take);
    child.once('exit', (code) => resolve({ code, lines }));
  });

describe('a history with every trap in it', () => {
  it('balances, although the product and then the simulator are killed in the middle and run again', {
    timeout: 400_000,
  }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'crossdock-history-'));
    try {
      const csv = path.join(folder, 'week.csv.gz');
      // Of so many lines more than 250 are in one package, and Shopify takes no more in one fulfilment.
      await writeCsv(generateWeek({ seed: 7, orders: 60, largeOrderLines: 1_114 }), csv);
      const args = [
        '--history',
        csv,
        '--folder',
        path.join(folder, 'run'),
        '--report',
        path.join(folder, 'report.json'),
      ];

      let pid = 0;
      let url = '';
      let killed = false;
      const answers = () =>
        fetch(url).then(
          () => true,
          () => false,
        );
      const first = await simulate(args, (line, kill) => {
        pid = Number(/process (\d+)/.exec(line)?.[1] ?? pid);
        url = /runs at (http:[^,]+)/.exec(line)?.[1] ?? url;
        if (/^Row \d+ of|^The story is told/.test(line) && !killed) {
          killed = true;
          process.kill(pid, 'SIGKILL');
        } else if (killed && /is started again/.test(line))
          // The simulator dies with the product at work again, in the middle of what the first death left.
          void until('the product to answer again', answers, 120_000).then(kill, kill);
      });
      expect(killed, first.lines.join('\n')).toBe(true);
      const second = await simulate(args);
      // What the product said of steps that were given up goes with the failure: the folder is gone after it.
      const troubles = readFileSync(path.join(folder, 'run', 'product.log'), 'utf8')
        .split('\n')
        .filter((line) => /failed_job|changed_after_sent|"level":"error"/.test(line));
      expect(second.code, [...second.lines.slice(-20), ...troubles.slice(-10)].join('\n')).toBe(0);
      const report: Report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
      expect(report.hub.sale).toEqual(report.file.sale);
      expect(report.orders.open).toBe(0);
      expect(report.packages.parts).toBeGreaterThan(report.outside.confirmations.theirs);
      expect(report.run.freshnessCalls).toBeGreaterThan(0);
      expect(report.run.vendorCalls).toBeGreaterThan(report.run.freshnessCalls);
      expect(report.audit.events).toBeGreaterThan(report.orders.received);
      const { vendorCalls, freshnessCalls } = report.run;
      expect(second.lines).toContain(
        `${vendorCalls} calls to the vendors, among them ${freshnessCalls} freshness calls; ${report.audit.events} events.`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
