/** What can go wrong on a wire; see the table in docs/local-cloud.md. */
export const faultKinds = [
  'lost_request',
  'lost_answer',
  'error',
  'throttled',
  'slow',
  'duplicate',
  'forged',
  'mutated',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** One switch: what goes wrong (`kind`), where (`at`, a wire operation), and how often. */
export interface Fault {
  at: string;
  kind: FaultKind;
  /** How many times it strikes; left out: every time. */
  times?: number;
  /** 0 to 1; left out: always. */
  probability?: number;
  /** For `slow`: by how long, in milliseconds. */
  delayMs?: number;
  /** For `error`: the word the wire answers with. */
  code?: string;
}

/** The fault switches of the local cloud. */
export interface Faults {
  list(): Fault[];
  set(faults: Fault[]): void;
  /** The fault that strikes this operation now, if any; counts it off. */
  strike(at: string, ...kinds: FaultKind[]): Fault | undefined;
}

/** Builds the switches; `chance` answers 0 to 1. */
export function createFaults(chance: () => number): Faults {
  let faults: Fault[] = [];
  return {
    list: () => faults.map((fault) => ({ ...fault })),
    set: (next) => {
      faults = next.map((fault) => ({ ...fault }));
    },
    strike: (at, ...kinds) => {
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
