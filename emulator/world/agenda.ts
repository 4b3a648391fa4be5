import type { Clock } from './clock.ts';
import type { Data } from './data.ts';
import type { Gate } from './gate.ts';
import type { Causes } from './timeline/causes.ts';

/** Something that falls due at an instant; kept in the data file, so it survives a restart. */
export interface AgendaItem {
  /** Names the handler: `notify`, `expire`, `bill`, `timer`. */
  kind: string;
  /** One item per kind and key: planning it again moves it. */
  key: string;
  /** When, in virtual milliseconds. */
  atMs: number;
  data?: unknown;
}

/** The agenda knows what falls due when, and runs handlers one after another, in order of time. */
export interface Agenda {
  plan(item: AgendaItem): void;
  cancel(kind: string, key: string): void;
  /** Forgets everything. */
  clear(): void;
  /** Sets the handler of a kind; an item is removed before its handler runs. */
  on(kind: string, handler: Handler): void;
  list(): AgendaItem[];
  /**
   * Moves time to `toMs`, item by item; settles when all that fell due has happened, and `then`
   * after it: nothing else moves time meanwhile.
   */
  advance(toMs: number, options?: AdvanceOptions): Promise<void>;
  /** Does `work` while nothing falls due: after what runs now, before what comes next. */
  runAlone<T>(work: () => Promise<T>): Promise<T>;
  /** Runs what real time has made due; called by a ticker. */
  runDue(): Promise<void>;
}

/** An advance may leave items out, and may end with an act of its own. */
export interface AdvanceOptions {
  skip?: Skip | undefined;
  then?: () => Promise<void>;
}

type Skip = (item: AgendaItem) => boolean;

/** Does what fell due; told whether somebody moved time there, or real time went on by itself. */
export type Handler = (item: AgendaItem, by: 'move' | 'time') => Promise<void>;

/** The agenda moves this clock, only while the gate is idle. */
interface AgendaDeps {
  clock: Clock;
  gate: Gate;
  causes: Causes;
}

/** Builds the agenda over the data file. */
export function createAgenda(data: Data, { clock, gate, causes }: AgendaDeps): Agenda {
  const store = itemStore(data);
  const { following, ...plans } = plansWithCauses(store, causes);
  const handlers = new Map<string, Handler>();
  let last: Promise<void> = Promise.resolve();

  async function runUntil(toMs: number, by: 'move' | 'time', skip: Skip = () => false) {
    for (;;) {
      const item = store.first(toMs, [...handlers.keys()], skip);
      if (!item) return;
      if (item.atMs > clock.nowMs()) {
        // Only a jump needs a standstill; what real time made due runs beside other work.
        await gate.idle();
        clock.jumpTo(item.atMs);
        continue;
      }
      store.remove(item.kind, item.key);
      await following(item, async () => handlers.get(item.kind)?.(item, by));
    }
  }
  const runAlone = <T>(work: () => Promise<T>) => {
    const done = last.then(work);
    last = done.then(
      () => {},
      () => {},
    );
    return done;
  };
  return {
    ...plans,
    on: (kind, handler) => void handlers.set(kind, handler),
    list: store.all,
    advance: (toMs, { skip, then = async () => {} } = {}) =>
      runAlone(async () => {
        await runUntil(toMs, 'move', skip);
        await gate.idle();
        clock.jumpTo(toMs);
        await then();
      }),
    runAlone,
    runDue: () => runAlone(() => runUntil(clock.nowMs(), 'time')),
  };
}

/** Remembers what plans follow from, while this process lives; what falls due begins a chain of its own. */
function plansWithCauses(store: ReturnType<typeof itemStore>, causes: Causes) {
  const planned = new Map<string, string>();
  return {
    plan: (item: AgendaItem) => {
      const cause = causes.current();
      // A timer that plans its next run is not what that run follows from.
      if (cause && !cause.chain.isOfMany) planned.set(`${item.kind} ${item.key}`, cause.key);
      store.put(item);
    },
    cancel: (kind: string, key: string) => {
      planned.delete(`${kind} ${key}`);
      store.remove(kind, key);
    },
    clear: () => {
      planned.clear();
      store.clear();
    },
    following: <T>(item: AgendaItem, work: () => T): T => {
      const name = `${item.kind} ${item.key}`;
      const key = planned.get(name);
      planned.delete(name);
      return causes.within(key === undefined ? causes.current() : causes.again(key), work);
    },
  };
}

function itemStore(data: Data) {
  data.db.exec(
    `CREATE TABLE IF NOT EXISTS agenda(
       kind TEXT, key TEXT, at_ms INTEGER NOT NULL, data TEXT, PRIMARY KEY(kind, key)) WITHOUT ROWID;
     CREATE INDEX IF NOT EXISTS agenda_at ON agenda(at_ms)`,
  );
  const put = data.db.prepare(
    'INSERT OR REPLACE INTO agenda(kind, key, at_ms, data) VALUES (?,?,?,?)',
  );
  const remove = data.db.prepare('DELETE FROM agenda WHERE kind = ? AND key = ?');
  const clear = data.db.prepare('DELETE FROM agenda');
  const due = data.db.prepare('SELECT * FROM agenda WHERE at_ms <= ? ORDER BY at_ms, kind, key');
  const read = (row: unknown): AgendaItem => {
    const { kind, key, at_ms, data: json } = row as Record<string, string> & { at_ms: number };
    return {
      kind: kind ?? '',
      key: key ?? '',
      atMs: at_ms,
      data: json ? JSON.parse(json) : undefined,
    };
  };
  return {
    put: (item: AgendaItem) =>
      void put.run(item.kind, item.key, item.atMs, JSON.stringify(item.data ?? null)),
    remove: (kind: string, key: string) => void remove.run(kind, key),
    clear: () => void clear.run(),
    all: () => due.all(Number.MAX_SAFE_INTEGER).map(read),
    first: (toMs: number, kinds: string[], skip: Skip) => {
      for (const row of due.iterate(toMs)) {
        const item = read(row);
        if (kinds.includes(item.kind) && !skip(item)) return item;
      }
      return undefined;
    },
  };
}
