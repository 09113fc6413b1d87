import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * A sandbox's memory: tables of JSON documents in one SQLite file (or in memory). What `transaction` returned from has
 * survived a kill -9 of the process; what threw has left nothing.
 */
export interface SandboxDb {
  table<T>(name: string): Table<T>;
  /** Runs `work` whole or not at all. Nested calls join the outer one. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface Table<T> {
  get(id: string): T | null;
  put(id: string, document: T, sort?: { a?: string; b?: string }): void;
  delete(id: string): void;
  count(): number;
  /** By insertion. */
  all(): T[];
  /** Documents whose sort key `a` (text, such as an instant or a reference) is in the range, ordered by (a, id). */
  byA(range: {
    from?: string;
    to?: string;
    equal?: string;
    afterId?: string;
    limit?: number;
  }): { id: string; a: string; document: T }[];
  byB(equal: string): T[];
  /** A number that grows by one with each call and is never given twice. */
  nextId(): number;
}

export const openSandboxDb = (file = ':memory:'): SandboxDb => {
  const db = new DatabaseSync(file);
  // The page cache outlives a killed process, so no fsync is needed for what a sandbox promises.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;');
  db.exec('CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID');
  const statements = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const made = db.prepare(text);
    statements.set(text, made);
    return made;
  };
  let depth = 0;

  return {
    table<T>(name: string): Table<T> {
      if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`“${name}” is no table name`);
      db.exec(`CREATE TABLE IF NOT EXISTS ${name} (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, a TEXT, b TEXT, json TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS ${name}_a ON ${name} (a, id); CREATE INDEX IF NOT EXISTS ${name}_b ON ${name} (b);`);
      const parse = (row: Record<string, unknown> | undefined): T => JSON.parse(String(row?.['json']));
      return {
        get(id) {
          const row = sql(`SELECT json FROM ${name} WHERE id = ?`).get(id);
          return row ? parse(row) : null;
        },
        put(id, document, sort = {}) {
          sql(
            `INSERT INTO ${name} (id, a, b, json) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b, json = excluded.json`,
          ).run(id, sort.a ?? null, sort.b ?? null, JSON.stringify(document));
        },
        delete(id) {
          sql(`DELETE FROM ${name} WHERE id = ?`).run(id);
        },
        count: () => Number(sql(`SELECT count(*) AS n FROM ${name}`).get()?.['n']),
        all: () => sql(`SELECT json FROM ${name} ORDER BY n`).all().map(parse),
        byA({ from = '', to = '\u{10ffff}', equal, afterId = '', limit = 1_000_000 }) {
          const low = equal ?? from;
          const high = equal ?? to;
          return sql(`SELECT id, a, json FROM ${name} WHERE (a, id) > (?, ?) AND a <= ? ORDER BY a, id LIMIT ?`)
            .all(low, afterId, high, limit)
            .map((row) => ({ id: String(row['id']), a: String(row['a']), document: parse(row) }));
        },
        byB: (equal) => sql(`SELECT json FROM ${name} WHERE b = ? ORDER BY n`).all(equal).map(parse),
        nextId() {
          const row = sql(
            'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value',
          ).get(name);
          return Number(row?.['value']);
        },
      };
    },
    transaction(work) {
      if (depth > 0) return work();
      depth += 1;
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close: () => db.close(),
  };
};
