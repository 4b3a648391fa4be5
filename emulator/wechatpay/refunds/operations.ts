import type { World } from '../../world/world.ts';
import { Refusal, wrongField } from '../errors.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import { type Ledger, through } from '../orders/ledger.ts';
import type { Answered, Asked } from '../orders/operations.ts';
import { refundJson } from '../orders/wire.ts';
import { check, matching, parametersOf, parse, type Rule, textOf } from '../wire/fields.ts';
import { own, ownerOf } from '../wire/owner.ts';
import type { LedgerRefund, RefundLedger, RefundStatus } from './ledger.ts';
import { consoleRequest, type RefundBook } from './lifecycle.ts';
import { readRefundRequest } from './request.ts';

/** What refunds are asked of. */
export interface RefundParts {
  world: World;
  ledger: Ledger;
  refunds: RefundLedger;
  book: RefundBook;
  keys: KeyRing;
}

/** What merchants ask of refunds (申请退款、查询退款、异常退款). */
export function refundOperations({ refunds, book, keys }: RefundParts) {
  return {
    refund: (asked: Asked): Answered => {
      const { body, signer } = asked;
      const request = readRefundRequest(body);
      const parameters = parametersOf(body);
      const asking = { ...ownerOf(asked), signer, origin: 'api', parameters } as const;
      return { json: refundJson(book.accept(asking, request)) };
    },
    query: (asked: Asked): Answered => ({
      json: refundJson(known(own(refunds.find(asked.mchid, asked.part), asked))),
    }),
    mend: (asked: Asked): Answered => {
      const { mchid, body, serial, part } = asked;
      const { outRefundNo, remedy, account } = readRemedy(body, serial, keys);
      const refund = known(own(refunds.findId(mchid, part), asked));
      if (refund.outRefundNo !== outRefundNo)
        throw new Refusal('INVALID_REQUEST', '退款单号校验不一致，请核实后再试');
      // Asked for twice, it is mended once; mended already, it is told as it is.
      if (refund.remedy === remedy) return { json: refundJson(refund) };
      if (refund.status !== 'ABNORMAL' || refund.remedy !== undefined)
        throw new Refusal('INVALID_REQUEST', '退款单状态不是退款异常');
      book.mend(refund, remedy, account);
      return { json: refundJson(known(refunds.findId(mchid, part))) };
    },
  };
}

/** What is done to refunds by hand: in the merchant console, and by whoever plays WeChat. */
export function refundControls({ world, ledger, refunds, book }: RefundParts) {
  const truth = (outRefundNo: string) => {
    const refund = refunds.findAny(outRefundNo);
    return refund && refundTruth(refund);
  };
  return {
    refundTruth: truth,
    steerRefund: (outRefundNo: string, to: RefundStatus) => {
      const refund = refunds.findAny(outRefundNo);
      if (!refund) return { refused: 'RESOURCE_NOT_EXISTS', message: '退款单不存在' };
      if (!book.conclude(refund, to)) {
        const message = `${refund.status} → ${to}: 退款状态不能这样变化`;
        return { refused: 'INVALID_REQUEST', message };
      }
      return truth(outRefundNo) ?? {};
    },
    consoleRefund: (outTradeNo: string, refundFee: number) => {
      const order = ledger.findAny(outTradeNo);
      if (!order) return { refused: 'RESOURCE_NOT_EXISTS', message: '订单不存在' };
      const { signer } = order;
      const body = consoleRequest(world, order, refundFee);
      const parameters = parametersOf(body);
      const link = order.cloudPay && { cloudPay: {} };
      const who = ownerOf(order);
      const asking = { ...who, signer, origin: 'console', parameters, ...link } as const;
      try {
        return refundTruth(book.accept(asking, readRefundRequest(body)));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { refused: error.code, message: error.message };
      }
    },
  };
}

/** A refund as WeChat has it, with the log of its notifications. */
export function refundTruth(refund: LedgerRefund): Record<string, unknown> {
  const { origin, reason, notifyUrl, cloudPay, tries, moments } = refund;
  return {
    ...refundJson(refund),
    ...(reason === undefined ? {} : { reason }),
    ...(notifyUrl === undefined ? {} : { notify_url: notifyUrl }),
    ...(cloudPay === undefined ? {} : { cloudPay }),
    origin,
    moments: moments.map(({ status, atMs }) => ({ status, at: new Date(atMs).toISOString() })),
    notifications: tries,
  };
}

const remedyRules: Record<string, Rule> = {
  out_refund_no: textOf(1, 64),
  type: matching(/^(USER|MERCHANT)_BANK_CARD$/, '不是合法的枚举值'),
};
const cardRules: Record<string, Rule> = {
  bank_type: textOf(1, 16),
  bank_account: textOf(1, 1024),
  real_name: textOf(1, 1024),
};

/** Reads and checks a request to mend an abnormal refund. Source: D4012791864. */
function readRemedy(body: string, serial: string, keys: KeyRing) {
  const json = parse(body);
  const toUser = json.type === 'USER_BANK_CARD';
  const optional = { ...cardRules, sub_mchid: textOf(1, 32) };
  check(json, toUser ? { ...remedyRules, ...cardRules } : remedyRules, optional);
  const secrets = ['bank_account', 'real_name'].map((name) => {
    if (json[name] === undefined) return '';
    const opened = keys.decrypt(serial, String(json[name]));
    if (!opened)
      throw wrongField(name, '敏感信息解密失败，请检查加密公钥与Wechatpay-Serial是否一致');
    return opened;
  });
  const card = `${String(json.bank_type).replace(/_.*/, '')}借记卡${secrets[0]?.slice(-4)}`;
  return {
    outRefundNo: String(json.out_refund_no),
    remedy: toUser ? ('USER_BANK_CARD' as const) : ('MERCHANT_BANK_CARD' as const),
    account: toUser ? card : '商户结算银行账户',
  };
}

function known(refund: LedgerRefund | undefined): LedgerRefund {
  const own = through('apiV3', refund);
  if (!own) throw new Refusal('RESOURCE_NOT_EXISTS', '退款单不存在');
  return own;
}
