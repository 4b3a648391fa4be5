/** A phone that talks to the local cloud over the wire, for the client and for what is made with it. */
import { createPayClient, type Host, type PayClient } from '../../client/index.ts';
import { say } from './phone.ts';

type Json = Record<string, unknown>;

/** Calls the control API. */
export async function postTo({ url }: { url: string }, path: string, body: object): Promise<Json> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await (await fetch(`${url}/_local/${path}`, init)).json()) as Json;
}

/** A phone whose timers move the cloud's clock: a wait of it passes there, and nothing else waits. */
export class WirePhone {
  readonly cloud: { url: string };
  readonly openid: string;
  readonly calls: string[] = [];
  readonly stored = new Map<string, unknown>();
  /** Acts as the payer; the answer of WeChat's cashier is passed on where one is returned. */
  cashier: (prepayId: string) => Promise<object | undefined> = (prepayId) =>
    this.post(`cashier/${prepayId}`, { action: 'pay' });
  /** So many answers of functions get lost. */
  lost = 0;
  opened = 0;
  #timers: { at: number; run: () => void }[] = [];
  #nowMs = 0;
  #underWay = new Set<Promise<unknown>>();

  constructor(cloud: { url: string }, openid: string) {
    this.cloud = cloud;
    this.openid = openid;
  }

  host(): Required<Host> {
    return {
      callFunction: ({ name, data, ...to }) => {
        this.calls.push(name);
        void this.#track(this.post('call', { name, data, openid: this.openid })).then((outcome) => {
          this.lost -= 1;
          if (this.lost >= 0) return;
          const error = { errCode: -504002, errMsg: JSON.stringify(outcome.error) };
          say(
            outcome.result ? { by: 'success', value: outcome } : { by: 'fail', value: error },
            to,
          );
        });
      },
      requestPayment: ({ package: prepay, ...to }) => {
        this.opened += 1;
        const acted = this.#track(this.cashier(prepay.slice('prepay_id='.length)));
        void acted.then((value) => {
          if (!value) return;
          const isOk = (value as { errMsg: string }).errMsg === 'requestPayment:ok';
          say({ by: isOk ? 'success' : 'fail', value }, to);
        });
      },
      storage: {
        getStorageSync: (key) => this.stored.get(key) ?? '',
        setStorageSync: (key, value) => this.stored.set(key, structuredClone(value)),
      },
      setTimeout: (run, ms) => {
        this.#timers.push({ at: this.#nowMs + ms, run });
      },
    };
  }

  start(): PayClient {
    return createPayClient(this.host());
  }

  post(path: string, body: object): Promise<Json> {
    return postTo(this.cloud, path, body);
  }

  async until<T>(promise: Promise<T>): Promise<T> {
    let isEnded = false;
    void promise.finally(() => {
      isEnded = true;
    });
    for (;;) {
      await this.idle();
      if (isEnded) return promise;
      const next = this.#timers.sort((a, b) => a.at - b.at).shift();
      if (!next) throw new Error('nothing is left to happen, and the promise has not ended');
      const seconds = (next.at - this.#nowMs) / 1000;
      if (seconds > 0) await this.post('clock', { advance: `PT${seconds}S`, timers: 'none' });
      this.#nowMs = next.at;
      next.run();
    }
  }

  /** Waits until no request of this phone is under way. */
  async idle(): Promise<void> {
    do {
      await Promise.all(this.#underWay);
      await new Promise(setImmediate);
    } while (this.#underWay.size > 0);
  }

  #track<T>(request: Promise<T>): Promise<T> {
    this.#underWay.add(request);
    return request.finally(() => this.#underWay.delete(request));
  }
}
