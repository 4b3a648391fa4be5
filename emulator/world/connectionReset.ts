/**
 * Thrown by a door of the local cloud when a fault swallows a message: the server resets the socket,
 * an in-process transport rejects with ECONNRESET. `acted` tells whether the request took effect.
 */
export class Lost extends Error {
  readonly code = 'ECONNRESET';
  readonly acted: boolean;
  constructor(acted: boolean) {
    super(acted ? 'the answer was lost' : 'the request was lost');
    this.acted = acted;
  }
}
