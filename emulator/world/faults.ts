/** A fault is one of these kinds; docs/zh/local-cloud.md has a table of them. */
export const FAULT_KINDS = [
  'lost_request',
  'lost_answer',
  'error',
  'error_after',
  'throttled',
  'slow',
  'duplicate',
  'forged',
  'probe',
  'mutated',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** One switch says what goes wrong (`kind`), where (`at`, a wire operation), and how often. */
export interface Fault {
  at: string;
  kind: FaultKind;
  /** How many times it happens; left out: every time. */
  times?: number;
  /** 0 to 1; left out: always. */
  probability?: number;
  /** For `slow`: by how long, in milliseconds. */
  delayMs?: number;
  /** For `error`, `error_after` and `mutated`: the code that the wire answers with, or the change. */
  code?: string;
}

/** Tells whether a service knows all the words of a fault; else the first that it does not know. */
export type FaultVerdict = 'known' | 'at' | 'kind' | 'code';

/** The fault switches of the local cloud decide what goes wrong in it. */
export interface Faults {
  list(): Fault[];
  set(faults: Fault[]): void;
  /** Takes the fault that this operation meets now, if any, and counts it off. */
  take(at: string, ...kinds: FaultKind[]): Fault | undefined;
}

/** Builds the switches; `chance` answers 0 to 1. */
export function createFaults(chance: () => number): Faults {
  let faults: Fault[] = [];
  return {
    list: () => faults.map((fault) => ({ ...fault })),
    set: (next) => {
      faults = next.map((fault) => ({ ...fault }));
    },
    take: (at, ...kinds) => {
      const fault = faults.find(
        (f) => f.at === at && (kinds.length === 0 || kinds.includes(f.kind)) && f.times !== 0,
      );
      if (!fault) return undefined;
      if (fault.probability !== undefined && chance() >= fault.probability) return undefined;
      if (fault.times !== undefined) fault.times -= 1;
      return { ...fault };
    },
  };
}
