// One cold start: require the bundle, answer one event, print the times in milliseconds.
const processMs = Date.now() - Number(process.env.SPAWNED_AT);
// The local cloud is a day ahead, to have the bill of a finished day.
require('../../emulator/runner/instances/shiftDate.cjs').shiftTo(Number(process.env.OFFSET_MS));
const begun = performance.now();
const cpuBegun = process.cpuUsage();
const { main } = require(process.env.BUNDLE);
const loaded = performance.now();
const { event, context } = JSON.parse(process.env.INVOCATION);
context.getRemainingTimeInMillis = () => 20000;
console.log = () => {};
const report = (answer) => {
  const { user, system } = process.cpuUsage(cpuBegun);
  const cpuMs = (user + system) / 1000;
  const times = { processMs, initMs: loaded - begun, firstMs: performance.now() - loaded, cpuMs };
  process.stdout.write(`${JSON.stringify({ ...times, answer })}\n`, () => process.exit(0));
};
const fail = (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
};
void main(event, context).then(report, fail);
