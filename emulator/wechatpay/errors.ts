/** HTTP status, detailed number and text by code. Sources: D4012791856 ff., D4012791862. */
const REFUSALS = {
  PARAM_ERROR: [400, '268435461', '参数错误'],
  INVALID_REQUEST: [400, '268435461', '无效请求'],
  APPID_MCHID_NOT_MATCH: [400, '268445527', 'appid和mch_id不匹配'],
  MCH_NOT_EXISTS: [400, '268443715', '商户号不存在'],
  ORDERPAID: [400, '268498689', '该订单已支付'],
  ORDER_CLOSED: [400, '268447914', '订单已关闭'],
  NO_STATEMENT_EXIST: [400, '268437505', '账单文件不存在'],
  STATEMENT_CREATING: [400, '268437506', '账单生成中'],
  // What HTTP status these two come with is documented nowhere.
  REFUND_FEE_MISMATCH: [400, '268435465', '订单金额或退款金额与之前请求不一致'],
  TRADE_OVERDUE: [403, '268448012', '订单已经超过退款期限'],
  SIGN_ERROR: [401, '268443699', '错误的签名，验签失败'],
  NO_AUTH: [403, '268443701', '商户无权限'],
  RULE_LIMIT: [403, '268448010', '业务规则限制'],
  TRADE_ERROR: [403, '268449641', '交易错误'],
  ACCOUNT_ERROR: [403, '268448011', '账号异常'],
  NOT_ENOUGH: [403, '268448013', '基本账户余额不足，请充值后重新发起'],
  USER_ACCOUNT_ABNORMAL: [403, '268448014', '用户账户异常，退款请求失败'],
  OUT_TRADE_NO_USED: [403, '268498688', '请求重入时，参数与首次请求时不一致'],
  ORDER_NOT_EXIST: [404, '268512771', '订单不存在'],
  RESOURCE_NOT_EXISTS: [404, '268512772', '资源不存在'],
  FREQUENCY_LIMITED: [429, '268447840', '请求频率超过限制'],
  // Accepted and not done: the one word that comes with a 2xx.
  USERPAYING: [202, '268435456', '用户支付中，需要输入密码'],
  SYSTEM_ERROR: [500, '268435457', '系统异常，请使用相同参数稍后重新调用'],
  OPENID_MISMATCH: [500, '268435463', 'openid和appid不匹配'],
  INVALID_TRANSACTIONID: [500, '268435462', '无效的微信支付订单号'],
  BIZERR_NEED_RETRY: [500, '268435460', '退款业务流程错误，需要商户触发重试来解决'],
  BANKERROR: [500, '268435458', '银行系统异常'],
  SERVICE_UNAVAILABLE: [503, '268435459', '服务不可用'],
} as const satisfies Record<string, readonly [number, string, string]>;

/** Any code that WeChat Pay refuses with. */
export type RefusalCode = keyof typeof REFUSALS;

/** Lists the codes that WeChat Pay refuses with. */
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[];

/** Tells whether a text is a code that WeChat Pay refuses with. */
export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

/** Carries a refusal to the handler, which answers it. */
export class RefusalError extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly number: string;
  readonly detail: unknown;
  constructor(code: RefusalCode, message?: string, detail?: unknown) {
    const [status, number, text] = REFUSALS[code];
    super(message ?? text);
    this.code = code;
    this.status = status;
    this.number = number;
    this.detail = detail;
  }
}

/** A value of a request that breaks its rule, and the part of the request that it stands in. */
export interface WrongValue {
  location: 'body' | 'uri_template';
  field: string;
  issue: string;
  value?: unknown;
}

/** Refuses a value by its JSON pointer; `detail` is what was seen, no more. Source: `v3 answers`. */
export function wrongValue({ location, field, issue, value }: WrongValue): RefusalError {
  const message = `输入源“/${location}/${field}”映射到值字段“${field}”规则校验失败，${issue}`;
  return new RefusalError('PARAM_ERROR', message, { location, value });
}

/** Refuses a field of the body. */
export function wrongField(field: string, issue: string, value?: unknown): RefusalError {
  return wrongValue({ location: 'body', field, issue, value });
}

/** Refuses parameters that the page of a call does not name, whatever they hold. Source: `v3 answers`. */
export function unknownParameters(location: 'body' | 'query', names: string[]): RefusalError {
  const message = '请求中含有未在API文档中定义的参数';
  return new RefusalError('PARAM_ERROR', message, { location, value: names });
}
