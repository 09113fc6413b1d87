import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './programs.ts';

const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

/** The instructions of a Dockerfile, one a line, split into stages. */
const stages = read('Dockerfile')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .join('\n')
  .split(/^(?=FROM )/m);

/** The lines under each service of compose.yaml. */
const services = Object.fromEntries(
  (/^services:\n([\s\S]*?)^volumes:/m.exec(read('compose.yaml'))?.[1] ?? '')
    .split(/^(?= {2}[a-z]+:$)/m)
    .map((block) => [/^ {2}([a-z]+):/.exec(block)?.[1] ?? '', block]),
);

test('the image is built in stages and its last stage runs the product as a user without rights', () => {
  const last = stages.at(-1) ?? '';
  expect(stages.length).toBeGreaterThan(1);
  expect(stages.every((stage) => /^FROM node:24-slim/.test(stage))).toBe(true);
  expect(stages[0]).toContain('npm ci --omit=dev');
  expect(last).toMatch(/^USER node$/m);
  expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD ["node", "src/main.ts"]'));
  expect(last).toMatch(/^HEALTHCHECK .*\/live/m);
  expect(last).not.toMatch(/npm ci|apt-get/);
});

test('all that the image copies exists and is let through by .dockerignore', () => {
  const allowed = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  expect(copied.length).toBeGreaterThan(4);
  for (const name of copied) {
    expect(existsSync(path.join(ROOT, name)), name).toBe(true);
    expect(allowed).toContain(`!${name}`);
  }
  expect(read('.dockerignore').split('\n')).toContain('*');
});

test('compose names its four services, each with what it must have', () => {
  expect(Object.keys(services)).toEqual(['api', 'worker', 'redis', 'mongo']);
  expect(services.api).toContain('ROLE: api');
  expect(services.worker).toContain('ROLE: worker');
  expect(services.redis).toMatch(/"--appendonly", "yes".*"--maxmemory-policy", "noeviction"/);
  expect(services.mongo).toMatch(/image: mongo:8/);
  expect(services.mongo).toMatch(/"--replSet", "crossdock"/);
  expect(services.mongo).toMatch(/healthcheck:[\s\S]*rs\.initiate[\s\S]*isWritablePrimary/);
  expect(services.redis).toContain('healthcheck:');
});

test('compose gives the product its settings by the names it reads, and no key of its own', () => {
  const text = read('compose.yaml');
  for (const name of ['MONGODB_URI', 'REDIS_URL', 'PORT', 'DATA_DIR', 'MASTER_KEY']) {
    expect(text).toMatch(new RegExp(`^ {4}${name}: \\S`, 'm'));
  }
  expect(text).toMatch(/MASTER_KEY: \$\{MASTER_KEY:\?/);
  expect(text).toContain('replicaSet=crossdock');
  expect(text).not.toContain('\t');
});
