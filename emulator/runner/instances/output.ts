/** The printed lines of one instance, cut into those of each invocation. */
export interface Output {
  write(text: string): void;
  /** Takes the lines since the last time, an unfinished one included. */
  take(): string[];
}

/** Collects lines; those beyond `linesMax` are only counted, so that a loop cannot fill memory. */
export function createOutput(linesMax = 1000): Output {
  let lines: string[] = [];
  let dropped = 0;
  let open = '';
  const keep = (line: string) => {
    if (lines.length < linesMax) lines.push(line);
    else dropped += 1;
  };
  return {
    write: (text) => {
      const parts = (open + text).split('\n');
      open = parts.pop() ?? '';
      for (const line of parts) keep(line);
    },
    take: () => {
      if (open !== '') keep(open);
      const taken = dropped > 0 ? [...lines, `… ${dropped} more lines`] : lines;
      lines = [];
      dropped = 0;
      open = '';
      return taken;
    },
  };
}

const DETAIL_LINES_MAX = 50;
const DETAIL_CHARS_MAX = 2000;

/** Shortens the last lines as a timeline entry shows them. */
export function excerptOf(log: string[]): string[] {
  const last = log.slice(-DETAIL_LINES_MAX).map((line) => line.slice(0, DETAIL_CHARS_MAX));
  const left = log.length - last.length;
  return left > 0 ? [`… 之前还有 ${left} 行 (earlier lines)`, ...last] : last;
}
