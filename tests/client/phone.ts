/** A phone, its payer and a server for the client, in virtual time: nothing waits, and everything can go wrong. */
import { createPayClient, type Host, type Order, type PayClient } from '../../client/index.ts';

/** A clock whose timers fire one after another as soon as nothing else goes on. */
export class VirtualTime {
  now = 0;
  #timers: { at: number; run: () => void }[] = [];

  setTimeout = (run: () => void, ms: number): void => {
    this.#timers.push({ at: this.now + ms, run });
    this.#timers.sort((a, b) => a.at - b.at);
  };

  /** Lets time pass until a promise has ended. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isEnded = false;
    void promise.then(
      () => {
        isEnded = true;
      },
      () => {
        isEnded = true;
      },
    );
    for (;;) {
      await new Promise(setImmediate);
      if (isEnded) return promise;
      const next = this.#timers.shift();
      if (!next) throw new Error('nothing is left to happen, and the promise has not ended');
      this.now = next.at;
      next.run();
    }
  }
}

type State = 'paying' | 'paid' | 'closed';
type Say = {
  by: 'success' | 'fail' | 'complete' | 'resolve' | 'reject' | 'throw';
  value?: unknown;
};

/** An answer of the host in place of the server's, or beside it (`lost`: the server has worked). */
export type Failing = Say & { lost?: true };

/** The server as far as the client can see it. */
export class FakeServer {
  readonly orders = new Map<string, State>();
  readonly quarantined = new Set<string>();
  readonly #numberOf = new Map<string, string>();

  answer(name: string, data: Order): object {
    if (name === 'unifiedOrder') return this.#place(data);
    const { outTradeNo = '' } = data;
    const state = this.orders.get(outTradeNo);
    if (!state) return refusal('ORDER_NOT_EXIST');
    return {
      errCode: 0,
      errMsg: `${name}:ok`,
      outTradeNo,
      state,
      ...(this.quarantined.has(outTradeNo) && { quarantined: true }),
    };
  }

  #place(data: Order): object {
    const { purchaseId } = (data.request ?? {}) as { purchaseId?: string };
    // A quoted order is numbered by the server: of a phone's number only its own order is found again.
    const isFound = data.request === undefined || this.orders.has(data.outTradeNo ?? '');
    const outTradeNo =
      (isFound ? data.outTradeNo : undefined) ??
      this.#numberOf.get(purchaseId ?? '') ??
      `DRAWN${String(this.orders.size).padStart(5, '0')}`;
    if (purchaseId !== undefined) this.#numberOf.set(purchaseId, outTradeNo);
    const state = this.orders.get(outTradeNo) ?? 'paying';
    if (state === 'paid') return refusal('ORDERPAID');
    if (state === 'closed') return refusal('ORDERCLOSED');
    this.orders.set(outTradeNo, state);
    const payment = { package: `prepay_id=${outTradeNo}` };
    return { errCode: 0, errMsg: 'unifiedOrder:ok', outTradeNo, payment };
  }
}

/** A refusal of the server's. */
export function refusal(errCode: string, details: object = {}): object {
  return { errCode, errMsg: `fail ${errCode}`, errCodeDes: errCode, advice: 'never', ...details };
}

/** Answers by a host's ways: callbacks or a promise. */
export function say({ by, value }: Say, to: Record<string, unknown>): unknown {
  if (by === 'throw') throw value;
  if (by === 'resolve') return Promise.resolve(value);
  if (by === 'reject') return Promise.reject(value);
  (to[by] as (value: unknown) => void)(value);
  return undefined;
}

/** Acts as the cashier once it is opened. */
export type Cashier = (outTradeNo: string, to: Record<string, unknown>) => unknown;

/** A phone with a storage that survives the app. */
export class Phone {
  readonly time = new VirtualTime();
  readonly server = new FakeServer();
  readonly calls: { name: string; data: Order; at: number }[] = [];
  readonly stored = new Map<string, unknown>();
  /** The answers of the next calls of a function, in place of the server's. */
  readonly failing: Record<string, Failing[]> = {};
  cashier: Cashier = () => undefined;
  opened = 0;

  host(): Required<Host> {
    return {
      callFunction: ({ name, data, ...to }) => {
        this.calls.push({ name, data, at: this.time.now });
        const failing = this.failing[name]?.shift();
        const result = failing && !failing.lost ? undefined : this.server.answer(name, data);
        return say(failing ?? { by: 'success', value: { result } }, to);
      },
      requestPayment: ({ package: prepay, ...to }) => {
        this.opened += 1;
        return this.cashier(prepay.slice('prepay_id='.length), to);
      },
      storage: {
        getStorageSync: (key) => structuredClone(this.stored.get(key) ?? ''),
        setStorageSync: (key, value) => {
          this.stored.set(key, structuredClone(value));
        },
      },
      setTimeout: this.time.setTimeout,
    };
  }

  /** Starts the app anew. */
  start(): PayClient {
    return createPayClient(this.host());
  }

  callsOf(name: string): number {
    return this.calls.filter((call) => call.name === name).length;
  }
}
