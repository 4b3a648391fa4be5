import type { CloseStaleOrdersAnswer, ShardInput } from '../../contract/timer/closeStaleOrders.ts';
import { CHECK_WORKERS_MAX } from '../../domain/limits.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** A run looks so far ahead: what falls due until its end is known, but for orders placed meanwhile. */
const RUN_MS = 45_000;
/** A run makes some 150 checks in each place of its window; a third is kept for what comes meanwhile. */
const CHECKS_PER_PLACE = 100;
/** The time that the timer's own run keeps to answer, once it has waited for its workers. */
const JOIN_RESERVE_MS = 1000;

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'callSelf'>;

/** Tells what a run has before it. */
interface Share {
  /** How many workers it needs for what is due until its end, itself among them; 0: nothing is. */
  workers: number;
  /** How long the first has been due. */
  oldestDueMs: number;
}

/** Finds how many workers a run needs, and how late it is. */
export async function shareOut({ store, clock }: Deps, concurrency: number): Promise<Share> {
  const each = concurrency * CHECKS_PER_PLACE;
  const nowMs = clock.now().getTime();
  const until = new Date(nowMs + RUN_MS);
  const due = await store.due('check', until, each * CHECK_WORKERS_MAX);
  // Those of cloud pay stay with the timer's own run.
  const shared = due.filter(({ link }) => link !== 'cloudPay').length;
  const workers = due.length === 0 ? 0 : Math.max(1, Math.ceil(shared / each));
  const oldestMs = due[0]?.at.getTime() ?? nowMs;
  return { workers, oldestDueMs: Math.max(0, nowMs - oldestMs) };
}

/** Starts the workers beside the timer's own run; `join` waits for them and adds up what they answer. */
export function startWorkers(of: number, deps: Deps, invocation: Invocation) {
  const leftMs = invocation.remainingMs() - JOIN_RESERVE_MS;
  const untilMs = deps.clock.now().getTime() + leftMs;
  const answers = Array.from({ length: of - 1 }, (_, at) =>
    askWorker({ Type: 'Shard', index: at + 1, of, untilMs }, leftMs, deps, invocation),
  );
  if (of > 1) invocation.log.add({ workers: of });
  return {
    join: async (own: CloseStaleOrdersAnswer): Promise<CloseStaleOrdersAnswer> => {
      const all = [own, ...(await Promise.all(answers))];
      return { counts: sumOf(all.map(({ counts }) => counts)), more: all.some(({ more }) => more) };
    },
  };
}

/** Runs one worker; of one that fails nothing is known, and what it left the next run finds. */
async function askWorker(
  input: ShardInput,
  timeoutMs: number,
  { callSelf }: Deps,
  { log }: Invocation,
): Promise<CloseStaleOrdersAnswer> {
  try {
    const answer = (await callSelf(input, timeoutMs)) as Partial<CloseStaleOrdersAnswer>;
    if (answer.counts) return { counts: answer.counts, more: answer.more === true };
    log.line({ level: 'warn', error: `WORKER_FAILED ${JSON.stringify(answer)}`.slice(0, 500) });
  } catch (error) {
    log.line({ level: 'warn', error: `WORKER_FAILED ${String(error)}`.slice(0, 500) });
  }
  return { counts: {}, more: true };
}

function sumOf(all: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [name, count] of all.flatMap(Object.entries)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
