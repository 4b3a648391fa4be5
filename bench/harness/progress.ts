/** Writes the line of a bench, and keeps its clock. */
export interface Voice {
  write(text: string): void;
  /** A terminal's line is rewritten; elsewhere each step is a line of its own. */
  isTerminal: boolean;
  /** Milliseconds since the bench began. */
  elapsedMs(): number;
}

/** Tells somebody who waits what a bench is doing. */
export interface Progress {
  /** Writes what is done from now on. */
  doing(what: string): void;
  /** Writes it again, with the seconds that have passed. */
  repeat(): void;
  /** Clears the line for what is printed next. */
  end(): void;
}

/** Bounds how often it writes, so that a log stays short. */
const EVERY_MS = { terminal: 100, log: 5000 };
const CLEAR = '\r\x1b[K';

/** Makes the voice of a bench: `coldStart  unifiedOrder, 7 of 21 runs  12 s`. */
export function createProgress(name: string, { write, isTerminal, elapsedMs }: Voice): Progress {
  const everyMs = isTerminal ? EVERY_MS.terminal : EVERY_MS.log;
  let current = '';
  let dueMs = 0;
  const repeat = () => {
    const nowMs = elapsedMs();
    if (nowMs < dueMs) return;
    dueMs = nowMs + everyMs;
    const line = `${name}  ${current}  ${Math.floor(nowMs / 1000)} s`;
    write(isTerminal ? `${CLEAR}${line}` : `${line}\n`);
  };
  return {
    doing: (what) => {
      current = what;
      repeat();
    },
    repeat,
    end: () => {
      if (isTerminal) write(CLEAR);
    },
  };
}
