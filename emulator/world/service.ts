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
  /** Forgets everything but what is deployed; left out where there is nothing to forget. */
  reset?(): void;
}

/** Draws the id of a request, in the form that Tencent Cloud gives it. */
export function newRequestId({ randomBytes }: Pick<World, 'randomBytes'>): string {
  const hex = randomBytes(16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
