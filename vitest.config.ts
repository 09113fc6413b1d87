import { defineConfig } from 'vitest/config';
import { TEST_LIMIT_MS } from './test/laws/limits.ts';

const folders = (...names: string[]) => names.map((name) => `${name}/**/*.test.ts`);

export default defineConfig({
  test: {
    maxWorkers: 2,
    // For a test that hangs, not for one that is slow: a machine with eight other busy processes makes each ten times slower.
    testTimeout: TEST_LIMIT_MS,
    hookTimeout: TEST_LIMIT_MS,
    expect: { poll: { timeout: 60_000 } },
    setupFiles: ['test/support/property-limits.ts'],
    projects: [
      {
        extends: true,
        // Beside the code, the contract suites of the connectors among them; and the laws that need no server.
        test: {
          name: 'unit',
          include: [
            ...folders('src', 'connectors', 'config', 'jobs'),
            'test/laws/laws.test.ts',
            'test/laws/run-law.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: { name: 'architecture', include: folders('test/architecture') },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: [
            ...folders(
              'test/flows',
              'test/integration',
              'test/faults',
              'test/setup',
              'test/conformance',
              'test/browser',
              'test/upgrade',
            ),
            'test/laws/laws-with-servers.test.ts',
          ],
          globalSetup: ['test/support/servers.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
