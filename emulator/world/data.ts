import Database from 'libsql';

/** One table of JSON values under string keys; every write is durable when the call returns. */
export interface Table<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  delete(key: string): void;
  all(): [key: string, value: T][];
}

/** A row of a table as the file has it: a value a column. */
export type Row = readonly (string | number | null)[];

/** The data file of the local cloud (libSQL); `:memory:` keeps nothing. */
export interface Data {
  /** The raw database, for a part that keeps tables of its own. Rows carry an extra `_metadata`. */
  db: Database.Database;
  /** Opens a named key-value table; created when there is none. */
  table<T>(name: string): Table<T>;
  /** Runs `work` as one durable commit: all of it or nothing. `work` must not await. */
  atomically<T>(work: () => T): T;
  /** Names the columns of a table in their order; none where there is no such table. */
  columns(table: string): string[];
  /** Lists the rows of a table, in the order of insertion or of its key. */
  rows(table: string): Row[];
  /** Puts rows into a table: in place of all that it has, or only those whose key it has not. */
  fill(table: string, rows: readonly Row[], how: 'replaced' | 'added'): void;
  /** Forgets every row of every table, those of {@link Data.table} and of parts alike. */
  clear(): void;
  close(): void;
}

/**
 * Opens the data file with a write-ahead log: an acknowledged write survives kill -9, since the system has it.
 * The disk has it at the next checkpoint: to wait for it at each commit took two fifths of a busy cloud's time, and
 * only a power cut, or a crash of the whole machine, can lose what came since. The file is whole all the same.
 */
export function openData(file: string): Data {
  const db = new Database(file);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=2000;');
  let depth = 0;
  return {
    db,
    table: (name) => keyValueTable(db, name),
    atomically: (work) => {
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
    ...rawRows(db),
    clear: () => {
      for (const name of tableNames(db)) db.exec(`DELETE FROM "${name}"`);
    },
    close: () => db.close(),
  };
}

function rawRows(db: Database.Database): Pick<Data, 'columns' | 'rows' | 'fill'> {
  const columns = (table: string) =>
    db.prepare(`PRAGMA table_info("${table}")`).raw().all().map(nameIn);
  const hasRowid = (table: string) =>
    db.prepare(`SELECT 1 FROM pragma_table_list WHERE name = ? AND wr = 0`).raw().get(table);
  return {
    columns,
    rows: (table) => {
      const order = hasRowid(table) ? 'ORDER BY rowid' : '';
      return db.prepare(`SELECT * FROM "${table}" ${order}`).raw().all() as Row[];
    },
    fill: (table, rows, how) => {
      if (how === 'replaced') db.exec(`DELETE FROM "${table}"`);
      const places = columns(table).map(() => '?');
      const words = how === 'added' ? 'INSERT OR IGNORE' : 'INSERT';
      const put = db.prepare(`${words} INTO "${table}" VALUES (${places.join(',')})`);
      for (const row of rows) put.run(...row);
    },
  };
}

/** Takes the name from a row of `table_info`, which comes after its number. */
function nameIn(row: unknown): string {
  return String((row as unknown[])[1]);
}

function tableNames(db: Database.Database): string[] {
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  return rows
    .map((row) => (row as { name: string }).name)
    .filter((name) => !name.startsWith('sqlite_'));
}

function keyValueTable<T>(db: Database.Database, name: string): Table<T> {
  db.exec(
    `CREATE TABLE IF NOT EXISTS "${name}"(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
  );
  const get = db.prepare(`SELECT value FROM "${name}" WHERE key = ?`);
  const put = db.prepare(
    `INSERT INTO "${name}"(key, value) VALUES (?, ?)
     ON CONFLICT(key) DO UPDATE SET value = excluded.value`,
  );
  const remove = db.prepare(`DELETE FROM "${name}" WHERE key = ?`);
  const all = db.prepare(`SELECT key, value FROM "${name}" ORDER BY key`);
  return {
    get: (key) => {
      const row = get.get(key) as { value: string } | undefined;
      return row ? (JSON.parse(row.value) as T) : undefined;
    },
    put: (key, value) => void put.run(key, JSON.stringify(value)),
    delete: (key) => void remove.run(key),
    all: () =>
      (all.all() as { key: string; value: string }[]).map((row) => [
        row.key,
        JSON.parse(row.value),
      ]),
  };
}
