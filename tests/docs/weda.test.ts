/** docs/zh/weda.md: its tables are the contracts', its code runs as it stands there, and its methods do what they say. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import cloudbase from '@cloudbase/node-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { ContractField, DescribedContract } from '../../emulator/control/api/contracts.ts';
import { describeContracts } from '../../emulator/control/contracts/contracts.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { wedaMethods } from '../../infra/docs/weda/methods.ts';
import { withMethods } from '../../infra/docs/weda/tables.ts';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { quotedIn } from '../../infra/lint/tables.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import {
  bound,
  callMethod,
  declared,
  type Identity,
  type Method,
  methodsOf,
} from './wedaCaller.ts';

const path = 'docs/zh/weda.md';
const page = readFileSync(path, 'utf8');
const methods = methodsOf(page);
const methodOf = (id: string): Method => {
  const method = methods.find((each) => each.id === id);
  if (!method) throw new Error(`the page has no ${id}`);
  return method;
};

describe('the tables', () => {
  const described = describeContracts();
  const added: ContractField = {
    name: 'newField',
    kind: 'text',
    isAlways: false,
    meaning: { zh: '新字段', en: 'a new field' },
    limits: [],
    words: [],
  };
  const withField = (part: 'inputs' | 'answer') =>
    described.map((contract): DescribedContract => {
      if (contract.name !== 'refund') return contract;
      if (part === 'answer') return { ...contract, answer: [...contract.answer, added] };
      return { ...contract, inputs: [[...contract.inputs.flat(), added]] };
    });

  test.each(['zh', 'en'] as const)('of the page in %s are those of the contracts', (language) => {
    const text = readFileSync(`docs/${language}/weda.md`, 'utf8');
    expect(withMethods(text, language, described)).toBe(text);
    expect(withMethods(text, language, withField('answer'))).not.toBe(text);
    expect(() => withMethods(text, language, withField('inputs'))).toThrow('refund.newField');
  });

  test('declare each field of a contract, or leave it out on purpose', () => {
    expect(methods.map(({ id }) => id)).toEqual(wedaMethods.map(({ id }) => id));
    for (const { id, function: name, fields, sample } of wedaMethods) {
      const schema = z.toJSONSchema(contracts[name].input, { io: 'input', unrepresentable: 'any' });
      const { properties = {}, required = [] } = schema as {
        properties: object;
        required: string[];
      };
      const { input } = methodOf(id);
      const all = Object.keys(properties);
      const left = all.filter((field) => fields[field] === 'none');
      expect([id, [...input.map((field) => field.name), ...left].sort()]).toEqual([id, all.sort()]);
      for (const field of required)
        expect(input).toContainEqual(expect.objectContaining({ name: field, isNeeded: true }));
      expect([id, contracts[name].input.safeParse(sample).error]).toEqual([id, undefined]);
      expect(declared(methodOf(id), sample, undefined)).toEqual(sample);
      expect(methodOf(id).sample).toEqual(sample);
    }
  });

  test('never have the numbers of bank cards', () => {
    expect(methods.flatMap(({ input }) => input.map(({ name }) => name))).not.toContain('abnormal');
  });
});

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({
    WXPAY_PRICE_SOURCE: 'quote',
    WXPAY_ADMIN_OPENIDS: 'oAdmin',
    LOCAL_DEMO_GOODS: '1',
    LOCAL_MAGIC_AMOUNTS: '',
  });
});
afterAll(() => cloud.close());
beforeEach(() => control('reset', {}));

async function control(to: string, body: object): Promise<Record<string, unknown>> {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${cloud.url}/_local/${to}`, init);
  if (!answer.ok) throw new Error(`${to}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
const DAY_MS = 24 * 3_600_000;
/** Begins a new day in Beijing, on which all that follows happens, and answers which it is. */
async function beginDay(): Promise<string> {
  const dayInBeijing = Math.ceil((cloud.world.clock.nowMs() + DAY_MS / 3) / DAY_MS) * DAY_MS;
  await control('clock', { to: new Date(dayInBeijing).toISOString(), timers: 'none' });
  return new Date(dayInBeijing).toISOString().slice(0, 10);
}
const pass = (advance: string) => control('clock', { advance, timers: 'none' });
const cashier = (prepayId: unknown, action: string) =>
  control(`cashier/${String(prepayId).replace('prepay_id=', '')}`, { action });
const pay = async (prepayId: unknown) => {
  expect(await cashier(prepayId, 'pay')).toMatchObject({ errMsg: 'requestPayment:ok' });
  await pass('PT1S');
};

/** The code of the page, in its order: the button, a signed call, a signed order. */
const [button = '', signedCall = '', signedOrder = ''] = pageOf({ path, text: page })
  .blocks.filter(({ info }) => info === 'js')
  .map(({ text }) => text);

type Api = (params: object, context: object) => Promise<Record<string, unknown>>;

/** Makes a method of the code kind of the page's lines, with the values that its reader puts in. */
function codeOf(text: string, name: string): Api {
  const { WXPAY_SERVICE_KEY = '', TCB_ENV = '', WXPAY_APPID = '' } = cloud.environment();
  const code = text
    .replace("NAME = 'refund'", `NAME = '${name}'`)
    .replace('pay-1a2b3c', TCB_ENV)
    .replace('wx1234567890abcdef', WXPAY_APPID)
    .replace("'WXPAY_SERVICE_KEY'", `'${WXPAY_SERVICE_KEY}'`);
  const module: { exports?: Api } = {};
  const now = () => cloud.world.clock.nowMs();
  new Function('module', 'require', 'Date', code)(module, createRequire(import.meta.url), { now });
  if (!module.exports) throw new Error('the code exports no method');
  return module.exports;
}

/** The context that WeDa gives its code: the SDK, whose calls arrive as those of another function. */
function context() {
  Object.assign(process.env, cloud.environment());
  const sdk = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  const callFunction = ({ name, data }: { name: string; data: object }) =>
    cloud.runner.invoke(name, JSON.parse(JSON.stringify(data)), {
      kind: 'function',
      chain: 'scf',
    });
  return { app: { callFunction, database: () => sdk.database() } };
}

/** Whoever the page allows a method. */
type Role = 'payer' | 'admin';
type Ask = (
  id: string,
  data: Record<string, unknown>,
  by?: Role,
) => Promise<Record<string, unknown>>;

const PAYER = 'oPayer0001';
const done = { resultCode: 'SUCCESS' };

/** Does every method of the page once, and expects what it answers. */
async function playEveryMethod(ask: Ask): Promise<void> {
  const billDate = await beginDay();
  const asked = new Set<string>();
  const go: Ask = async (id, data, by) => {
    asked.add(id);
    return ask(id, data, by);
  };
  const buy = (purchaseId: string) =>
    go('unifiedOrder', { request: { productId: 'latte', count: 1, purchaseId } });
  const { outTradeNo, payment, prepayId, nonceStr, ...placed } = await buy('cart-7');
  expect(placed).toMatchObject({ ...done, totalFee: 1990, tradeType: 'JSAPI' });
  const packageVal = `prepay_id=${prepayId}`;
  expect(payment).toMatchObject({ package: packageVal, packageVal, nonceStr });
  expect(await go('queryOrder', { outTradeNo })).toMatchObject({ ...done, state: 'paying' });
  await pay(prepayId);
  const paid = await go('queryOrder', { outTradeNo });
  expect(paid).toMatchObject({ ...done, state: 'paid', tradeState: 'SUCCESS', totalFee: 1990 });
  const { transactionId } = paid;
  expect(await go('queryOrderByTransactionId', { transactionId })).toMatchObject({
    ...done,
    outTradeNo,
  });
  const other = await buy('cart-8');
  expect(await go('closeOrder', { outTradeNo: other.outTradeNo })).toMatchObject({
    ...done,
    state: 'closed',
    appid: paid.appid,
    mchId: paid.mchId,
  });
  expect(cloud.wechat.truth(String(other.outTradeNo))).toMatchObject({ trade_state: 'CLOSED' });
  const part = { outTradeNo, outRefundNo: 'R001', refundFee: 990 };
  expect(await go('refund', part, 'admin')).toMatchObject({ ...done, refundFee: 990 });
  await pass('PT1M');
  const rest = { transactionId, outRefundNo: 'R002', refundFee: 1000, refundDesc: '不想要了' };
  expect(await go('refundByTransactionId', rest, 'admin')).toMatchObject({ ...done, outTradeNo });
  await pass('PT1M');
  expect(await go('queryRefund', { outTradeNo })).toMatchObject({
    ...done,
    refundCount: 2,
    refundedFee: 1990,
    refunds: [{ outRefundNo: 'R001' }, { outRefundNo: 'R002', refundDesc: '不想要了' }],
  });
  expect(
    await go('queryRefundByTransactionId', { transactionId, outRefundNo: 'R002' }),
  ).toMatchObject({ ...done, refundCount: 1, refunds: [{ refundFee: 1000 }] });
  await pass('P1DT6H');
  const bill = await go('downloadBill', { billDate, billType: 'ALL' }, 'admin');
  expect(bill).toMatchObject({ ...done, data: expect.stringContaining(String(outTradeNo)) });
  expect([...asked].sort()).toEqual(methods.map(({ id }) => id).sort());
}

test.each([
  ['null', null],
  ['empty text', ''],
] as const)(
  'every method is done by functions where OPENID arrives; left empty is %s',
  async (_what, empty) => {
    const openids = { payer: PAYER, admin: 'oAdmin' };
    await playEveryMethod((id, data, by = 'payer') => {
      const as: Identity = { chain: 'wx_client,scf', openid: openids[by] };
      return callMethod(cloud.runner, methodOf(id), { data, as, empty });
    });
  },
);

test('every method is done by code that signs where no OPENID arrives', async () => {
  await playEveryMethod(async (id, data) => {
    const method = methodOf(id);
    const text = id === 'unifiedOrder' ? signedOrder : signedCall;
    const payer = id === 'unifiedOrder' ? { openid: PAYER } : {};
    const sent = { ...declared(method, data, ''), ...payer };
    return bound(method, await codeOf(text, method.function)(sent, context()));
  });
});

test.each([
  ['no OPENID', { chain: 'wx_client,scf' }],
  ['a chain that no client began', { chain: 'scf' }],
  ['an OPENID that no client’s call has', { chain: 'scf', openid: 'oAdmin' }],
])('with %s no method of the function kind does anything', async (_what, as: Identity) => {
  for (const method of methods) {
    expect(await callMethod(cloud.runner, method, { data: method.sample, as })).toMatchObject({
      resultCode: 'FAIL',
      errMsg: expect.stringContaining('调用来源无权使用此函数'),
    });
  }
  expect(cloud.cloudbase.documents('orders')).toEqual([]);
});

test('a payer may not do what the page allows admins alone, nor see another’s order', async () => {
  const as = { chain: 'wx_client,scf', openid: PAYER };
  for (const { id, role, sample } of wedaMethods.filter((each) => each.role === 'admins')) {
    expect(await callMethod(cloud.runner, methodOf(id), { data: sample, as })).toMatchObject({
      resultCode: 'FAIL',
      errMsg: expect.stringContaining('调用来源无权使用此函数'),
    });
    expect(role).toBe('admins');
  }
  const request = { productId: 'latte', count: 1, purchaseId: 'cart-9' };
  const data = { request };
  const { outTradeNo } = await callMethod(cloud.runner, methodOf('unifiedOrder'), { data, as });
  const other = { chain: 'wx_client,scf', openid: 'oOther0001' };
  expect(
    await callMethod(cloud.runner, methodOf('queryOrder'), { data: { outTradeNo }, as: other }),
  ).toMatchObject({ resultCode: 'FAIL', errCodeDes: expect.stringContaining('订单不存在') });
});

test('the signed query and close answer the named payer’s orders, and no payer is not every payer', async () => {
  const request = { productId: 'latte', count: 1, purchaseId: 'cart-1' };
  const placed = await codeOf(signedOrder, '')({ request, openid: PAYER }, context());
  const { outTradeNo } = placed;
  for (const name of ['queryOrder', 'closeOrder']) {
    const ask = (openid: unknown) => codeOf(signedCall, name)({ outTradeNo, openid }, context());
    expect(await ask('oOther0001')).toMatchObject({ errCode: 'ORDER_NOT_EXIST' });
    for (const empty of ['', null]) {
      expect(await ask(empty)).toMatchObject({ errCode: 'PARAM_ERROR', field: 'openid' });
    }
    expect(await ask(PAYER)).toMatchObject({ errCode: 0, outTradeNo });
  }
});

test.each([
  ['a price of the page', { totalFee: 1 }, { count: 1 }, 1990],
  ['half a cup', {}, { count: 0.5 }, undefined],
  ['text for a count', {}, { count: '1' }, undefined],
  ['a query for a product', {}, { productId: { $ne: '' } }, undefined],
  ['what is not on sale', {}, { productId: 'mooncake' }, undefined],
  ['no purchase', {}, { purchaseId: '' }, undefined],
  ['no payer', { openid: null }, {}, undefined],
])('the signed order takes no word of a user for it: %s', async (_what, more, wrong, totalFee) => {
  const request = { productId: 'latte', count: 1, purchaseId: 'cart-1', ...wrong };
  const placed = codeOf(signedOrder, '')({ request, openid: PAYER, ...more }, context());
  if (totalFee === undefined) await expect(placed).rejects.toThrow(/REQUEST_WRONG|NOT_ON_SALE/);
  else expect(await placed).toMatchObject({ errCode: 0, totalFee });
  expect(cloud.cloudbase.documents('orders')).toHaveLength(totalFee === undefined ? 0 : 1);
});

describe('the pay button', () => {
  type Cashier = 'ok' | 'cancel' | 'fail' | 'silent';
  type Tap = { event?: object; bare?: boolean; text?: string; passed?: 'event.detail' | 'data' };
  type DataSourceCall = { dataSourceName: string; methodName: string; params: object };
  const detail = { productId: 'latte', count: 2, purchaseId: 'cart-7' };

  /** Taps the button as the page has it, on a phone whose payer does so at the cashier. */
  async function tap(does: Cashier | 'preview', more: Tap = {}) {
    const { event = detail, bare, text = button, passed = 'event.detail' } = more;
    const callFunction = async ({ name, data }: { name: string; data: object }) => {
      const event = JSON.parse(JSON.stringify(data));
      const as = { kind: 'client', openid: PAYER, source: 'wx_client' } as const;
      const { result } = await cloud.runner.invoke(name, event, as);
      return bare ? result : { result, errMsg: 'cloud.callFunction:ok' };
    };
    const opened: object[] = [];
    const requestPayment = async (sheet: { package: string }) => {
      opened.push(sheet);
      const actions = { ok: 'pay', silent: 'pay', cancel: 'cancel', fail: 'fail' };
      const answer = await cashier(sheet.package, actions[does as Cashier]);
      await pass('PT1S');
      if (does === 'silent' || answer.errMsg !== 'requestPayment:ok') throw answer;
      return answer;
    };
    const wx = does === 'preview' ? undefined : { requestPayment };
    const wait = (resume: () => void, ms: number) => void pass(`PT${ms / 1000}S`).then(resume);
    const code = text.replace('export default', 'return');
    const callDataSource = async ({ dataSourceName, methodName, params }: DataSourceCall) => {
      expect(dataSourceName).toBe('wechatpay');
      const code = methodName === 'unifiedOrder' ? signedOrder : signedCall;
      return codeOf(code, methodName)(params, context());
    };
    const auth = { currentUser: { openId: PAYER } };
    const $w = { auth, cloud: { callFunction, callDataSource } };
    const onTap = new Function('$w', 'wx', 'setTimeout', code)($w, wx, wait);
    // In which of both the platform passes what was filled in, its documents say in two ways.
    const given =
      passed === 'data' ? { event: { detail: {} }, data: event } : { event: { detail: event } };
    const outcome = await onTap(given).catch(({ message }: Error) => message);
    return { outcome, opened };
  }
  const orders = () => cloud.cloudbase.documents('orders') as { _id: string; state: string }[];

  test.each<Tap>([
    { bare: false, passed: 'data' },
    { bare: false, passed: 'event.detail' },
    { bare: true, passed: 'data' },
  ])('pays, answer bare: $bare, its goods in $passed', async (more) => {
    const { outcome, opened } = await tap('ok', more);
    expect(orders()).toMatchObject([{ _id: outcome, state: 'paid' }]);
    expect(cloud.wechat.truth(outcome)).toMatchObject({ amount: { total: 3980 } });
    expect(opened).toEqual([
      {
        timeStamp: expect.any(String),
        nonceStr: expect.any(String),
        package: expect.stringMatching(/^prepay_id=/),
        signType: 'RSA',
        paySign: expect.any(String),
      },
    ]);
  });

  test('pays by the signed methods with the changes that the page names', async () => {
    const line = page.split('\n').find((each) => each.startsWith('付款按钮里相应改')) ?? '';
    const [, call = '', openid = ''] = quotedIn(line);
    const text = button
      .replace('$w.cloud.callFunction({ name, data })', call)
      .replace('{ request: goods }', `{ request: goods, ${openid} }`)
      .replace('{ outTradeNo: order.outTradeNo }', `{ outTradeNo: order.outTradeNo, ${openid} }`);
    expect(text).not.toContain('callFunction');
    expect(text.match(/currentUser\.openId/g)).toHaveLength(2);
    const { outcome } = await tap('ok', { text });
    expect(orders()).toMatchObject([{ _id: outcome, state: 'paid' }]);
    expect(cloud.wechat.truth(outcome)).toMatchObject({ payer: { openid: PAYER } });
  });

  test('says that nothing was paid after a cancel, and another tap pays the same order', async () => {
    expect((await tap('cancel')).outcome).toMatch(/没有付款/);
    const [first] = orders();
    expect(first?.state).toBe('paying');
    expect((await tap('ok')).outcome).toBe(first?._id);
    expect(orders()).toMatchObject([{ state: 'paid' }]);
  });

  test('goes by the server where the cashier says that it failed and the money went', async () => {
    expect((await tap('silent')).outcome).toBe(orders()[0]?._id);
    expect((await tap('ok')).outcome).toMatch(/已支付/);
  });

  test('says that it is not known where the cashier failed and the server has seen nothing', async () => {
    expect((await tap('fail')).outcome).toMatch(/尚未查到付款/);
    expect(orders()).toMatchObject([{ state: 'paying' }]);
  });

  test('orders nothing in the preview, and says what a refusal says', async () => {
    expect((await tap('preview')).outcome).toMatch(/预览中不能付款/);
    expect(orders()).toEqual([]);
    const { outcome } = await tap('ok', { event: { ...detail, productId: 'mooncake' } });
    expect(outcome).toMatch(/商户拒绝了此次购买/);
    expect(orders()).toEqual([]);
  });
});
