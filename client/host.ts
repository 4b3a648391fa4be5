import type { Callbacks, Host } from './types.ts';

type WholeHost = Required<Host>;

/** The host that mini programs have. */
type Wx = Pick<WholeHost, 'requestPayment'> &
  WholeHost['storage'] & { cloud: Pick<WholeHost, 'callFunction'> };
declare const wx: Wx;
declare const setTimeout: WholeHost['setTimeout'];

/** An answer of a host: by which of its ways, with what. */
export interface HostAnswer {
  by: 'success' | 'fail' | 'complete';
  value: unknown;
}

/** Stands for an answer that did not come in time, in the platform's own words. */
export const LATE: HostAnswer = { by: 'fail', value: { errCode: -404012, errMsg: 'timeout' } };

/** Completes a host with what `wx` has; it is looked up at each use, for it may be replaced. */
export function completeHost(host: Host): WholeHost {
  return {
    callFunction: (options) => wx.cloud.callFunction(options),
    requestPayment: (options) => wx.requestPayment(options),
    get storage() {
      return wx;
    },
    setTimeout: (run, ms) => setTimeout(run, ms),
    ...host,
  };
}

/**
 * Calls a host of callbacks, of a promise, or of both; the first answer counts, and a throw is one. A promise of nothing
 * is none (`onNothing`): it may come from a host that goes by callbacks.
 */
export function callHost(
  call: (callbacks: Callbacks) => unknown,
  onNothing: () => void = () => {},
): Promise<HostAnswer> {
  return new Promise((resolve) => {
    const take = (by: HostAnswer['by']) => (value: unknown) => resolve({ by, value });
    const success = take('success');
    const fail = take('fail');
    try {
      const returned = call({ success, fail, complete: take('complete') });
      if (typeof Object(returned).then !== 'function') return;
      const given = (value: unknown) => (value === undefined ? onNothing() : success(value));
      Promise.resolve(returned).then(given, fail);
    } catch (error) {
      fail(error);
    }
  });
}
