/** States, limits and schedules that WeChat documents, held against our code and our simulated WeChat. */
import { expect } from 'vitest';
import { downloadBill } from '../../shared/contract/bill/downloadBill.ts';
import {
  attach,
  body,
  openid,
  outRefundNo,
  outTradeNo,
  totalFee,
} from '../../shared/contract/fields.ts';
import { refuse } from '../../shared/contract/refusals.ts';
import {
  CLOSE_MIN_AGE_MS,
  EXPIRY_LIMITS,
  PREPAY_FRESH_MS,
  REFUND_LIMITS,
  TEXT_LIMITS,
} from '../../shared/domain/limits.ts';
import { MEANING_OF_TRADE_STATE, TRADE_STATES } from '../../shared/domain/order/evidence.ts';
import {
  MEANING_OF_REFUND_STATUS,
  REFUND_STATUSES,
} from '../../shared/domain/refund/refundEvidence.ts';
import { nextRefundCheckAt } from '../../shared/domain/schedules.ts';
import { rejectReasonOf } from '../../shared/gateway/apiV3/crypto/verify.ts';
import { merchantModeOf } from '../../shared/gateway/apiV3/wire/merchantMode.ts';
import { closeBody, readBillPlace, readOrder } from '../../shared/gateway/apiV3/wire/order.ts';
import { knownCode, type Operation, retryOf } from '../../shared/gateway/errorCodes.ts';
import { httpAnswerOf } from '../../shared/runtime/invocation/httpAnswer.ts';
import { goodOrder, openWeChat } from '../support/wechat.ts';
import { keys, paidOrder, signedAnswer } from '../support/wechatSide.ts';
import facts from '../vectors/facts.json' with { type: 'json' };
import { casesOf, type VectorCases } from './vectorCases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const now = new Date('2026-11-24T09:07:12Z');

type Check = (expected: unknown) => void | Promise<void>;
const fact =
  <T>(check: (expected: T) => void | Promise<void>): Check =>
  (expected) =>
    check(expected as T);
const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

const orderStates = fact<{ all: string[]; paid_means: string[]; terminal: string[] }>(
  ({ all, paid_means: paid, terminal }) => {
    expect([...TRADE_STATES].sort()).toEqual([...all].sort());
    for (const word of all) {
      const order = Buffer.from(JSON.stringify({ ...paidOrder, trade_state: word }));
      const { evidence } = readOrder(order, merchantModeOf(), 'query');
      expect(evidence.kind === 'paid', word).toBe(paid.includes(word));
    }
    for (const word of terminal.filter((one) => !paid.includes(one))) {
      const meaning = MEANING_OF_TRADE_STATE[word as keyof typeof MEANING_OF_TRADE_STATE];
      expect(meaning, word).toBe(word === 'CLOSED' ? 'closed' : 'failed');
    }
  },
);

const retrySchedule = fact<{ seconds: number[] }>(async ({ seconds }) => {
  const { world, wechat, place, advance, replies } = openWeChat();
  replies.push(...seconds.map(() => 500), 500);
  wechat.cashier(await place(), 'pay');
  await advance(48 * 3600);
  const { notifications } = wechat.truth(goodOrder.out_trade_no) as {
    notifications: { at: string }[];
  };
  const atS = notifications.map(({ at }) => Date.parse(at) / 1000);
  expect(atS.slice(1).map((at, index) => at - (atS[index] ?? 0))).toEqual(seconds);
  world.data.close();
});

interface Acknowledgement {
  v3_success: { status: number[] };
  v3_fail: { body: { code: string } };
}
const acknowledgement = fact<Acknowledgement>(({ v3_success: success, v3_fail: fail }) => {
  const good = httpAnswerOf({ status: 200, code: 'SUCCESS', message: '' });
  expect(success.status).toContain(good.statusCode);
  for (const code of ['PARAM_ERROR', 'DEADLINE', 'INTERNAL_ERROR'] as const) {
    const { statusCode, body: text } = httpAnswerOf(refuse(code));
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(text).code).toBe(fail.body.code);
  }
});

const tolerance = fact<{ cases: { age: number; ok: boolean }[] }>(({ cases }) => {
  const answer = signedAnswer(200, '{}', now);
  for (const { age, ok } of cases) {
    const rejectReason = rejectReasonOf(answer, keys, new Date(now.getTime() + age * 1000));
    expect(rejectReason, `${age} s`).toBe(ok ? undefined : 'timestamp_window');
  }
});

const numbersOf = (schema: typeof outTradeNo) =>
  fact<{ min: number; max: number; valid: string[]; invalid: string[] }>(
    ({ min, max, valid, invalid }) => {
      for (const number of valid) expect(accepts(schema, number), number).toBe(true);
      for (const number of invalid) expect(accepts(schema, number), number).toBe(false);
      const lengths = [min - 1, min, max, max + 1];
      const taken = lengths.map((length) => accepts(schema, '0'.repeat(length)));
      expect(taken).toEqual([false, true, true, false]);
    },
  );

type Limits = Record<string, number>;
/** We take the narrower limit of both generations; the simulated WeChat Pay takes v3's. */
const fieldLimits = fact<{ v3: Limits; v2: Limits }>(async ({ v3, v2 }) => {
  expect(TEXT_LIMITS).toMatchObject({
    body: Math.min(v3.description ?? 0, v2.body ?? 0),
    attach: Math.min(v3.attach ?? 0, v2.attach ?? 0),
    openid: v3.openid,
    goodsTag: v3.goods_tag,
  });
  // `body` is for display: a longer one is stored whole, and sent clipped.
  expect(accepts(body, 'a'.repeat(TEXT_LIMITS.body + 1))).toBe(true);
  for (const [name, schema] of Object.entries({ attach, openid })) {
    const longest = 'a'.repeat(TEXT_LIMITS[name as 'body']);
    const taken = [accepts(schema, longest), accepts(schema, `${longest}a`)];
    expect(taken, name).toEqual([true, false]);
  }
  const least = v3['amount.total_min'] ?? 0;
  const amounts = [accepts(totalFee, least), accepts(totalFee, least - 1)];
  expect(amounts).toEqual([true, false]);
  const { world, ask } = openWeChat();
  for (const name of ['description', 'attach', 'goods_tag']) {
    const longest = 'a'.repeat(v3[name] ?? 0);
    for (const [text, status] of [
      [`${longest}a`, 400],
      [longest, 200],
    ] as const) {
      const order = { ...goodOrder, out_trade_no: `FACT_${name}`, [name]: text };
      const answer = await ask('POST', '/v3/pay/transactions/jsapi', JSON.stringify(order));
      expect(answer.status, name).toBe(status);
    }
  }
  world.data.close();
});

interface Times {
  min_minutes: number;
  max_days: number;
  prepay_id_hours: number;
}
const times = fact<Times>(({ min_minutes, max_days, prepay_id_hours }) => {
  expect(EXPIRY_LIMITS).toEqual({
    minMs: min_minutes * MINUTE_MS,
    maxMs: max_days * 24 * HOUR_MS,
  });
  const oldest = prepay_id_hours * HOUR_MS;
  expect(PREPAY_FRESH_MS).toBeLessThan(oldest);
  // Not so early either that a payer is sent to WeChat for another one without need.
  expect(PREPAY_FRESH_MS).toBeGreaterThan(oldest - 15 * MINUTE_MS);
});

interface Closing {
  wait_after_create_minutes: number;
  v3_success_status: number;
  v3_body_keys: string[];
  re_entrant: boolean;
}
const closing = fact<Closing>(async (expected) => {
  const closes = closeBody(merchantModeOf(), goodOrder.mchid);
  expect(Object.keys(JSON.parse(closes))).toEqual(expected.v3_body_keys);
  expect(CLOSE_MIN_AGE_MS.cloudPay).toBe(expected.wait_after_create_minutes * MINUTE_MS);
  const { world, ask, place } = openWeChat();
  await place();
  const path = `/v3/pay/transactions/out-trade-no/${goodOrder.out_trade_no}/close`;
  const first = await ask('POST', path, closes);
  expect(first.status).toBe(expected.v3_success_status);
  const again = await ask('POST', path, closes);
  expect(again.status === first.status).toBe(expected.re_entrant);
  world.data.close();
});

interface Bills {
  bill_types: string[];
  hash_type: string;
  no_data_code: string;
  not_ready_code: string;
}
const bills = fact<Bills>(({ bill_types, hash_type, no_data_code, not_ready_code }) => {
  for (const billType of bill_types) {
    expect(accepts(downloadBill.input, { billDate: '2026-11-23', billType }), billType).toBe(true);
  }
  const place = { hash_type, hash_value: 'a'.repeat(40), download_url: 'https://x.example/' };
  expect(() => readBillPlace(Buffer.from(JSON.stringify(place)))).not.toThrow();
  expect(adviceOf(no_data_code, 'bill')).toBe('never');
  expect(adviceOf(not_ready_code, 'bill')).toBe('same_request');
});

type BillType = 'ALL' | 'SUCCESS' | 'REFUND';
type Columns = Record<BillType | 'summary', string[]> & { counts: Record<BillType, number> };
const billColumns = fact<Columns>(async ({ counts, summary, ...columns }) => {
  const { world, wechat, ask, place, advance } = openWeChat();
  wechat.cashier(await place(), 'pay');
  await advance(30 * 3600);
  for (const type of ['ALL', 'SUCCESS', 'REFUND'] as const) {
    const path = `/v3/bill/tradebill?bill_date=2026-11-24&bill_type=${type}`;
    const { download_url: url } = (await (await ask('GET', path)).json()) as Record<string, string>;
    const file = await ask('GET', String(url).replace('https://api.mch.weixin.qq.com', ''));
    const lines = (await file.text()).replace('\uFEFF', '').split('\r\n');
    const head = lines[0]?.split(',');
    expect(head).toEqual(columns[type]);
    expect(head).toHaveLength(counts[type]);
    expect(lines.at(-3)?.split(',')).toEqual(summary);
  }
  world.data.close();
});

const refundStates = fact<{ all: string[] }>(({ all }) => {
  expect([...REFUND_STATUSES].sort()).toEqual([...all].sort());
  for (const word of REFUND_STATUSES)
    expect(MEANING_OF_REFUND_STATUS[word]).toBe(word.toLowerCase());
});

interface RefundRules {
  within_days: number;
  max_partial: number;
  min_interval_same_order_s: number;
  poll_after_minutes: number[];
}
const refundRules = fact<RefundRules>((expected) => {
  expect(REFUND_LIMITS).toEqual({
    maxAgeMs: expected.within_days * 24 * HOUR_MS,
    partsMax: expected.max_partial,
    apartMs: expected.min_interval_same_order_s * 1000,
  });
  // Their steps are waits: every minute for five, then growing ones.
  const status = { state: 'processing', refundId: '5' } as const;
  const asksMs: number[] = [];
  for (let atMs = 0; asksMs.length < 9; atMs = asksMs.at(-1) ?? 0) {
    const next = nextRefundCheckAt({ requestedAt: new Date(0), status }, new Date(atMs));
    asksMs.push(next.getTime());
  }
  const waits = asksMs.map((atMs, index) => (atMs - (asksMs[index - 1] ?? 0)) / MINUTE_MS);
  const [first = 0, ...later] = expected.poll_after_minutes;
  expect(waits).toEqual([...Array.from({ length: 5 }, () => first), ...later]);
});

const fundFlowColumns = fact<{ columns: string[]; summary: string[]; account_type: string[] }>(
  async ({ columns, summary, account_type: [account] }) => {
    const { world, wechat, ask, place, advance } = openWeChat();
    wechat.cashier(await place(), 'pay');
    await advance(30 * 3600);
    const path = `/v3/bill/fundflowbill?bill_date=2026-11-24&account_type=${account}`;
    const { download_url: url } = (await (await ask('GET', path)).json()) as Record<string, string>;
    const file = await ask('GET', String(url).replace('https://api.mch.weixin.qq.com', ''));
    const lines = (await file.text()).replace('\uFEFF', '').split('\r\n');
    expect(lines[0]?.split(',')).toEqual(columns);
    expect(lines.at(-3)?.split(',')).toEqual(summary);
    world.data.close();
  },
);

/** Our word for each number; where there is none, the word beside the number decides. */
const wordOf: Record<string, string | undefined> = {
  参数非法: 'PARAM_ERROR',
  参数超出取值范围: 'PARAM_ERROR',
  签名错误: 'SIGN_ERROR',
  appid和mch_id不匹配: 'APPID_MCHID_NOT_MATCH',
  请求频率超过限制: 'FREQUENCY_LIMITED',
  订单已支付: 'ORDERPAID',
  该订单已支付: 'ORDERPAID',
  '当前交易不允许进行普通关单（只能撤销）': 'TRADE_ERROR',
  '请求重入时，参数与首次请求时不一致': 'OUT_TRADE_NO_USED',
  订单不存在: 'ORDER_NOT_EXIST',
};
const requestIdNumbers = fact<{ codes: Record<string, string> }>(({ codes }) => {
  for (const [number, meaning] of Object.entries(codes)) {
    expect(knownCode('A_NEW_WORD', `08F5-${number}`, 'order'), meaning).toBe(wordOf[meaning]);
  }
});

function adviceOf(word: string, operation: Operation) {
  const code = knownCode(word, undefined, operation);
  return code && retryOf(code, operation);
}

/** Translates a documented reaction into our three ways to retry. */
const adviceFor: Record<string, string> = {
  new_number_or_reuse_identical_params: 'never',
  new_number: 'never',
  config: 'never',
  fix_request: 'never',
  stop: 'never',
  not_created_or_wrong_mchid: 'never',
  done: 'never',
  empty_day: 'never',
  backoff_same_params: 'same_request',
  retry_same_params: 'same_request',
  retry: 'same_request',
  backoff: 'same_request',
  retry_later: 'same_request',
  // The same close again asks in passing: it answers ORDERPAID, or closes.
  wait_and_query: 'same_request',
  same_number_retry: 'same_request',
  top_up_then_same_number: 'same_request',
  query_then_same_number: 'query_first',
  stop_manual_refund: 'never',
  stop_over_one_year: 'never',
  // Only a query tells which amount the number was first used with.
  use_first_amount: 'query_first',
  query: 'query_first',
  query_and_fulfil: 'query_first',
};
type Asked = 'create' | 'query' | 'close' | 'refund' | 'bill';
type Reactions = Record<Asked, Record<string, string>>;
const reactions = fact<Reactions>(({ create, ...others }) => {
  for (const [operation, words] of Object.entries({ order: create, ...others })) {
    for (const [word, reaction] of Object.entries(words)) {
      const advice = adviceOf(word, operation as Operation);
      expect(advice, `${operation} ${word}`).toBe(adviceFor[reaction]);
    }
  }
});

const checks: Record<string, Check> = {
  'order-states-v3': orderStates,
  'notify-retry-schedule': retrySchedule,
  'notify-ack': acknowledgement,
  'v3-timestamp-tolerance': tolerance,
  'refund-states-v3': refundStates,
  'refund-rules': refundRules,
  'fundflow-columns': fundFlowColumns,
  'out-trade-no': numbersOf(outTradeNo),
  'out-refund-no': numbersOf(outRefundNo),
  'field-limits': fieldLimits,
  'time-fields': times,
  'close-order-rules': closing,
  'bill-rules': bills,
  'trade-bill-columns': billColumns,
  'requestid-error-codes': requestIdNumbers,
  'v3-error-reactions': reactions,
};

const NO_READER = 'no reader of bill rows in this version of the code';

/** By the name of the file. */
export const factVectors: Record<string, VectorCases> = {
  facts: casesOf(
    facts,
    ({ id, expected }) => {
      const check = checks[id];
      if (!check) throw new Error(`${id}: neither run nor left out for a reason`);
      return check(expected);
    },
    {
      'old-column-aliases': NO_READER,
      'broken-official-vectors': 'a note that two published values are wrong: nothing to run',
    },
  ),
};
