import http from 'node:http';
import https from 'node:https';

/**
 * Drops the connections that nobody uses, the database's among them. An instance is frozen between its calls
 * (583/67790) and finds them dead when it thaws: a request on one would be lost, or nobody knew whether it was.
 * `@cloudbase/node-sdk` leaves them to Node's own agents, which keep them alive, and repeats nothing.
 */
export function dropIdleConnections(): void {
  for (const { freeSockets } of [http.globalAgent, https.globalAgent]) {
    for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
  }
}
