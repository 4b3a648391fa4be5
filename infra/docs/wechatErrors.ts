import type { KnownCode } from '../../shared/gateway/errorCodes.ts';
import type { Bilingual, ErrorRow } from './errorRows.ts';

type Explanation = Pick<ErrorRow, 'text' | 'cause'>;

const malformedRequest: Explanation = {
  text: {
    zh: '微信收到的请求格式不对；请升级本项目或报告缺陷',
    en: 'WeChat got a malformed request: update this project, or report a defect',
  },
  cause: { zh: '只有代码缺陷会遇到', en: 'only a defect of the code can meet it' },
};

/** Explains WeChat's own codes; total over those that the gateway knows. */
export const wechatErrors: Record<KnownCode, Explanation> = {
  PARAM_ERROR: explain(
    ['参数错误；按 `errCodeDes` 修改', '一个字段不合要求'],
    ['a parameter is wrong: change it as `errCodeDes` says', 'a field is not as it should be'],
  ),
  INVALID_REQUEST: explain(
    ['请求不合规则；按 `errCodeDes` 处理', '权限未开通、退款已部分完成、重复的请求参数不同'],
    [
      'the request is against a rule: see `errCodeDes`',
      'a permission is absent, or a repeat has other parameters',
    ],
  ),
  OPENID_MISMATCH: explain(
    ['openid 不属于此 AppID；换正确的 openid', '用了另一个小程序或公众号的 openid'],
    ['the openid is not of this appid: use the right one', 'an openid of another app'],
  ),
  INVALID_TRANSACTIONID: explain(
    ['微信支付订单号无效；核对 transactionId', '写错，或属于另一商户号'],
    ['there is no such transaction id: check it', 'a typo, or another merchant’s'],
  ),
  APPID_MCHID_NOT_MATCH: explain(
    [
      'AppID 与商户号未绑定；在商户平台「AppID 账号管理」关联，单号可继续使用',
      '换了小程序或商户号',
    ],
    [
      'not bound to the merchant number: bind it in the console, the number stays usable',
      'one was replaced',
    ],
  ),
  APPID_NOT_EXIST: explain(
    ['AppID 不存在；核对 WXPAY_APPID', '写错'],
    ['there is no such appid: check WXPAY_APPID', 'a typo'],
  ),
  MCH_NOT_EXISTS: explain(
    ['商户号不存在；核对 WXPAY_MCHID', '写错，或服务商与子商户填反'],
    ['there is no such merchant: check WXPAY_MCHID', 'a typo, or provider and merchant swapped'],
  ),
  SIGN_ERROR: explain(
    ['商户签名不被接受；运行 doctor，单号可继续使用', '私钥与序列号不成对、证书失效、时钟偏差'],
    [
      'the signature is not accepted: run doctor, the number stays usable',
      'key and serial do not belong together, an expired certificate, the clock',
    ],
  ),
  NO_AUTH: explain(
    ['商户无权调用；在商户平台开通，单号可继续使用', '未开通 JSAPI 支付，或商户被限制'],
    [
      'not permitted: open the product, the number stays usable',
      'JSAPI pay is not open, or limited',
    ],
  ),
  RULE_LIMIT: explain(
    ['业务规则限制；按 `errCodeDes` 处理，单号可继续使用', '超过额度或风控'],
    ['a business rule: see `errCodeDes`, the number stays usable', 'a quota, or risk control'],
  ),
  ACCOUNT_ERROR: explain(
    ['账号异常；换账号或联系微信支付', '付款人或商户账号受限'],
    ['an account is not usable: another one, or WeChat’s support', 'payer or merchant is limited'],
  ),
  USER_ACCOUNT_ABNORMAL: explain(
    ['退款用户账号已注销或异常；人工退款', '付款人注销了微信'],
    ['the payer’s account is gone: refund by hand', 'the payer closed the account'],
  ),
  NOT_ENOUGH: explain(
    ['商户余额不足；充值后用同一退款单号重试', '未结算资金不够退款'],
    [
      'the balance is too short: top up, repeat the same number',
      'the money not yet paid out to you does not suffice',
    ],
  ),
  TRADE_OVERDUE: explain(
    ['订单超过一年，不能退款；线下处理', '订单太旧'],
    ['older than a year, not refundable: pay it back outside', 'the order is too old'],
  ),
  REFUND_FEE_MISMATCH: explain(
    ['退款单号在微信侧金额不同；先查退款', '重试时改了金额，或单号被别的系统用过'],
    ['WeChat has another amount under this number: query the refund', 'a changed repeat'],
  ),
  TRADE_ERROR: explain(
    ['交易状态不允许；先查询', '订单已支付、已关闭或正在处理'],
    ['the state of the trade does not allow it: query', 'paid, closed, or in progress'],
  ),
  OUT_TRADE_NO_USED: explain(
    ['单号在微信侧已被使用；换新单号', '另一套系统用过此单号'],
    ['the number is used at WeChat: take a new one', 'another system used it'],
  ),
  ORDER_CLOSED: explain(
    ['订单已关闭；换新单号', '已关单'],
    ['the order is closed: take a new number', 'it was closed'],
  ),
  ORDERPAID: explain(
    ['订单已支付；查询确认', '付款与关单同时发生'],
    ['the order is paid: query it', 'payment and close met'],
  ),
  ORDER_NOT_EXIST: explain(
    ['微信没有此订单；核对商户号与单号', '从未下单成功，或商户号配错'],
    ['WeChat has no such order: check merchant and number', 'never placed, or another merchant'],
  ),
  RESOURCE_NOT_EXISTS: explain(
    ['微信没有此退款单或资源；核对单号', '从未提交成功'],
    ['WeChat has no such refund or resource: check the number', 'it was never taken'],
  ),
  NO_STATEMENT_EXIST: explain(
    ['当日没有账单；不必重试', '当日没有交易'],
    ['there is no bill of that day: no need to repeat', 'nothing happened on that day'],
  ),
  STATEMENT_CREATING: explain(
    ['账单生成中；10 点以后重试', '查得太早'],
    ['the bill is being made: repeat after 10:00', 'asked too early'],
  ),
  FREQUENCY_LIMITED: explain(
    ['调用过于频繁；稍后重试，退款先查询', '并发过高'],
    ['too many calls: repeat later, query a refund first', 'too much at once'],
  ),
  SYSTEM_ERROR: again('微信系统错误', 'an error of WeChat’s systems'),
  BANK_ERROR: again('银行系统错误', 'an error of the bank'),
  SERVICE_UNAVAILABLE: again('微信服务不可用', 'WeChat is not available'),
  BIZERR_NEED_RETRY: again('微信要求重试', 'WeChat asks for a repeat'),
  USER_PAYING: again('用户正在支付', 'the payer is paying'),
  ACCEPTED: again('微信已受理，尚未完成 (202)', 'taken, not done yet (202)'),
  LACK_PARAMS: malformedRequest,
  XML_FORMAT_ERROR: malformedRequest,
  REQUIRE_POST_METHOD: malformedRequest,
  POST_DATA_EMPTY: malformedRequest,
  NOT_UTF8: malformedRequest,
};

type Words = readonly [text: string, cause: string];

function explain(zh: Words, en: Words): Explanation {
  return { text: pair(zh[0], en[0]), cause: pair(zh[1], en[1]) };
}

function again(zh: string, en: string): Explanation {
  return {
    text: pair(
      `${zh}；用相同参数重试，写操作先查询`,
      `${en}: repeat the same, query a write first`,
    ),
    cause: pair('暂时的', 'it passes'),
  };
}

function pair(zh: string, en: string): Bilingual {
  return { zh, en };
}
