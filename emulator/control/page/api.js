/**
 * The control API, as the page uses it. Every failure becomes an Error with a text for a person.
 */

/** The mini-program user who sits before this page. */
const OPENID = 'oLocalUser';

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function ask(method, path, body) {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`/_local/${path}`, { method, headers, ...init }).catch(() => {
    throw new Error(
      '本地云没有应答，是否已停止？ (the local cloud does not answer: is it stopped?)',
    );
  });
  const result = await answer.json();
  if (answer.ok) return result;
  throw new Error(result.error?.message ?? `HTTP ${answer.status}`);
}

/**
 * Calls a function as the user does, and throws its refusal.
 * @param {string} name
 * @param {object} data
 */
async function call(name, data) {
  const { result, error } = await ask('POST', 'call', { name, data, openid: OPENID });
  if (error) throw new Error(`${name}: ${error.code} ${error.message}`);
  if (result.errCode !== 0) throw new Error(`${name}: ${result.errCode} ${result.errCodeDes}`);
  return result;
}

const LOST_CALLBACK = { at: 'wechatpay.notify', kind: 'lost_request' };

export const api = {
  /**
   * Goods by a quote, or an order again by its number; `totalFee` is what the page shows.
   * @param {{ request?: object, outTradeNo?: string, totalFee: number }} order
   */
  place: (order) => call('unifiedOrder', order),
  /** @param {string} outTradeNo */
  query: (outTradeNo) => call('queryOrder', { outTradeNo }),
  /** @param {string} outTradeNo */
  close: (outTradeNo) => call('closeOrder', { outTradeNo }),
  /** @param {string} prepayId @param {string} action */
  cashier: (prepayId, action) => ask('POST', `cashier/${prepayId}`, { action }),
  orders: () => ask('GET', 'orders?limit=12'),
  /** WeChat's own truth; undefined where it knows no such order. @param {string} outTradeNo */
  truth: (outTradeNo) =>
    ask('GET', `wechatpay/orders/${encodeURIComponent(outTradeNo)}`).catch(() => undefined),
  deploy: async () => (await ask('GET', 'world')).deploy,
  clock: () => ask('GET', 'clock'),
  /** @param {object} move */
  move: (move) => ask('POST', 'clock', move),
  losesCallbacks: async () =>
    (await ask('GET', 'faults')).some(
      /** @param {{ at: string, kind: string }} fault */
      ({ at, kind }) => at === LOST_CALLBACK.at && kind === LOST_CALLBACK.kind,
    ),
  /** @param {boolean} lose */
  loseCallbacks: (lose) => ask('PUT', 'faults', lose ? [LOST_CALLBACK] : []),
};
