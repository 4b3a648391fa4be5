const COMMA = 0x2c;
const BACKTICK = 0x60;

/** The most cells that a line is cut into; no bill has half as many columns. */
const CELLS_MAX = 64;

/** A line of a bill, cut into cells: cell i is `bytes` from `starts[i]` to `ends[i]`. One is used for all lines. */
export interface Line {
  /** Counts from 1, as editors show it. */
  number: number;
  bytes: Buffer;
  /** The cells found; one more than {@link CELLS_MAX} when there are too many. */
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The first cell that could not be read; -1 while there is none. */
  faultyCell: number;
}

/** Makes the line that all lines of a file are cut into. */
export function emptyLine(): Line {
  const places = () => new Int32Array(CELLS_MAX + 1);
  return {
    number: 0,
    bytes: Buffer.alloc(0),
    count: 0,
    starts: places(),
    ends: places(),
    faultyCell: -1,
  };
}

/**
 * Cuts the bytes into cells. Cells with backticks end where a comma has a backtick behind it, so
 * that a comma in a name, and the byte of a backtick in a GBK character, end none.
 */
export function cutCells(line: Line, bytes: Buffer, start: number, end: number): void {
  line.bytes = bytes;
  line.count = 0;
  line.faultyCell = -1;
  if (bytes[start] === BACKTICK) cutAtBackticks(line, start, end);
  else cutAtCommas(line, start, end);
}

function cutAtBackticks(line: Line, start: number, end: number): void {
  const { bytes } = line;
  let from = start + 1;
  for (let at = from; at < end; at += 1) {
    if (bytes[at] === COMMA && bytes[at + 1] === BACKTICK && at + 1 < end) {
      addCell(line, from, at);
      from = at + 2;
      at += 1;
    }
  }
  addCell(line, from, end);
}

function cutAtCommas(line: Line, start: number, end: number): void {
  let from = start;
  for (let at = start; at < end; at += 1) {
    if (line.bytes[at] !== COMMA) continue;
    addCell(line, from, at);
    from = at + 1;
  }
  addCell(line, from, end);
}

function addCell(line: Line, start: number, end: number): void {
  if (line.count > CELLS_MAX) return;
  line.starts[line.count] = start;
  line.ends[line.count] = end;
  line.count += 1;
}
