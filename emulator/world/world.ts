import { type Agenda, createAgenda } from './agenda.ts';
import { type Clock, createClock } from './clock.ts';
import { type Data, openData } from './data.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGate, type Gate } from './gate.ts';
import { createLife, type Life } from './life.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** The ground floor of the local cloud: what every part of it stands on. */
export interface World {
  clock: Clock;
  agenda: Agenda;
  faults: Faults;
  timeline: Timeline;
  data: Data;
  /** What functions have under way. */
  gate: Gate;
  /** What the doors of WeChat Pay and CloudBase have under way. */
  doors: Gate;
  /** What began before a reset ends with it. */
  life: Life;
  /** Real waiting, for injected latency; never skipped by virtual time. */
  waitMs(ms: number): Promise<void>;
  /** Cryptographically strong bytes, or a seeded stand-in. */
  randomBytes(count: number): Buffer;
  /** A private key that this world never had before: RSA-2048, PKCS#8 PEM. */
  rsaKey(): string;
}

/** What the world takes from the machine. */
export interface WorldOptions {
  /** The data file, or `:memory:`. */
  file: string;
  /** Forgets everything that an earlier run left. */
  fresh?: boolean;
  realMs(): number;
  waitMs(ms: number): Promise<void>;
  randomBytes(count: number): Buffer;
  rsaKey(): string;
  chance(): number;
}

/** Opens the world where an earlier run left it, or a new one. */
export function openWorld(options: WorldOptions): World {
  const data = openData(options.file);
  if (options.fresh) data.clear();
  const settings = data.table<number>('settings');
  const clock = createClock(options.realMs, settings.get('offsetMs') ?? 0, (offsetMs) =>
    settings.put('offsetMs', offsetMs),
  );
  const life = createLife(options.waitMs);
  const gate = createGate(life.begin);
  return {
    clock,
    gate,
    doors: createGate(life.begin),
    life,
    data,
    agenda: createAgenda(data, clock, gate),
    faults: createFaults(options.chance),
    timeline: createTimeline(clock.now),
    waitMs: options.waitMs,
    randomBytes: options.randomBytes,
    rsaKey: options.rsaKey,
  };
}
