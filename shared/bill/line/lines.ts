const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The longest line that is kept; the longest row that WeChat writes has less than 2 kB. */
export const LINE_BYTES_MAX = 65_536;

/** Takes a line: its bytes from `start` to `end`, without its end of line. Empty ones are not told apart. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => void;

/** A cutter of a file's chunks into lines. */
export interface LineCutter {
  write(chunk: Buffer): void;
  /** Takes what follows the last end of line. */
  end(): void;
}

/**
 * Cuts chunks into lines, of which only the one that two chunks share is copied. Of a line beyond
 * {@link LINE_BYTES_MAX} its first bytes alone are kept: more than the limit, so that it is known.
 */
export function lineCutter(take: TakeLine): LineCutter {
  let rest: Buffer = Buffer.alloc(0);
  const keep = (bytes: Buffer) => {
    const room = LINE_BYTES_MAX + 1 - rest.length;
    if (room > 0) rest = Buffer.concat([rest, bytes.subarray(0, room)]);
  };
  return {
    write(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        if (rest.length === 0) take(chunk, from, withoutReturn(chunk, from, at));
        else {
          keep(chunk.subarray(from, at));
          take(rest, 0, withoutReturn(rest, 0, rest.length));
          rest = Buffer.alloc(0);
        }
        from = at + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
    },
    end() {
      if (rest.length > 0) take(rest, 0, withoutReturn(rest, 0, rest.length));
      rest = Buffer.alloc(0);
    },
  };
}

function withoutReturn(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === RETURN ? end - 1 : end;
}
