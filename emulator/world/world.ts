import { generateKeyPairSync } from 'node:crypto';
import { type Agenda, createAgenda } from './agenda.ts';
import { type Clock, createClock } from './clock.ts';
import { type Data, openData } from './data.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGate, type Gate } from './gate.ts';
import { createLife, type Life } from './life.ts';
import { type Causes, createCauses } from './timeline/causes.ts';
import { createTimeline, type Timeline } from './timeline/timeline.ts';

/** Every part of the local cloud stands on one world: time, plans, faults, data. */
export interface World {
  clock: Clock;
  agenda: Agenda;
  faults: Faults;
  timeline: Timeline;
  /** Knows what whatever happens follows from. */
  causes: Causes;
  data: Data;
  /** Counts the invocations of functions that are under way. */
  gate: Gate;
  /** Counts the requests to WeChat Pay and CloudBase that are under way. */
  requests: Gate;
  /** Ends with a reset, and with it everything that began before. */
  life: Life;
  /** Waits in real time, for injected latency; never skipped by virtual time. */
  waitMs(ms: number): Promise<void>;
  /** Draws cryptographically strong bytes, or those of a seeded stand-in. */
  randomBytes(count: number): Buffer;
  /** Makes a private key that this world never had before: RSA-2048, PKCS#8 PEM. */
  rsaKey(): string;
}

/** The world takes these from the machine. */
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
  const causes = createCauses();
  return {
    clock,
    gate,
    requests: createGate(life.begin),
    life,
    data,
    agenda: createAgenda(data, { clock, gate, causes }),
    faults: createFaults(options.chance),
    timeline: createTimeline(clock.now, { causes }),
    causes,
    waitMs: options.waitMs,
    randomBytes: options.randomBytes,
    rsaKey: options.rsaKey,
  };
}

/** Makes a private key: RSA-2048, PKCS#8 PEM; it takes a good part of a second. */
export function newRsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
