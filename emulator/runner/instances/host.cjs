'use strict';
/**
 * The process a function runs in: loads its bundle once, then runs one event after another with
 * SCF's context. It talks to `instance.ts` over IPC and ends with its parent.
 */
const { performance } = require('node:perf_hooks');
const { inspect } = require('node:util');
const { emptyLoop, freeze, openPorts } = require('./freeze.cjs');
const { shiftTo } = require('./shiftDate.cjs');
const { nameInRequests } = require('./nameInRequests.cjs');

// Functions do not see the channel: code that finds `process.send` believes itself a worker.
const send = process.send.bind(process);
process.send = undefined;
process.on('disconnect', () => process.exit());

let main;

/** Output travels over the channel, so that it arrives in order and before the answer. */
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done) => {
    const isText = typeof chunk === 'string';
    send({ kind: 'output', text: isText ? chunk : Buffer.from(chunk).toString() });
    const written = typeof encoding === 'function' ? encoding : done;
    if (written) process.nextTick(written);
    return true;
  };
}

const describe = (error) => (error instanceof Error ? String(error) : inspect(error));

function load({ file, offsetMs }) {
  shiftTo(offsetMs);
  main = require(file).main;
  if (typeof main !== 'function') throw new Error('main is not a function exported by index.js');
  return null;
}

function contextOf({ fields, timeLimitMs }) {
  const deadlineMs = performance.now() + timeLimitMs;
  let waits = true;
  return {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(wanted) {
      waits = wanted;
    },
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMs - performance.now())),
    ...fields,
  };
}

/** Async handlers answer by their promise, older ones by the third argument or their return. */
function run(call, context) {
  shiftTo(call.offsetMs);
  nameInRequests(call.fields.request_id);
  // Never removed again: on SCF a warm process keeps what its last caller left.
  Object.assign(process.env, call.variables);
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const returned = main(JSON.parse(call.event), context, callback);
    if (main.length < 3 || typeof returned?.then === 'function') resolve(returned);
  });
}

async function answerOf(work) {
  try {
    const result = await work();
    return { kind: 'done', result: JSON.stringify(result ?? null) ?? 'null' };
  } catch (error) {
    console.error(error);
    return { kind: 'failed', message: describe(error) };
  }
}

/** The answer is out before the process freezes, and names the connections that do not survive it. */
async function runFrozen(call, context) {
  // After a thaw: what the other side closed meanwhile is seen first.
  await new Promise(setImmediate);
  const answer = await answerOf(() => run(call, context));
  if (context.callbackWaitsForEmptyEventLoop) await emptyLoop();
  send({ ...answer, ports: openPorts() }, freeze);
}

process.on('message', async ({ kind, ...rest }) => {
  if (kind === 'load') send(await answerOf(() => load(rest)));
  else if (rest.freezes) await runFrozen(rest, contextOf(rest));
  else send(await answerOf(() => run(rest, contextOf(rest))));
});
