/** An entry records one thing that happened; the page shows it, `/_local/events` streams it. */
export interface Entry {
  id: number;
  /** Virtual time, ISO 8601. */
  at: string;
  /** `wechatpay.notify`, `cloudbase.modifyDocument`, `function.call`, `clock.moved`, … */
  what: string;
  /** An order number, a function name. */
  subject?: string;
  /** The entry that caused this one. */
  cause?: number;
  /** Short facts for a person; never a key or a decrypted body. */
  detail?: Record<string, unknown>;
}

/** The running record of the local cloud; keeps the last `keepMax` entries. */
export interface Timeline {
  add(entry: Omit<Entry, 'id' | 'at'>): number;
  recent(afterId?: number): Entry[];
  /** Calls `listener` for each new entry, `onClear` when all are forgotten; the answer stops both. */
  follow(listener: (entry: Entry) => void, onClear?: () => void): () => void;
  clear(): void;
}

/** Builds a timeline stamped by `now`. */
export function createTimeline(now: () => Date, keepMax = 2000): Timeline {
  let entries: Entry[] = [];
  let nextId = 1;
  const listeners = new Set<(entry: Entry) => void>();
  const clearings = new Set<() => void>();
  return {
    add: (facts) => {
      const entry: Entry = { id: nextId, at: now().toISOString(), ...facts };
      nextId += 1;
      entries.push(entry);
      if (entries.length > keepMax * 1.5) entries = entries.slice(-keepMax);
      for (const listener of listeners) listener(entry);
      return entry.id;
    },
    recent: (afterId = 0) => entries.filter((entry) => entry.id > afterId).slice(-keepMax),
    follow: (listener, onClear = () => {}) => {
      listeners.add(listener);
      clearings.add(onClear);
      return () => {
        listeners.delete(listener);
        clearings.delete(onClear);
      };
    },
    clear: () => {
      entries = [];
      for (const onClear of clearings) onClear();
    },
  };
}
