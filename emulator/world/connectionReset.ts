/**
 * A handler of the local cloud throws this when a fault swallows a message: the server resets the
 * socket, an in-process transport rejects with ECONNRESET. `acted` tells a lost answer, whose
 * request took effect, from a lost request.
 */
export class ConnectionReset extends Error {
  readonly code = 'ECONNRESET';
  readonly acted: boolean;
  constructor({ acted }: { acted: boolean }) {
    super(acted ? 'the answer was lost' : 'the request was lost');
    this.acted = acted;
  }
}
