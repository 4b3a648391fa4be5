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
  /** How many times it still happens; left out: every time. */
  times?: number;
  /** 0 to 1; left out: always. */
  probability?: number;
  /** For `slow`: by how long, in milliseconds. */
  delayMs?: number;
  /** For `error`, `error_after` and `mutated`: the code that the wire answers with, or the change. */
  code?: string;
}

/** A fault that is switched on, and how often it has happened since. */
export interface SwitchedFault extends Fault {
  taken: number;
}

/** A kind that happens at a place, with the codes that it may have there; none without either. */
export interface FaultOption {
  kind: FaultKind;
  codes?: readonly string[];
  /** Any code that matches is one; a regular expression. */
  codePattern?: string;
}

/** A place where faults happen, and all that may happen there. */
export interface FaultPlace {
  at: string;
  kinds: readonly FaultOption[];
}

/** The fault switches of the local cloud decide what goes wrong in it. */
export interface Faults {
  list(): SwitchedFault[];
  /** Switches these on and all others off; `taken` is where the count goes on. */
  set(faults: readonly (Fault & { taken?: number | undefined })[]): void;
  /** Switches these on, anew where they were on, and leaves the others. */
  switchOn(faults: readonly Fault[]): void;
  /** Switches these off, and leaves the others. */
  switchOff(faults: readonly Fault[]): void;
  /** Takes the fault that this operation meets now, if any, and counts it off. */
  take(at: string, ...kinds: FaultKind[]): Fault | undefined;
}

/** Tells whether two faults are one switch; how often it still happens is no part of it. */
export function isSameFault(a: Fault, b: Fault): boolean {
  return (['at', 'kind', 'code', 'delayMs', 'probability'] as const).every(
    (part) => a[part] === b[part],
  );
}

/** Builds the switches; `chance` answers 0 to 1. */
export function createFaults(chance: () => number): Faults {
  let faults: SwitchedFault[] = [];
  const without = (those: readonly Fault[]) =>
    faults.filter((fault) => !those.some((one) => isSameFault(fault, one)));
  const happens = ({ probability }: Fault) => probability === undefined || chance() < probability;
  return {
    list: () => faults.map((fault) => ({ ...fault })),
    set: (next) => {
      faults = next.map((fault) => ({ ...fault, taken: fault.taken ?? 0 }));
    },
    switchOn: (those) => {
      faults = [...without(those), ...those.map((fault) => ({ ...fault, taken: 0 }))];
    },
    switchOff: (those) => {
      faults = without(those);
    },
    take: (at, ...kinds) => {
      const taken = faults.find(
        (fault) =>
          fault.at === at &&
          (kinds.length === 0 || kinds.includes(fault.kind)) &&
          fault.times !== 0 &&
          happens(fault),
      );
      if (!taken) return undefined;
      if (taken.times !== undefined) taken.times -= 1;
      taken.taken += 1;
      const { taken: _, ...fault } = taken;
      return fault;
    },
  };
}
