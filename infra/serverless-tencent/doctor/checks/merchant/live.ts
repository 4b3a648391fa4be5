import { findingsFrom } from '../../facts/fact.ts';
import type { Facts } from '../../facts/facts.ts';
import { broken, type Finding, type Level, ok, unknown } from '../../findings/finding.ts';

const KEYS =
  '核对 WXPAY_MCHID、WXPAY_SERIAL_NO、WXPAY_PRIVATE_KEY 属于同一商户证书，并运行 --merchant-cert ' +
  '(all three must belong to one merchant certificate; run with --merchant-cert)';
const LOGS = 'serverless logs -f downloadBill';
const ACCEPTED =
  '微信支付接受了商户号、序列号与私钥 (WeChat Pay accepts merchant number, serial and key)';

/** The meaning of each answer to the signed call, by its code. */
const MEANINGS: Record<string, readonly [level: Level, what: string, fix?: string]> = {
  '0': ['ok', `${ACCEPTED}，应答验签通过 (and its signature verifies)`],
  BILL_TOO_LARGE: ['ok', `${ACCEPTED}，应答验签通过 (and its signature verifies)`],
  NO_STATEMENT_EXIST: ['ok', `${ACCEPTED}；当天没有账单 (there is no bill of that day)`],
  STATEMENT_CREATING: ['ok', `${ACCEPTED}；账单生成中 (the bill is being made)`],
  SIGN_ERROR: ['broken', '微信支付验签失败 (WeChat Pay refuses our signature)', KEYS],
  MCH_NOT_EXISTS: [
    'broken',
    '商户号不存在 (no such merchant number)',
    '核对 WXPAY_MCHID (check it)',
  ],
  NO_AUTH: [
    'broken',
    '商户号没有权限 (the merchant number may not do this)',
    '在商户平台「产品中心」开通并核对商户号状态 (turn the product on; check the state of the account)',
  ],
  ACCOUNT_ERROR: [
    'broken',
    '商户号状态异常 (the account is not in order)',
    '查看商户平台的通知 (see the messages in the merchant console)',
  ],
  ANSWER_UNVERIFIED: [
    'broken',
    '应答验签失败，微信支付公钥或平台证书有误 (the answer does not verify: the wrong public key or platform certificate)',
    '重新下载 pub_key.pem 并核对公钥 ID (take pub_key.pem anew, compare its id)',
  ],
  WECHAT_UNREACHABLE: [
    'broken',
    '云函数无法连接微信支付 (the function cannot reach WeChat Pay)',
    '检查 WXPAY_API_URL 与函数的公网访问 (check it, and that the function may reach the internet)',
  ],
  SERVICE_SIGNATURE: [
    'broken',
    '服务端签名被拒绝 (the service signature is refused)',
    '重新部署使 WXPAY_SERVICE_KEY 一致，并校准时钟 (deploy, so that the keys agree; set the clock)',
  ],
  APPID_MCHID_NOT_MATCH: ['broken', 'AppID 与商户号未绑定 (not bound)', '见 merchant.appid_mchid'],
  CLOUDPAY_TOKEN_MISSING: [
    'unknown',
    '云支付只能从小程序端调用，这里无法验证 (cloud pay works from a mini program only: this cannot tell)',
    '从小程序支付 1 分钱 (pay 1 fen from the mini program)',
  ],
  FUNCTION_FAILED: [
    'broken',
    '函数未能启动或运行失败，多为配置有误 (the function fails, most likely by its configuration)',
    LOGS,
  ],
  INTERNAL_ERROR: ['broken', '函数内部错误 (an internal error)', LOGS],
};

/** Checks the deployed keys by WeChat Pay's answer to the one call that changes nothing. */
export function checkLive({ bill }: Facts): Finding[] {
  const check = 'live.bill';
  return findingsFrom(bill, check, ({ code, requestId }) => {
    const [level, what, fix] = Object.hasOwn(MEANINGS, code)
      ? (MEANINGS[code] ?? [])
      : ['unknown' as const, '结果不能说明密钥是否正确 (this tells nothing of the keys)', LOGS];
    const text = `${what}: ${code} (${requestId})`;
    if (level === 'ok') return [ok(check, text), reportApiV3Key()];
    if (level === 'broken') return [broken(check, text, fix ?? LOGS)];
    return [unknown(check, text, fix)];
  });
}

/** Reports that the APIv3 key was not tried, since nothing but a notification is sealed with it. */
function reportApiV3Key(): Finding {
  return unknown(
    'live.api_v3_key',
    'APIv3 密钥是否与商户平台一致，收到通知才知道 (only a notification tells whether the APIv3 key is the one in the console)',
    '支付 1 分钱后看 payCallback 日志；decrypt_api_v3_key 即不一致 (pay 1 fen, see its log: that outcome means that it is not)',
  );
}
