/** Hosts do what they have been seen to do, row by row, and `pay` gives this outcome. */
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../client/index.ts';
import { type Failing, Phone, refusal, say } from './phone.ts';

type Status = Outcome['status'];
const named = { request: { productId: 'latte', purchaseId: 'cart-7' } };
const unnamed = { request: { productId: 'latte' } };

/** Answers of `requestPayment`: what the host does, and the outcome where the server has no payment. */
const CASHIER: [string, Failing | undefined, Status][] = [
  // Native mini programs.
  ['ok', { by: 'success', value: { errMsg: 'requestPayment:ok' } }, 'unknown'],
  ['ok, a promise', { by: 'resolve', value: { errMsg: 'requestPayment:ok' } }, 'unknown'],
  ['cancel', { by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, 'cancelled'],
  [
    'cancel, a promise',
    { by: 'reject', value: { errMsg: 'requestPayment:fail cancel' } },
    'cancelled',
  ],
  [
    'cancel before 6.5.2',
    { by: 'complete', value: { errMsg: 'requestPayment:cancel' } },
    'cancelled',
  ],
  [
    'cancel in capitals',
    { by: 'fail', value: { errMsg: 'requestPayment:fail Cancel' } },
    'cancelled',
  ],
  ['取消', { by: 'fail', value: { errMsg: 'requestPayment:fail 用户取消' } }, 'cancelled'],
  [
    'a fault of package',
    { by: 'fail', value: { errMsg: 'requestPayment:fail 调用支付JSAPI缺少参数：total_fee' } },
    'failed',
  ],
  [
    'no mini program’s trade type',
    {
      by: 'fail',
      value: {
        err_code: '-1',
        err_desc: 'Invalid payment situation',
        errMsg: 'requestPayment:fail',
      },
    },
    'failed',
  ],
  [
    'banned',
    {
      by: 'fail',
      value: {
        errno: 102,
        errMsg:
          'requestPayment:fail jsapi has no permission, event=requestPayment, runningState=foreground, detail=jsapi has been banned',
      },
    },
    'failed',
  ],
  [
    'a parameter of the wrong type',
    {
      by: 'fail',
      value: {
        errMsg:
          'requestPayment:fail parameter error: parameter.timeStamp should be String instead of Number;',
      },
    },
    'failed',
  ],
  ['no money', { by: 'fail', value: { errMsg: 'requestPayment:fail 余额不足' } }, 'failed'],
  ['no network', { by: 'fail', value: { errMsg: 'requestPayment:fail network error' } }, 'unknown'],
  ['a time-out', { by: 'fail', value: { errMsg: 'requestPayment:fail timeout' } }, 'unknown'],
  ['超时', { by: 'fail', value: { errMsg: 'requestPayment:fail 请求超时' } }, 'unknown'],
  ['ok by the way of failures', { by: 'fail', value: { errMsg: 'requestPayment:ok' } }, 'unknown'],
  ['complete alone, ok', { by: 'complete', value: { errMsg: 'requestPayment:ok' } }, 'unknown'],
  ['complete alone, fail', { by: 'complete', value: { errMsg: 'requestPayment:fail' } }, 'failed'],
  ['success with nothing', { by: 'success' }, 'unknown'],
  [
    'success that says cancel',
    { by: 'success', value: { errMsg: 'requestPayment:cancel' } },
    'cancelled',
  ],
  ['nothing at all', undefined, 'unknown'],
  ['a throw', { by: 'throw', value: new TypeError('requestPayment is not a function') }, 'failed'],
  // Taro and uni-app.
  [
    'Taro rejects with the raw answer',
    { by: 'reject', value: { errMsg: 'requestPayment:fail cancel' } },
    'cancelled',
  ],
  ['an Error', { by: 'reject', value: new Error('requestPayment:fail cancel') }, 'cancelled'],
  ['plain text', { by: 'reject', value: 'requestPayment:fail cancel' }, 'cancelled'],
  ['a promise of nothing', { by: 'resolve' }, 'unknown'],
  [
    'an app of uni-app, no success',
    {
      by: 'fail',
      value: { errCode: -100, errMsg: 'requestPayment:fail [payment微信:-1]General errors' },
    },
    'failed',
  ],
  [
    'an app of uni-app, cancelled',
    {
      by: 'fail',
      value: { errCode: -100, errMsg: 'requestPayment:fail [payment微信:-2]User canceled' },
    },
    'cancelled',
  ],
  ['uni-app x 700600', { by: 'fail', value: { errCode: 700600, errMsg: '正在处理' } }, 'unknown'],
  ['uni-app x 700601', { by: 'fail', value: { errCode: 700601, errMsg: '' } }, 'cancelled'],
  ['uni-app x 700602', { by: 'fail', value: { errCode: 700602, errMsg: '' } }, 'unknown'],
  ['uni-app x 700000', { by: 'fail', value: { errCode: 700000, errMsg: '支付失败' } }, 'failed'],
];

describe('the cashier answers', () => {
  test.each(CASHIER)('%s', async (_name, answer, unpaid) => {
    for (const isPaid of [false, true]) {
      const phone = new Phone();
      phone.cashier = (outTradeNo, to) => {
        if (isPaid) phone.server.orders.set(outTradeNo, 'paid');
        return answer && say(answer, to);
      };
      const outcome = await phone.time.until(phone.start().pay(named));
      expect(outcome.status).toBe(isPaid ? 'paid' : unpaid);
      expect(outcome).toMatchObject({
        outTradeNo: 'DRAWN00000',
        order: { outTradeNo: 'DRAWN00000' },
      });
      expect(outcome.text).toMatch(/^[\p{Script=Han}，]+$/u);
      if (answer?.by !== 'resolve' && answer?.value && !isPaid)
        expect(outcome.raw).toBe(answer.value);
      expect(phone.callsOf('queryOrder')).toBeGreaterThanOrEqual(isPaid ? 1 : 2);
    }
  });
});

const fail = (errCode: number, nested: string) => ({
  errCode,
  errMsg: `cloud.callFunction:fail Error: errCode: ${errCode} ${nested}`,
});
const executed =
  'cloud function execution error | errMsg: cloud.callFunction:fail requestID x, cloud function service error code -504002, error message boom';

/** Failures of `callFunction`: what the host gives, and whether the same order is asked for again. */
const PLATFORM: [string, unknown, boolean, string][] = [
  ['-1', fail(-1, 'system error'), true, '-1'],
  ['-401001', fail(-401001, 'no permission'), false, '-401001'],
  ['-401002', fail(-401002, 'bad argument'), false, '-401002'],
  ['-401003', fail(-401003, 'bad argument'), false, '-401003'],
  ['-404001', fail(-404001, 'empty reply'), true, '-404001'],
  ['-404005', fail(-404005, 'too many polls'), true, '-404005'],
  ['-404007', fail(-404007, 'base response error'), true, '-404007'],
  ['-404010', fail(-404010, 'result expired'), true, '-404010'],
  ['-404011', fail(-404011, executed), true, '-404011'],
  ['-404011 in its text alone', { errMsg: fail(-404011, executed).errMsg }, true, '-404011'],
  ['-404012', fail(-404012, 'polling exceed max timeout'), true, '-404012'],
  ['-405015', fail(-405015, 'too many calls'), true, '-405015'],
  ['-501000', fail(-501000, '| errMsg: [100003] env not exists'), false, '-501000'],
  ['-501001', fail(-501001, 'system error'), true, '-501001'],
  ['-501002', fail(-501002, 'time-out'), true, '-501002'],
  ['-501003', fail(-501003, 'quota'), true, '-501003'],
  ['-501004', fail(-501004, 'concurrency'), true, '-501004'],
  ['-501005', fail(-501005, 'environment'), true, '-501005'],
  ['-501007', fail(-501007, 'argument'), false, '-501007'],
  ['-501009', fail(-501009, 'no function'), false, '-501009'],
  ['-504001', fail(-504001, 'request failed'), true, '-504001'],
  ['-504002', fail(-504002, 'execution failed'), true, '-504002'],
  ['-601001', fail(-601001, 'system'), true, '-601001'],
  ['-601002', fail(-601002, 'system'), true, '-601002'],
  ['-601003', fail(-601003, 'system'), true, '-601003'],
  ['-604001', fail(-604001, 'result over 1 MB'), false, '-604001'],
  ['-604100', fail(-604100, 'no API'), false, '-604100'],
  ['-604101', fail(-604101, 'no permission'), false, '-604101'],
  ['an Error of the text', new Error(fail(-501001, 'x').errMsg), true, '-501001'],
  ['plain text', 'fail', true, 'NO_RESULT'],
  ['nothing', undefined, true, 'NO_RESULT'],
];

describe('calling a function fails', () => {
  test.each(PLATFORM)('%s', async (_name, value, isRepeated, code) => {
    const failing = (): Failing[] => Array.from({ length: 9 }, () => ({ by: 'fail', value }));
    // A purchase has one order however often it is asked for; what is unnamed is asked for once.
    for (const order of [named, { ...unnamed }]) {
      const phone = new Phone();
      phone.failing.unifiedOrder = failing();
      const outcome = await phone.time.until(phone.start().pay(order));
      const status = order === named ? 'unknown' : 'failed';
      expect(outcome).toMatchObject({ status, code });
      expect(phone.callsOf('unifiedOrder')).toBe(isRepeated && order === named ? 3 : 1);
      expect(phone.opened).toBe(0);
    }
    // Where it fails once, a purchase goes on.
    const phone = new Phone();
    phone.failing.unifiedOrder = failing().slice(0, 1);
    phone.cashier = pays(phone);
    const { status } = await phone.time.until(phone.start().pay(named));
    expect(status).toBe(isRepeated ? 'paid' : 'unknown');
    // Where every query fails so, it is not known whether the payer paid.
    const blind = new Phone();
    blind.failing.queryOrder = failing();
    blind.cashier = pays(blind);
    expect((await blind.time.until(blind.start().pay(named))).status).toBe('unknown');
  });

  test.each([
    ['a call that is answered by nobody', { by: 'success', value: undefined }],
    [
      'JS SDK: a failure that resolves',
      {
        by: 'resolve',
        value: { code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED', message: 'x', requestId: 'r' },
      },
    ],
    [
      'callContainer: HTTP 500 among successes',
      { by: 'success', value: { statusCode: 500, data: {} } },
    ],
    [
      'callHTTPFunction: HTTP 404 among successes',
      { by: 'resolve', value: { statusCode: 404, data: 'x' } },
    ],
    ['a function that answers text', { by: 'success', value: { result: 'hello' } }],
    [
      'a function that answers nothing',
      { by: 'success', value: { errMsg: 'cloud.callFunction:ok' } },
    ],
    ['a throw', { by: 'throw', value: new ReferenceError('wx is not defined') }],
  ] as [string, Failing][])('%s is no answer', async (_name, failing) => {
    const phone = new Phone();
    phone.failing.unifiedOrder = [failing];
    phone.cashier = pays(phone);
    expect((await phone.time.until(phone.start().pay(named))).status).toBe('paid');
    expect(phone.callsOf('unifiedOrder')).toBe(2);
  });

  test('a call that never ends does after 30 seconds', async () => {
    const phone = new Phone();
    const host = phone.host();
    const answers = host.callFunction;
    host.callFunction = (options) =>
      phone.calls.length > 0 ? answers(options) : void phone.calls.push({ ...options, at: 0 });
    const { createPayClient } = await import('../../client/index.ts');
    phone.cashier = pays(phone);
    expect((await phone.time.until(createPayClient(host).pay(named))).status).toBe('paid');
    expect(phone.calls.map(({ at }) => at)).toEqual([0, 31_000, 31_000]);
  });
});

/** A payer who pays. */
const pays = (phone: Phone) => (outTradeNo: string, to: Record<string, unknown>) => {
  phone.server.orders.set(outTradeNo, 'paid');
  return say({ by: 'success', value: { errMsg: 'requestPayment:ok' } }, to);
};

describe('the server refuses', () => {
  test.each([
    ['QUOTE_REFUSED', { quoteMsg: '已售罄' }, 'failed', '已售罄', 1],
    ['PRICE_CHANGED', { totalFee: 2 }, 'failed', '价格有变，请重新下单', 1],
    ['PARAM_ERROR', {}, 'failed', '下单未完成，没有扣款', 1],
    ['ORDER_QUARANTINED', {}, 'unknown', '付款与订单不符，请联系商家', 1],
    ['STORE_UNAVAILABLE', { advice: 'same_request' }, 'failed', '下单未完成，没有扣款', 3],
    [
      'TOO_MANY_ORDERS',
      { advice: 'same_request', retryAt: '2026' },
      'failed',
      '未付款的订单过多，请稍后再试',
      1,
    ],
    ['ORDERPAID', {}, 'paid', '支付成功', 1],
  ] as [string, object, Status, string, number][])(
    '%s',
    async (code, details, status, text, calls) => {
      const phone = new Phone();
      const value = { result: refusal(code, details) };
      phone.failing.unifiedOrder = Array.from({ length: 9 }, () => ({ by: 'success', value }));
      const outcome = await phone.time.until(phone.start().pay(named));
      expect(outcome).toMatchObject({ status, text, code, raw: value.result });
      expect(phone.callsOf('unifiedOrder')).toBe(calls);
    },
  );
});

test('a number of the caller’s own makes no quoted order one: it is placed once, and asked about by none', async () => {
  const phone = new Phone();
  const lost = { by: 'fail', value: fail(-404012, 'x'), lost: true } as const;
  phone.failing.unifiedOrder = [lost, lost];
  const outcome = await phone.time.until(phone.start().pay({ ...unnamed, outTradeNo: 'MINE0001' }));
  expect(outcome).toMatchObject({ status: 'failed', code: '-404012' });
  expect([phone.callsOf('unifiedOrder'), phone.callsOf('queryOrder')]).toEqual([1, 0]);
  expect(phone.server.orders.size).toBe(1);
});

test('a number that another system of the merchant’s was paid under is no payment of this order', async () => {
  const phone = new Phone();
  const value = { result: refusal('ORDERPAID') };
  phone.failing.unifiedOrder = [{ by: 'success', value }];
  const outcome = await phone.time.until(phone.start().pay({ outTradeNo: 'MINE0001' }));
  expect(outcome).toMatchObject({ status: 'unknown', text: '支付结果确认中，请勿重复付款' });
});

test('a host that fails in the server’s word for paid tells nothing of money', async () => {
  const phone = new Phone();
  const value = { errCode: 'ORDERPAID', errMsg: 'ORDERPAID' };
  phone.failing.unifiedOrder = Array.from({ length: 9 }, () => ({ by: 'fail', value }));
  const outcome = await phone.time.until(phone.start().pay(named));
  expect(outcome).toMatchObject({ status: 'unknown', code: 'ORDERPAID' });
});

test.each(['toString', '__proto__', 'constructor', 'valueOf'])(
  'an order may have the number %s',
  async (outTradeNo) => {
    const phone = new Phone();
    phone.cashier = (_no, to) =>
      say({ by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, to);
    const cancelled = await phone.time.until(phone.start().pay({ outTradeNo }));
    expect(cancelled).toMatchObject({ status: 'cancelled', outTradeNo });
    phone.cashier = pays(phone);
    const paid = await phone.time.until(phone.start().pay({ outTradeNo }));
    expect(paid).toMatchObject({ status: 'paid', outTradeNo });
  },
);

describe('taps', () => {
  test('two get one order, one cashier and one promise; the next one after a cancel gets the same order', async () => {
    const phone = new Phone();
    const client = phone.start();
    phone.cashier = (_no, to) =>
      say({ by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, to);
    const first = client.pay(unnamed);
    expect(client.pay({ ...unnamed })).toBe(first);
    expect((await phone.time.until(first)).status).toBe('cancelled');
    expect([phone.opened, phone.server.orders.size]).toEqual([1, 1]);
    phone.cashier = pays(phone);
    const outcome = await phone.time.until(phone.start().pay(unnamed));
    expect(outcome).toMatchObject({ status: 'paid', outTradeNo: 'DRAWN00000' });
    expect(phone.server.orders.size).toBe(1);
    // What is paid is over: the next tap buys another one.
    expect(await phone.time.until(client.pay(unnamed))).toMatchObject({ outTradeNo: 'DRAWN00001' });
  });

  test('after a cancelled order was closed, a tap gets another one', async () => {
    const phone = new Phone();
    phone.cashier = (_no, to) =>
      say({ by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, to);
    await phone.time.until(phone.start().pay(unnamed));
    phone.server.orders.set('DRAWN00000', 'closed');
    phone.cashier = pays(phone);
    const outcome = await phone.time.until(phone.start().pay(unnamed));
    expect(outcome).toMatchObject({ status: 'paid', outTradeNo: 'DRAWN00001' });
  });

  test('a number of the caller’s own that is over is not replaced', async () => {
    const phone = new Phone();
    phone.server.orders.set('MINE0001', 'closed');
    const outcome = await phone.time.until(phone.start().pay({ outTradeNo: 'MINE0001' }));
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'ORDERCLOSED',
      order: { state: 'closed' },
    });
  });

  test('of an order that was paid the answer is paid, and no cashier opens', async () => {
    const phone = new Phone();
    phone.server.orders.set('MINE0001', 'paid');
    const outcome = await phone.time.until(phone.start().pay({ outTradeNo: 'MINE0001' }));
    expect(outcome).toMatchObject({ status: 'paid', outTradeNo: 'MINE0001' });
    expect(phone.opened).toBe(0);
  });

  test('a payment that differs is unknown, and a person’s to decide', async () => {
    const phone = new Phone();
    phone.cashier = (outTradeNo, to) => {
      phone.server.quarantined.add(outTradeNo);
      return say({ by: 'success' }, to);
    };
    const outcome = await phone.time.until(phone.start().pay(named));
    expect(outcome).toMatchObject({ status: 'unknown', text: '付款与订单不符，请联系商家' });
  });
});

describe('leaving and coming back', () => {
  test('a lost answer of the cashier is made good by onShow', async () => {
    const phone = new Phone();
    phone.cashier = (outTradeNo) => {
      phone.server.orders.set(outTradeNo, 'paid');
    };
    const client = phone.start();
    const paying = client.pay(named);
    await new Promise(setImmediate);
    await client.resume(() => expect.unreachable('the payment has an outcome of its own'));
    expect(await phone.time.until(paying)).toMatchObject({ status: 'paid' });
    expect(phone.time.now).toBe(0);
  });

  test('the app is killed after paying: its next start says so, once', async () => {
    const phone = new Phone();
    phone.cashier = (outTradeNo) => {
      phone.server.orders.set(outTradeNo, 'paid');
    };
    void phone.start().pay(unnamed);
    await new Promise(setImmediate);
    const client = phone.start();
    const reports: Outcome[] = [];
    const report = (outcome: Outcome) => void reports.push(outcome);
    await phone.time.until(Promise.all([client.resume(report), client.resume(report)]));
    await phone.time.until(client.resume(report));
    expect(reports).toMatchObject([{ status: 'paid', outTradeNo: 'DRAWN00000' }]);
  });

  test('the app is killed, nobody paid: unknown, then failed once the order is closed, then nothing', async () => {
    const phone = new Phone();
    void phone.start().pay(unnamed);
    await new Promise(setImmediate);
    const client = phone.start();
    const reports: string[] = [];
    const resume = () => phone.time.until(client.resume(({ status }) => void reports.push(status)));
    await resume();
    phone.server.orders.set('DRAWN00000', 'closed');
    await resume();
    await resume();
    expect(reports).toEqual(['unknown', 'failed']);
  });

  test('a payment that came after a cancel is reported still; that nothing came is not', async () => {
    const phone = new Phone();
    phone.cashier = (_no, to) =>
      say({ by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, to);
    const client = phone.start();
    await phone.time.until(client.pay(unnamed));
    const reports: string[] = [];
    const resume = () => phone.time.until(client.resume(({ status }) => void reports.push(status)));
    await resume();
    expect(reports).toEqual([]);
    phone.server.orders.set('DRAWN00000', 'paid');
    await resume();
    expect(reports).toEqual(['paid']);
  });

  test('a storage that fails is made good by memory', async () => {
    const phone = new Phone();
    const host = phone.host();
    host.storage.setStorageSync = () => {
      throw new Error('setStorageSync:fail exceed storage max size');
    };
    phone.cashier = (_no, to) =>
      say({ by: 'fail', value: { errMsg: 'requestPayment:fail cancel' } }, to);
    const { createPayClient } = await import('../../client/index.ts');
    const client = createPayClient(host);
    for (let tap = 0; tap < 3; tap += 1) await phone.time.until(client.pay(unnamed));
    expect(phone.server.orders.size).toBe(1);
  });
});

test('the server is asked at once, after two seconds, then slower, a minute long', async () => {
  const phone = new Phone();
  phone.cashier = (_no, to) => say({ by: 'success' }, to);
  await phone.time.until(phone.start().pay(named));
  const asked = phone.calls.filter(({ name }) => name === 'queryOrder').map(({ at }) => at / 1000);
  expect(asked).toEqual([0, 2, 4, 7, 12, 20, 35, 59]);
});

test.each(['queryOrder', 'closeOrder', 'queryRefund'] as const)(
  '%s answers, refuses and never rejects',
  async (name) => {
    const phone = new Phone();
    phone.server.orders.set('MINE0001', 'paying');
    const ask: (numbers: object) => Promise<object> = phone.start()[name] as never;
    const numbers = { outTradeNo: 'MINE0001' };
    phone.failing[name] = [{ by: 'reject', value: fail(-404012, 'x') }];
    expect(await phone.time.until(ask(numbers))).toMatchObject({ errCode: 0 });
    phone.failing[name] = Array.from({ length: 3 }, () => ({ by: 'throw', value: fail(-1, 'x') }));
    expect(await phone.time.until(ask(numbers))).toMatchObject({
      errCode: '-1',
      advice: 'same_request',
    });
    expect(phone.calls.map(({ name: called }) => called)).toEqual(Array(5).fill(name));
  },
);
