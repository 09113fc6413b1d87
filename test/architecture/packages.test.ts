import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isThere, ROOT } from './source.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const Versions = z.record(z.string(), z.string()).default({});
const manifest = z
  .object({
    imports: z.record(z.string().startsWith('#'), z.string()),
    dependencies: Versions,
    devDependencies: Versions,
    optionalDependencies: Versions,
  })
  .parse(JSON.parse(read('package.json')));
const pins = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
const lock = read('package-lock.json');

describe('the packages', () => {
  it('are pinned exactly', () => {
    expect(Object.keys(pins).length).toBeGreaterThan(10);
    expect(Object.entries(pins).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('are locked at the version of their pin, with a checksum each', () => {
    const Locked = z.object({
      lockfileVersion: z.literal(3),
      packages: z.record(
        z.string(),
        z.looseObject({ version: z.string().optional(), integrity: z.string().optional() }),
      ),
    });
    const { packages } = Locked.parse(JSON.parse(lock));
    for (const [name, version] of Object.entries(pins))
      expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    const bare = Object.entries(packages).filter(([folder, { integrity }]) => folder !== '' && !integrity);
    expect(bare.map(([folder]) => folder)).toEqual([]);
  });

  it('come from whatever registry the machine uses: the lock file names none', () => {
    expect(lock).not.toContain('"resolved"');
    expect(lock.match(/https?:\/\/[^"\s]*(registry|npmjs|artifactory|nexus|verdaccio)[^"\s]*/gi)).toBeNull();
    expect(lock).not.toMatch(/\.tgz/);
  });

  it('of ours inside (`imports`) lead to files and folders that are there', () => {
    const targets = Object.values(manifest.imports).map((target) => target.replace(/\*$/, ''));
    expect(targets.filter((target) => !isThere(target))).toEqual([]);
  });
});
