import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, readReport } from '#setup/test-steps.mjs';
import { temporaryFolder } from './programs.ts';

test('a report counts tests, names what was skipped, and counts a file that did not load once', () => {
  const file = path.join(temporaryFolder(), 'report.json');
  const assertionResults = ['passed', 'failed', 'skipped', 'todo'].map((status) => ({
    status,
    fullName: `is ${status}`,
  }));
  const testResults = [
    { name: path.join(ROOT, 'a.test.ts'), status: 'failed', assertionResults },
    { name: path.join(ROOT, 'b.test.ts'), status: 'failed', assertionResults: [] },
  ];
  writeFileSync(file, JSON.stringify({ testResults }));
  expect(readReport(file)).toEqual({
    passed: 1,
    failed: 2,
    skipped: ['a.test.ts: is skipped', 'a.test.ts: is todo'],
    broken: ['b.test.ts'],
  });
});

test('a report that was never written counts nothing', () => {
  expect(readReport(path.join(temporaryFolder(), 'none.json'))).toEqual({
    passed: 0,
    failed: 0,
    skipped: [],
    broken: [],
  });
});
