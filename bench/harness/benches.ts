/** Every bench in the order in which all are run, and the seconds that it may take. */
export const benches = {
  bundles: 120,
  coldStart: 300,
  callbacks: 120,
  deliveries: 120,
  malformed: 120,
  staleOrders: 300,
  stale: 600,
  bills: 120,
  deploy: 180,
  firstWord: 120,
  crypto: 120,
  pipeline: 120,
  console: 900,
  timeline: 300,
} as const;

/** The name of a bench: its file, and its word on the command line. */
export type BenchName = keyof typeof benches;

/** Tells how many seconds a bench may take: what BENCH_SECONDS says, else its own. */
export function secondsOf(name: BenchName, given = process.env.BENCH_SECONDS): number {
  if (given === undefined || given === '') return benches[name];
  const seconds = Number(given);
  if (!(seconds > 0)) throw new Error(`BENCH_SECONDS=${given}: a number above 0 is expected`);
  return seconds;
}
