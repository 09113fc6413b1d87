import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from './env.ts';
import { masterKeys } from './master-key.ts';
import { SETTINGS } from './settings.ts';

const problems = (env: Record<string, string>, args: string[] = []): string[] => {
  try {
    readConfig(env, args);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('needs no setting at all', () => {
    expect(readConfig({}, [])).toEqual({
      port: 4000,
      host: '127.0.0.1',
      role: 'all',
      dataDir: path.resolve('data'),
      redisUrl: null,
      mongodbUri: null,
      masterKeys: [],
      logLevel: 'info',
      publicUrl: null,
      bodyLimitBytes: 8_388_608,
      workerConcurrency: 30,
      clockUrl: null,
      egressAllow: [],
      demo: true,
      keyAtStart: false,
      ratesSource: 'ecb',
      ratesUrl: 'https://www.ecb.europa.eu/stats/eurofxref',
      ratesMaxAgeDays: 5,
      queuePrefix: 'crossdock',
      backupBeforeMigration: true,
      retention: {
        inboxDays: 30,
        answersHours: 24,
        exceptionsDays: 400,
        ordersDays: 3_653,
        casesDays: 3_653,
        eventsDays: 3_653,
        movementsDays: 400,
      },
    });
  });

  it('keeps the merchant’s own data apart from the demo’s with --empty', () => {
    expect(readConfig({}, ['--empty'])).toMatchObject({ dataDir: path.resolve('data-own'), demo: false });
    expect(readConfig({ DATA_DIR: '/srv/shop' }, ['--empty'])).toMatchObject({ dataDir: '/srv/shop', demo: false });
    expect(readConfig({ DEMO: 'off' }, [])).toMatchObject({ dataDir: path.resolve('data'), demo: false });
  });

  it('names every problem at once, each on its line with what was given and what is wanted', () => {
    const lines = problems(
      { PORT: '80a', ROLE: 'boss', CLOCK_URL: 'http://clock.example', PUBLIC_URL: 'http://shop.example', DEMO: 'yes' },
      ['--emtpy'],
    );
    expect(lines).toEqual([
      '--emtpy: not a flag; there are --empty and --no-backup',
      'PORT: "80a" is not a port from 0 (any free one) to 65535',
      'ROLE: "boss" is not all, api or worker',
      'PUBLIC_URL: "http://shop.example" is not an https:// URL without user or query',
      'CLOCK_URL: "http://clock.example" is not an http:// URL on this machine (127.0.0.1)',
      'DEMO: "yes" is not on or off',
    ]);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['BODY_LIMIT_BYTES', '1e6'],
    ['WORKER_CONCURRENCY', '0'],
    ['PUBLIC_URL', 'https://user@shop.example'],
    ['CLOCK_URL', 'http://127.0.0.1.example:9'],
    ['EGRESS_ALLOW', 'shop.lan'],
    ['EGRESS_ALLOW', 'shop.lan:0'],
    ['EGRESS_ALLOW', 'http://shop.lan:80'],
    ['QUEUE_PREFIX', 'a:b'],
    ['LOG_LEVEL', 'loud'],
    ['RATES_SOURCE', 'fed'],
    ['RATES_URL', 'ftp://www.ecb.europa.eu/stats'],
    ['RATES_MAX_AGE_DAYS', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(problems({ [name]: value })).toHaveLength(1);
  });

  it.each([
    ['MASTER_KEY', 'canary-not-a-key'],
    ['REDIS_URL', 'canary://user:canary@host'],
    ['MONGODB_URI', 'canary://user:canary@host'],
  ])('never repeats what was given for %s', (name, value) => {
    const lines = problems({ [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(name);
    expect(lines[0]).not.toContain('canary');
  });

  it('spells the hosts that may be called as URLs do', () => {
    expect(readConfig({ EGRESS_ALLOW: 'Shop.LAN:8080, [::1]:9000,127.1:80' }, []).egressAllow).toEqual([
      'shop.lan:8080',
      '[::1]:9000',
      '127.0.0.1:80',
    ]);
  });

  it('is documented in .env.example, setting by setting, with the same defaults', () => {
    const example = readFileSync(path.resolve(import.meta.dirname, '..', '.env.example'), 'utf8');
    const documented = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    expect(documented).toEqual(Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default]));
  });
});

describe('the master key', () => {
  const folders: string[] = [];
  const folder = (): string => {
    const made = mkdtempSync(path.join(tmpdir(), 'crossdock-key-'));
    folders.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true });
  });

  it('is the configured one: the first seals, the others still open', () => {
    const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const { masterKeys: read } = readConfig({ MASTER_KEY: keys.map((key) => key.toString('base64')).join(',') }, []);
    expect(masterKeys({ masterKeys: read, dataDir: '/nowhere' })).toEqual(keys);
  });

  it('is made once in the data folder, for its owner only', () => {
    const dataDir = path.join(folder(), 'data');
    const [made] = masterKeys({ masterKeys: [], dataDir });
    expect(made).toHaveLength(32);
    expect(masterKeys({ masterKeys: [], dataDir })).toEqual([made]);
    expect(readdirSync(dataDir)).toEqual(['master.key']);
    if (process.platform !== 'win32') expect(statSync(path.join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('is not replaced when its file is damaged or open to others', () => {
    const dataDir = folder();
    writeFileSync(path.join(dataDir, 'master.key'), 'short', { mode: 0o600 });
    expect(() => masterKeys({ masterKeys: [], dataDir })).toThrow(/not 32 bytes/);
    if (process.platform === 'win32') return;
    const open = folder();
    writeFileSync(path.join(open, 'master.key'), Buffer.alloc(32).toString('base64'), { mode: 0o644 });
    expect(() => masterKeys({ masterKeys: [], dataDir: open })).toThrow(/0600/);
  });
});
