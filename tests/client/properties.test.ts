/**
 * Whatever the host does in whatever order: `paid` is only an echo of the server's, what the server said is never reported
 * as anything else, no second cashier opens while the first order may be paid, and what was paid is found in the end.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPayClient, type Host, type Outcome, type PayClient } from '../../client/index.ts';
import { Phone, refusal, say } from './phone.ts';

const WAYS = ['success', 'fail', 'complete', 'resolve', 'reject', 'throw'] as const;
const delayMs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400_000 }));
const value = fc.oneof(
  fc.constantFrom(
    { errMsg: 'requestPayment:ok' },
    { errMsg: 'requestPayment:fail cancel' },
    { errMsg: 'requestPayment:fail 余额不足' },
    { errMsg: 'requestPayment:fail network error' },
    { errCode: -404012, errMsg: 'x' },
    { errCode: -501000, errMsg: 'x' },
    { errCode: 'ORDERPAID', errMsg: 'the server’s word, which is not the host’s to say' },
    { result: refusal('STORE_UNAVAILABLE', { advice: 'same_request' }) },
    { result: refusal('PARAM_ERROR') },
  ),
  fc.anything({ withNullPrototype: true, withBigInt: true }),
);
const hostSays = fc.record({ by: fc.constantFrom(...WAYS), value, delayMs });
/** An answer of a function: the server's (at a time), lost after it worked, another in its place, or none ever. */
const call = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('server' as const), delayMs }) },
  fc.record({ kind: fc.constantFrom('lost' as const, 'failed' as const), by: hostSays, delayMs }),
  fc.record({ kind: fc.constantFrom('never' as const), delayMs }),
);
/** Draws the events once the cashier is open: answers of the host, and the payment itself. */
const cashier = fc.record({
  answers: fc.array(hostSays, { maxLength: 3 }),
  payMs: fc.option(delayMs),
  closeMs: fc.option(delayMs),
});
const step = fc.constantFrom('tap', 'tap twice', 'resume', 'kill', 'wait');
const play = fc.record({
  order: fc.constantFrom(
    { request: { productId: 'latte' } },
    { request: { productId: 'latte', purchaseId: 'cart-7' } },
    { outTradeNo: 'MINE0001', totalFee: 1 },
    { outTradeNo: 'toString', totalFee: 1 },
    { request: { productId: 'latte' }, outTradeNo: 'MINE0002' },
  ),
  steps: fc.array(fc.tuple(step, delayMs), { minLength: 1, maxLength: 8 }),
  calls: fc.array(call, { maxLength: 30 }),
  cashiers: fc.array(cashier, { maxLength: 8 }),
});
type Play = typeof play extends fc.Arbitrary<infer One> ? One : never;

/** A play on one phone: what the server has let it know, and what it made of that. */
class Stage {
  readonly phone = new Phone();
  readonly statuses: string[] = [];
  readonly violations: string[] = [];
  /** Orders of which an answer arrived that says paid. */
  readonly knownPaid = new Set<string>();
  /** Orders that could not be placed since they, or their purchase, are paid. */
  readonly refusedAsPaid = new Set<string>();
  /** Orders of which an answer arrived that says that they are not, since their cashier last spoke or opened. */
  readonly knownUnpaid = new Set<string>();
  readonly opened = new Set<string>();
  readonly reported = new Set<string>();
  #epoch = 0;

  readonly script: Play;

  constructor(script: Play) {
    this.script = script;
  }

  start(): PayClient {
    this.#epoch += 1;
    // What an app was told ends with it.
    this.knownPaid.clear();
    const epoch = this.#epoch;
    const isAlive = () => this.#epoch === epoch;
    const { time, server } = this.phone;
    const host = this.phone.host();
    const later = (ms: number, run: () => void) => time.setTimeout(() => isAlive() && run(), ms);
    const living: Required<Host> = {
      storage: {
        getStorageSync: host.storage.getStorageSync,
        setStorageSync: (key, kept) => isAlive() && host.storage.setStorageSync(key, kept),
      },
      setTimeout: (run, ms) => later(ms, run),
      callFunction: ({ name, data, ...to }) => {
        if (!isAlive()) return undefined;
        const next = this.script.calls.shift() ?? { kind: 'server' as const, delayMs: 20 };
        const isPlaced = name === 'unifiedOrder' && next.kind !== 'failed';
        const placed = isPlaced ? server.answer(name, data) : undefined;
        if (next.kind === 'never') return undefined;
        if ('by' in next) {
          if (next.by.by === 'throw') throw next.by.value;
          return this.#later(later, next.by, to);
        }
        later(next.delayMs, () => {
          const result = placed ?? server.answer(name, data);
          // The client waits 30 seconds for a call.
          if (next.delayMs < 30_000) this.#know(result as never, data);
          to.success({ result: structuredClone(result) });
        });
        return undefined;
      },
      requestPayment: ({ package: prepay, ...to }) => {
        const outTradeNo = prepay.slice('prepay_id='.length);
        for (const earlier of this.opened) {
          const isOver = server.orders.get(earlier) === 'closed' || this.reported.has(earlier);
          if (earlier !== outTradeNo && !isOver) this.violate(`${earlier} may be paid still`);
        }
        this.opened.add(outTradeNo);
        this.knownUnpaid.delete(outTradeNo);
        return this.#cashier(outTradeNo, to, later);
      },
    };
    return createPayClient(living);
  }

  #later(later: Later, { by, value: answer, delayMs: ms }: HostSays, to: object): unknown {
    if (by !== 'resolve' && by !== 'reject') {
      later(ms, () => say({ by, value: answer }, to as never));
      return undefined;
    }
    const answered = new Promise((resolve, reject) => {
      later(ms, () => (by === 'resolve' ? resolve(answer) : reject(answer)));
    });
    // Of several promises one is returned; nothing waits for the others.
    answered.catch(() => {});
    return answered;
  }

  #cashier(outTradeNo: string, to: object, later: Later): unknown {
    const { answers, payMs, closeMs } = this.script.cashiers.shift() ?? {
      answers: [],
      payMs: null,
      closeMs: null,
    };
    const { time, server } = this.phone;
    const end = (state: 'paid' | 'closed') => () => {
      if (server.orders.get(outTradeNo) === 'paying') server.orders.set(outTradeNo, state);
    };
    // What happens at WeChat does, whether the app lives or not.
    if (payMs !== null) time.setTimeout(end('paid'), payMs);
    if (closeMs !== null) time.setTimeout(end('closed'), closeMs);
    const thrown = answers.find(({ by }) => by === 'throw');
    if (thrown) throw thrown.value;
    const returned = answers.map((each) => this.#later(later, each, to));
    return returned.find((each) => each !== undefined);
  }

  #know({ errCode, state }: { errCode: unknown; state?: string }, data: { outTradeNo?: string }) {
    const { outTradeNo = '' } = data;
    if (state === 'paid') this.knownPaid.add(outTradeNo);
    if (state === 'paying' || state === 'closed') this.knownUnpaid.add(outTradeNo);
    if (errCode === 'ORDERPAID') this.refusedAsPaid.add(outTradeNo);
  }

  /** Takes what an app reports, as long as it lives. */
  reporter() {
    const epoch = this.#epoch;
    return (outcome: Outcome) => {
      if (this.#epoch === epoch) this.#take(outcome);
    };
  }

  #take({ status, outTradeNo = '' }: Outcome): void {
    this.statuses.push(status);
    const isKnown = this.knownPaid.has(outTradeNo);
    if (status === 'paid') {
      if (!isKnown && !this.refusedAsPaid.has(outTradeNo))
        this.violate(`${outTradeNo}: paid, and the server never did so`);
      this.reported.add(outTradeNo);
      return;
    }
    if (isKnown) this.violate(`${outTradeNo}: ${status}, though the server called it paid`);
    if (status === 'unknown' || !this.opened.has(outTradeNo)) return;
    if (!this.knownUnpaid.has(outTradeNo)) this.violate(`${outTradeNo}: ${status}, unasked`);
  }

  violate(what: string): void {
    this.violations.push(what);
  }
}
type HostSays = typeof hostSays extends fc.Arbitrary<infer One> ? One : never;
type Later = (ms: number, run: () => void) => void;

async function perform(script: Play): Promise<Stage> {
  const stage = new Stage(script);
  const { time } = stage.phone;
  const passes = (ms: number) =>
    time.until(new Promise<void>((resolve) => time.setTimeout(resolve, ms)));
  let client = stage.start();
  let going: Promise<unknown>[] = [];
  const tap = () => going.push(client.pay({ ...script.order }).then(stage.reporter()));
  for (const [name, ms] of script.steps) {
    if (name === 'tap') tap();
    if (name === 'tap twice')
      expect(client.pay(script.order)).toBe(client.pay({ ...script.order }));
    if (name === 'tap twice') tap();
    if (name === 'resume') going.push(client.resume(stage.reporter()));
    if (name === 'kill') {
      client = stage.start();
      going = [];
    }
    await passes(ms);
  }
  // Every call ends, and once the network is back the next start finds what was paid.
  await time.until(Promise.all(going));
  script.calls.length = 0;
  await passes(500_000);
  client = stage.start();
  await time.until(client.resume(stage.reporter()));
  for (const outTradeNo of stage.opened) {
    if (stage.phone.server.orders.get(outTradeNo) !== 'paid') continue;
    if (!stage.reported.has(outTradeNo))
      stage.violate(`${outTradeNo} was paid, and never reported`);
  }
  return stage;
}

test('whatever the host answers, in whatever order', async () => {
  const counts: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(play, async (script) => {
      const { statuses, violations } = await perform(copyOf(script));
      expect(violations).toEqual([]);
      for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
    }),
    { numRuns: 500 },
  );
  // The plays reach every outcome.
  expect(Object.keys(counts).sort()).toEqual(['cancelled', 'failed', 'paid', 'unknown']);
});

/** A play is used up as it goes; its values stay the same, however odd. */
function copyOf({ order, steps, calls, cashiers }: Play): Play {
  return { order, steps, calls: [...calls], cashiers: [...cashiers] };
}
