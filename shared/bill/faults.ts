import type { Line } from './line/line.ts';

/** The faults of a bill that are listed; all are counted. */
const FAULTS_MAX = 100;

/** Names what can be wrong with a line. */
export type FaultCause = 'no_bill' | 'line_too_long' | 'cells' | 'cell' | 'after_summary';

/** Says what of a bill could not be read, and where. */
export interface BillFault {
  /** Counts from 1. */
  line: number;
  cause: FaultCause;
  /** The column's name in the file, where one cell is at fault; of `no_bill` the one that is missing. */
  column?: string;
}

/** The faults of a bill as they are found. */
export interface Faults {
  count: number;
  readonly first: BillFault[];
  add(line: Line, cause: FaultCause, column?: string): void;
}

/** Begins the list of a bill's faults. */
export function noFaults(): Faults {
  const faults: Faults = {
    count: 0,
    first: [],
    add({ number }, cause, column) {
      faults.count += 1;
      if (faults.first.length >= FAULTS_MAX) return;
      const fault: BillFault = { line: number, cause };
      faults.first.push(column === undefined ? fault : { ...fault, column });
    },
  };
  return faults;
}
