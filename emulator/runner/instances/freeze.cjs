'use strict';
/**
 * Freezes this process after an answer, as SCF does (583/67790): its thread waits in a read, so that no timer, no promise
 * and no socket goes on. It needs no signal, works on every system, can be killed, and ends with its parent.
 */
const { subscribe } = require('node:diagnostics_channel');
const { readSync } = require('node:fs');

/** The parent writes a byte here before the next event. */
const GATE = 4;

const sockets = new Set();
subscribe('net.client.socket', ({ socket }) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});

/** Lists the local ports of the connections that are open; they are dead after the thaw. */
exports.openPorts = () =>
  [...sockets].map(({ localPort }) => localPort).filter((port) => port !== undefined);

/** Returns when the parent asks for the next event; ends the process when there is no parent any more. */
exports.freeze = () => {
  if (readSync(GATE, Buffer.alloc(1)) === 0) process.exit();
};

/** Settles once nothing is open and nothing is under way but the channel to the parent. */
exports.emptyLoop = () =>
  new Promise((resolve) => {
    process.channel.unref();
    process.once('beforeExit', () => {
      process.channel.ref();
      resolve();
    });
  });
