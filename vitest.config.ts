import { defineConfig } from 'vitest/config';

const folders = (...names: string[]) => names.map((name) => `${name}/**/*.test.ts`);

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // Beside the code, the contract suites of the connectors among them.
        test: { name: 'unit', include: folders('src', 'connectors', 'config', 'jobs') },
      },
      {
        extends: true,
        test: { name: 'architecture', include: folders('test/architecture') },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: folders(
            'test/flows',
            'test/integration',
            'test/faults',
            'test/setup',
            'test/conformance',
            'test/browser',
          ),
          globalSetup: ['test/support/servers.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
