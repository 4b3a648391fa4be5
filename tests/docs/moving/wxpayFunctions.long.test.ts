/** The page about the template's wxpayFunctions: its code before and after, on one local cloud. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { LocalCloud } from '../../../emulator/main.ts';
import { pageOf } from '../../../infra/lint/pages/page.ts';
import { deployMerchants } from '../../support/deploy/merchantsProject.ts';
import { openLocalCloud } from '../../support/localCloud.ts';
import { type Answer, codeOn, oldEnvironment, peers, shopIn } from './shop.ts';

const PAGE = 'docs/zh/migrate-wxpayfunctions.md';
const ADMIN = 'oLocalAdmin';
const NAME = 'wxpayFunctions';

let cloud: LocalCloud;
let shop: ReturnType<typeof shopIn>;
const sales: Record<string, Answer> = {};
const answers: Record<string, Record<string, Answer>> = {};
let openBefore: Answer;

const order = (type: string, more: object) => ({ type, ...more });
const numberOfPage = { out_trade_no: 'PAGE0000001' };

/** Runs `pay` of a page in the mini program. */
async function payOnPage(code: string, outTradeNo: string): Promise<unknown> {
  const wx = {
    cloud: {
      callFunction: async ({ name, data }: { name: string; data: object }) => ({
        result: await shop.call(name, data),
      }),
    },
    requestPayment: (payment: { package: string }) => shop.pay(payment),
  };
  const pay = new Function('wx', `${code}\nreturn pay;`)(wx) as (no: string) => Promise<unknown>;
  return pay(outTradeNo);
}

/** Buys on the page, asks about it as pages do, refunds as the admin does; remembers all answers. */
async function play(when: string, code: string): Promise<void> {
  const paid = { out_trade_no: `${when}PAID1` };
  const sheet = await payOnPage(code, paid.out_trade_no);
  await shop.pass('PT10S');
  const { amount, payer, trade_state } = await shop.truth(paid.out_trade_no);
  sales[when] = { sheet, amount, payer, trade_state };
  const call = (type: string, more: object, openid?: string) =>
    shop.call(NAME, order(type, more), openid);
  const transaction = { transaction_id: (await shop.truth(paid.out_trade_no)).transaction_id };
  const back = { out_refund_no: `${when}BACK1` };
  const sums = { total: 1990, refund: 990, currency: 'CNY' };
  const found = {
    byNumber: await call('wxpay_query_order_by_out_trade_no', paid),
    byTransaction: await call('wxpay_query_order_by_transaction_id', transaction),
    refund: await call('wxpay_refund', { ...paid, ...back, amount: sums }, ADMIN),
  };
  await shop.pass('PT1M');
  answers[when] = { ...found, refundQuery: await call('wxpay_refund_query', back, ADMIN) };
}

beforeAll(async () => {
  const [before = '', pageBefore = '', pageAfter = ''] = codeOn(PAGE);
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'service', LOCAL_DEMO_GOODS: '1' });
  shop = shopIn(cloud);
  const cloudbase_module = "exports.main = require('./peers.cjs').cloudbaseModule;";
  await deployMerchants(cloud, {
    functions: { [NAME]: before, cloudbase_module },
    files: peers(),
    environment: oldEnvironment(cloud),
  });
  await play('before', pageBefore);
  const amount = { total: 1990, currency: 'CNY' };
  const open = { description: '拿铁咖啡', out_trade_no: 'BETWEEN0001', amount };
  openBefore = await shop.call(NAME, order('wxpay_order', open));
  await deployMerchants(cloud, {
    copies: { [NAME]: 'examples/wxpayFunctions' },
    environment: environmentOnPage(),
  });
  await play('after', pageAfter);
});
afterAll(() => cloud.close());

/** Reads which variables the lines of the page give the function, with what this cloud has. */
function environmentOnPage(): Record<string, string> {
  const { blocks } = pageOf({ path: PAGE, text: readFileSync(PAGE, 'utf8') });
  const yml = parse(blocks.find(({ info }) => info === 'yaml')?.text ?? '');
  const keys = Object.keys(yml[NAME].environment);
  const all = { ...cloud.environment(), WXPAY_ADMIN_OPENIDS: ADMIN };
  return Object.fromEntries(keys.map((key) => [key, (all as Record<string, string>)[key] ?? '']));
}

describe('before and after', () => {
  test('the same payer pays the same sum on nearly the same page', () => {
    expect(sales.after).toEqual(sales.before);
    expect(sales.after).toMatchObject({
      sheet: 'requestPayment:ok',
      trade_state: 'SUCCESS',
      amount: { total: 1990 },
      payer: { openid: 'oPayer' },
    });
  });

  test.each(['before', 'after'])('%s, queries and refunds answer the fields of pages', (when) => {
    const paid = { out_trade_no: `${when}PAID1`, trade_state: 'SUCCESS', amount: { total: 1990 } };
    const transaction_id = expect.stringMatching(/^42/);
    const success_time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\+08:00$/);
    const data = { ...paid, transaction_id, success_time, payer: { openid: 'oPayer' } };
    const back = { out_refund_no: `${when}BACK1`, amount: { refund: 990, total: 1990 } };
    expect(answers[when]).toMatchObject({
      byNumber: { code: 0, data },
      byTransaction: { code: 0, data },
      refund: { code: 0, data: { ...back, refund_id: expect.any(String) } },
      refundQuery: { code: 0, data: { ...back, status: 'SUCCESS' } },
    });
  });
});

describe('different on purpose', () => {
  const latte = { product_id: 'latte', out_trade_no: 'PURPOSE0001' };

  test.each<[string, object, string]>([
    ['a price of the page', { ...latte, amount: { total: 1 } }, 'PRICE_CHANGED'],
    ['goods that are none', { ...latte, product_id: 'nothing' }, 'NOT_ON_SALE'],
    ['goods that are a condition', { ...latte, product_id: { $ne: 'x' } }, 'NOT_ON_SALE'],
    ['no goods', { out_trade_no: 'PURPOSE0001', amount: { total: 1 } }, 'NOT_ON_SALE'],
    ['a number of a purchase', { ...latte, out_trade_no: `P${'0'.repeat(25)}_1` }, 'PARAM_ERROR'],
    ['no number', { product_id: 'latte' }, 'PARAM_ERROR'],
  ])('an order with %s is no code 0', async (_what, more, errCode) => {
    const refused = await shop.call(NAME, order('wxpay_order', more));
    expect(refused).toMatchObject({ code: -1, errCode, msg: expect.any(String) });
    expect(refused).not.toHaveProperty('data');
  });

  test('payer, merchant and address of a request do nothing; a number that is a number is text', async () => {
    const theirs = {
      payer: { openid: 'oOther' },
      mchid: '1',
      appid: 'wx1',
      notify_url: 'https://a',
    };
    const more = { ...latte, ...theirs, out_trade_no: 20_261_201_001 };
    expect(await shop.call(NAME, order('wxpay_order', more))).toMatchObject({ code: 0 });
    const { payer } = await shop.truth('20261201001');
    expect(payer).toEqual({ openid: 'oPayer' });
  });

  test.each(['wxpay_query_order_by_out_trade_no', 'wxpay_close_order'])(
    'another user’s order is none for %s',
    async (type) => {
      await shop.call(NAME, order('wxpay_order', { ...latte, ...numberOfPage }));
      const others = await shop.call(NAME, order(type, numberOfPage), 'oOther');
      expect(others).toMatchObject({ code: -1, errCode: 'ORDER_NOT_EXIST' });
      expect(await shop.call(NAME, order(type, numberOfPage))).toMatchObject({ code: 0 });
    },
  );

  test('a payer refunds nothing and sees no other’s refund', async () => {
    const asked = { out_trade_no: 'afterPAID1', out_refund_no: 'STEAL1', amount: { refund: 1 } };
    const refused = { code: -1, errCode: 'CALLER_REFUSED' };
    expect(await shop.call(NAME, order('wxpay_refund', asked))).toMatchObject(refused);
    const query = order('wxpay_refund_query', { out_refund_no: 'afterBACK1' });
    expect(await shop.call(NAME, query)).toMatchObject({ code: 0 });
    expect(await shop.call(NAME, query, 'oOther')).toMatchObject({ errCode: 'REFUND_NOT_EXIST' });
  });

  test('who is no user of the mini program is refused, on an instance that had one before', async () => {
    const call = { name: NAME, data: order('wxpay_order', latte), source: 'scf' };
    const { result } = await shop.ask<{ result: Answer }>('POST', 'call', call);
    expect(result).toMatchObject({ code: -1, errCode: 'CALLER_REFUSED' });
  });

  test.each([{ type: 'toString' }, { type: 'wxpay_transfer' }, {}])(
    '%j is no type',
    async (event) => {
      expect(await shop.call(NAME, event)).toMatchObject({ code: -1, errCode: 'TYPE_UNKNOWN' });
    },
  );
});

test('an order that was placed before the move is paid as before; here it is none', async () => {
  expect(await shop.pay(Object(openBefore.data))).toBe('requestPayment:ok');
  const named = order('wxpay_query_order_by_out_trade_no', { out_trade_no: 'BETWEEN0001' });
  expect(await shop.call(NAME, named)).toMatchObject({ code: -1, errCode: 'ORDER_NOT_EXIST' });
  expect(await shop.truth('BETWEEN0001')).toMatchObject({ trade_state: 'SUCCESS' });
});
