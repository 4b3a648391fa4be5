'use strict';
/**
 * Tells the local cloud which invocation a request comes from, so that its timeline has causes: in a header, to this
 * machine alone. Nothing signs it and nobody but the local cloud reads it.
 */
const { subscribe } = require('node:diagnostics_channel');
const http = require('node:http');
const { syncBuiltinESMExports } = require('node:module');

const HEADER = 'x-local-cloud-cause';

let invocation;

/** Names the invocation that requests come from, from now on. */
exports.nameInRequests = (id) => {
  invocation = id;
};

const { request } = http;
http.request = (...args) => {
  const sending = request(...args);
  const isNamed = invocation !== undefined && isHere(sending.host) && !sending.headersSent;
  if (isNamed) sending.setHeader(HEADER, invocation);
  return sending;
};
http.get = (...args) => {
  const sending = http.request(...args);
  sending.end();
  return sending;
};
syncBuiltinESMExports();

// `fetch` of Node itself.
subscribe('undici:request:create', ({ request: sending }) => {
  const { hostname } = new URL(sending.origin);
  if (invocation !== undefined && isHere(hostname)) sending.addHeader(HEADER, invocation);
});

function isHere(host) {
  return host === '127.0.0.1' || host === 'localhost' || host === '::1';
}
