import { expect, test } from 'vitest';
import { reqInfoOf, xmlOf } from '../../../emulator/wechatpay/notifications/xml.ts';
import { createUnsignedNoticeParser } from './refundNotice.ts';

const apiV2Key = 'v2Key-32Characters-1234567890abc';
const otherKey = 'another-32Characters-67890abcdef';
const result = { out_trade_no: 'T20261124001', out_refund_no: 'R1', refund_status: 'SUCCESS' };
const envelope = {
  return_code: 'SUCCESS',
  appid: 'wx0000000000000001',
  mch_id: '1900000109',
  nonce_str: 'n',
  req_info: reqInfoOf(result, apiV2Key),
};
const verify = createUnsignedNoticeParser({ mchid: '1900000109', apiV2Key });
const xml = (more: Record<string, string> = {}) => xmlOf('xml', { ...envelope, ...more });
const sealed = (fields: Record<string, string>, key = apiV2Key) => ({
  req_info: reqInfoOf(fields, key),
});
const { req_info: _, ...withoutReqInfo } = envelope;

test('what opens with our key names an order and a refund, and is a notice', () => {
  expect(verify(Buffer.from(xml()))).toEqual({
    kind: 'unsigned_notice',
    mchid: '1900000109',
    outTradeNo: 'T20261124001',
    outRefundNo: 'R1',
  });
});

test.each([
  ['more than 64 kB', xml({ pad: 'x'.repeat(65_536) }), 'body_too_large'],
  ['no XML', '<html><body>404</body></html>', 'body_malformed:xml'],
  ['a failure', xml({ return_code: 'FAIL' }), 'return_code'],
  ['another merchant’s', xml({ mch_id: '1900000777' }), 'mch_id'],
  ['of no merchant', xml({ mch_id: '' }), 'body_malformed:mch_id'],
  ['without req_info', xmlOf('xml', withoutReqInfo), 'body_malformed:req_info'],
  ['no base64', xml({ req_info: '%%%%' }), 'decrypt:WXPAY_API_V2_KEY'],
  ['no whole block', xml({ req_info: 'AAAA' }), 'decrypt:WXPAY_API_V2_KEY'],
  ['closed with another key', xml(sealed(result, otherKey)), 'decrypt:WXPAY_API_V2_KEY'],
  ['without the order', xml(sealed({ out_refund_no: 'R1' })), 'req_info_malformed:out_trade_no'],
  ['without the refund', xml(sealed({ out_trade_no: 'T' })), 'req_info_malformed:out_refund_no'],
  [
    'a number with a line in it',
    xml(sealed({ ...result, out_refund_no: 'R\n1' })),
    'req_info_malformed:out_refund_no',
  ],
])('refused: %s', (_what, body, reason) => {
  expect(verify(Buffer.from(body))).toEqual({ kind: 'refused', status: 400, reason });
});

// Under a provider the notice names both, and is closed with the provider's key.
const underProvider = createUnsignedNoticeParser({
  mchid: '1900000109',
  spMchid: '1900000200',
  apiV2Key,
});
const notice = { kind: 'unsigned_notice', outTradeNo: 'T20261124001', outRefundNo: 'R1' };
test.each<[string, Record<string, string>, object]>([
  [
    'the merchant’s',
    { mch_id: '1900000200', sub_mch_id: '1900000109' },
    { ...notice, mchid: '1900000109', spMchid: '1900000200' },
  ],
  [
    'another merchant’s',
    { mch_id: '1900000200', sub_mch_id: '1900000777' },
    { kind: 'refused', status: 400, reason: 'sub_mch_id' },
  ],
  [
    'another provider’s',
    { mch_id: '1900000201', sub_mch_id: '1900000109' },
    { kind: 'refused', status: 400, reason: 'mch_id' },
  ],
  [
    'the provider’s own',
    { mch_id: '1900000200' },
    { kind: 'refused', status: 400, reason: 'body_malformed:sub_mch_id' },
  ],
])('under a provider: %s', (_what, numbers, result) => {
  expect(underProvider(Buffer.from(xml(numbers)))).toEqual(result);
});

test('without the APIv2 key the setting is named, and WeChat is to come again', () => {
  const keyless = createUnsignedNoticeParser({ mchid: '1900000109' });
  expect(keyless(Buffer.from(xml()))).toEqual({
    kind: 'refused',
    status: 500,
    reason: 'missing:WXPAY_API_V2_KEY',
  });
});
