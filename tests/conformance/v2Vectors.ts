/** APIv2's XML and its sealed refund notice: the vectors of it, run through our code. */
import { expect } from 'vitest';
import { reqInfoOf } from '../../emulator/wechatpay/notifications/xml.ts';
import { createUnsignedNoticeParser } from '../../shared/gateway/apiV2/refundNotice.ts';
import { openEcb, reqInfoKey } from '../../shared/gateway/apiV2/reqInfo.ts';
import { readXml } from '../../shared/gateway/apiV2/xml.ts';
import refundNotify from '../vectors/v2-refund-notify.json' with { type: 'json' };
import xml from '../vectors/v2-xml.json' with { type: 'json' };
import { casesOf, type VectorCases } from './vectorCases.ts';

const MCHID = '1900000109';
const API_V2_KEY = 'v2Key-32Characters-1234567890abc';

/** The published fields are read; what is hostile is refused, both as the notice and inside of it. */
function checkXml({ input, expected }: (typeof xml.vectors)[number]): void {
  const root = input.xml.startsWith('<root>') ? 'root' : 'xml';
  const bytes = Buffer.from(input.xml);
  if (expected.fields) {
    expect(readXml(bytes, root)).toEqual(expected.fields);
    return;
  }
  const notice = createUnsignedNoticeParser({ mchid: MCHID, apiV2Key: API_V2_KEY })(bytes);
  expect(notice.kind === 'unsigned_notice').toBe(expected.accept_as_valid_notify);
  expect(() => readXml(bytes, 'root')).toThrow('malformed');
}

function checkRefund({ input, expected }: (typeof refundNotify.vectors)[number]): void {
  const { api_key: apiV2Key, req_info: reqInfo, key, ciphertext = '' } = input;
  if (apiV2Key === undefined || reqInfo === undefined) {
    expect(openEcb(ciphertext, Buffer.from(key ?? ''))?.toString()).toBe(expected.plaintext);
    return;
  }
  const opened = openEcb(reqInfo, reqInfoKey(apiV2Key));
  expect(reqInfoKey(apiV2Key).toString()).toBe(expected.aes_key);
  expect(opened?.toString()).toBe(expected.plaintext);
  expect(opened && readXml(opened, 'root')).toEqual(expected.fields);
  const { out_trade_no: outTradeNo, out_refund_no: outRefundNo } = expected.fields ?? {};
  const posted = `<xml><return_code>SUCCESS</return_code><mch_id>${MCHID}</mch_id><req_info>${reqInfo}</req_info></xml>`;
  const notice = createUnsignedNoticeParser({ mchid: MCHID, apiV2Key })(Buffer.from(posted));
  expect(notice).toEqual({ kind: 'unsigned_notice', mchid: MCHID, outTradeNo, outRefundNo });
  // The simulated WeChat Pay prints and closes it byte for byte like the real one.
  expect(reqInfoOf(expected.fields ?? {}, apiV2Key)).toBe(reqInfo);
}

/** By the name of the file. */
export const v2Vectors: Record<string, VectorCases> = {
  'v2-xml': casesOf(xml, checkXml),
  'v2-refund-notify': casesOf(refundNotify, checkRefund),
};
