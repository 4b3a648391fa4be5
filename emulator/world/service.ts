import type { FaultPlace } from './faults.ts';
import type { HttpRequest, HttpResponse } from './wire/http.ts';
import type { World } from './world.ts';

/** A service of the local cloud answers those requests to its one port that it owns. */
export interface Service {
  /** Checks whether a request belongs here. */
  owns(request: HttpRequest): boolean;
  /**
   * Answers a request that belongs here; undefined where there is nothing after all. Throws
   * `ConnectionReset` where a fault swallows a message.
   */
  handle(request: HttpRequest): Promise<HttpResponse | undefined>;
  /** Where faults happen in it, and which; left out where none does. */
  faultPlaces?: readonly FaultPlace[];
  /** Lets a snapshot hold what it has; left out where there is nothing to save. */
  saved?: SavedParts;
  /** Forgets everything but what is deployed; left out where there is nothing to forget. */
  reset?(): void;
}

/** The parts of a service that a snapshot of the world holds. */
export interface SavedParts {
  name: string;
  /** Its tables, whose rows a loaded world replaces, or adds where none has their key. */
  tables: Readonly<Record<string, 'replaced' | 'added'>>;
  /** Answers what it has in memory alone, as JSON. */
  memory?(): unknown;
  /**
   * Takes over what its tables hold now, and such a memory. Throws where they make no sense, and is then called
   * again with those of before.
   */
  reopen(memory: unknown): void;
}

/** Draws the id of a request, in the form that Tencent Cloud gives it. */
export function newRequestId({ randomBytes }: Pick<World, 'randomBytes'>): string {
  const hex = randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
