// One cold start: require the bundle, answer one event, print the times in milliseconds.
const begun = performance.now();
const processMs = Date.now() - Number(process.env.SPAWNED_AT);
const { main } = require(process.env.BUNDLE);
const loaded = performance.now();
const { event, context } = JSON.parse(process.env.INVOCATION);
context.getRemainingTimeInMillis = () => 20000;
const print = console.log;
console.log = () => {};
Promise.resolve(main(event, context)).then((answer) => {
  const answered = performance.now();
  print(JSON.stringify({ processMs, initMs: loaded - begun, firstMs: answered - loaded, answer }));
  process.exit(0);
});
