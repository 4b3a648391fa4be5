import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Aes, Formatter, Rsa, Wechatpay } from 'wechatpay-axios-plugin';
import type { LocalCloud } from '../../emulator/main.ts';
import type { Notice } from '../../emulator/wechatpay/notifications/notice.ts';
import { requestMessage, SCHEME } from '../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../shared/gateway/apiV3/crypto/sign.ts';
import { createNotificationVerifier } from '../../shared/gateway/apiV3/notification.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';
import { keys, keysOptions, paidOrder, wechatPair } from '../support/wechatSide.ts';

/** Operations that may not be served yet: their cases are skipped on 404. Empty it when they are. */
const arriving: readonly string[] = [];

const MORNING = Date.parse('2026-11-24T10:00:00+08:00');
const NEXT_DAY = Date.parse('2026-11-25T11:00:00+08:00');

let cloud: LocalCloud;

beforeAll(async () => {
  // One clock for all in this process: the SDK, and the cloud that signs answers to it.
  vi.setSystemTime(MORNING);
  cloud = await emptyLocalCloud();
});
beforeEach(async () => {
  vi.setSystemTime(MORNING);
  // In turn: no notification of the case before is on its way.
  await cloud.world.agenda.runAlone(async () => cloud.wechat.reset());
  cloud.world.faults.set([]);
});
afterAll(async () => {
  vi.useRealTimers();
  await cloud.close();
});

type Mode = 'public key' | 'certificate';

/** The SDK of a merchant, as its manual has it; only its address is ours. */
function sdkOf(mode: Mode, more: object = {}) {
  const merchant = cloud.wechat.merchant();
  const { publicKeyId, publicKeyPem, platformSerial, platformCertificatePem } = merchant;
  const wechats = {
    'public key': {
      certs: { [publicKeyId]: publicKeyPem },
      headers: { 'Wechatpay-Serial': publicKeyId },
    },
    certificate: { certs: { [platformSerial]: platformCertificatePem } },
  };
  return new Wechatpay({
    baseURL: cloud.url,
    mchid: merchant.mchid,
    serial: merchant.serialNo,
    privateKey: merchant.privateKeyPem,
    ...wechats[mode],
    ...more,
  } as ConstructorParameters<typeof Wechatpay>[0]);
}

/** An answer as the SDK hands it on, once it has verified it: axios' response. */
interface SdkAnswer {
  status: number;
  data: Record<string, unknown>;
  config: { data?: string };
  /** The request as it went over the wire. */
  request: { method: string; path: string; getHeader(name: string): string };
}

const numbered = '{out_trade_no}';
const outTradeNo = 'axios|plugin*0001';
const goods = () => {
  const { mchid, appid } = cloud.wechat.merchant();
  return {
    appid,
    mchid,
    description: '咖啡',
    out_trade_no: outTradeNo,
    attach: '桌号 7',
    notify_url: cloud.notifyUrl,
    payer: { openid: 'oPayer' },
    amount: { total: 1990, currency: 'CNY' },
  };
};
const at = (sdk: Wechatpay, path: string): Wechatpay => {
  const found = sdk[path];
  if (!found) throw new Error(`the SDK has no ${path}`);
  return found;
};
const orders = 'v3/pay/transactions';
const place = (sdk: Wechatpay) => at(sdk, `${orders}/jsapi`).post<object, SdkAnswer>(goods());
const query = (sdk: Wechatpay) =>
  at(sdk, `${orders}/out-trade-no/${numbered}`).get<object, SdkAnswer>({
    out_trade_no: outTradeNo,
    params: { mchid: cloud.wechat.merchant().mchid },
  });
const close = (sdk: Wechatpay) =>
  at(sdk, `${orders}/out-trade-no/${numbered}/close`).post<object, SdkAnswer>(
    { mchid: cloud.wechat.merchant().mchid },
    { out_trade_no: outTradeNo },
  );
/** Places the order and pays it; what notifies of it is planned. */
const pay = async (sdk: Wechatpay) => {
  const { data } = await place(sdk);
  expect(cloud.wechat.cashier(String(data.prepay_id), 'pay').errMsg).toBe('requestPayment:ok');
};
/** A bill's place, then its file, whose hash is compared. */
const download = async (sdk: Wechatpay, path: string, params: object) => {
  const { data } = await at(sdk, path).get<object, SdkAnswer>({ params });
  const { searchParams } = new URL(String(data.download_url));
  const file = await at(sdk, 'v3/billdownload/file').get<object, { data: Buffer }>({
    params: { token: searchParams.get('token') },
    responseType: 'arraybuffer',
  });
  const csv = gunzipSync(file.data);
  expect(createHash('sha1').update(csv).digest('hex')).toBe(data.hash_value);
  return csv;
};

/** A bill as the SDK reads it; its types leave out what it answers. */
const read = (csv: Buffer) =>
  Formatter.castCsvBill(csv) as {
    rows: Record<string, string>[];
    summary: Record<string, string>;
  };

/** Our own check of the SDK's signature, over what it sent. */
function isSignedForUs({ request, config }: SdkAnswer): boolean {
  const { serialNo, privateKeyPem } = cloud.wechat.merchant();
  const header = request.getHeader('Authorization');
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? '';
  const message = requestMessage({
    method: request.method,
    path: request.path,
    body: config.data ?? '',
    timestamp: field('timestamp'),
    nonce: field('nonce_str'),
  });
  const ours = header.startsWith(`${SCHEME} `) && field('serial_no') === serialNo;
  return ours && verify(message, field('signature'), createPublicKey(privateKeyPem));
}

const modes: Mode[] = ['public key', 'certificate'];

describe.each(modes)('an unmodified wechatpay-axios-plugin, %s mode', (mode) => {
  test('places, asks and closes; each signs what the other verifies', async () => {
    const sdk = sdkOf(mode);
    const placed = await place(sdk);
    expect(placed).toMatchObject({
      status: 200,
      data: { prepay_id: expect.stringMatching(/^wx/) },
    });
    const asked = await query(sdk);
    expect(asked.data).toMatchObject({ out_trade_no: outTradeNo, trade_state: 'NOTPAY' });
    const closed = await close(sdk);
    expect([closed.status, closed.data]).toEqual([204, '']);
    expect((await query(sdk)).data).toMatchObject({ trade_state: 'CLOSED' });
    expect([placed, asked, closed].map(isSignedForUs)).toEqual([true, true, true]);
  });

  test('finds a payment by asking, with the number and with the transaction id', async () => {
    const sdk = sdkOf(mode);
    await pay(sdk);
    const { data } = await query(sdk);
    expect(data).toMatchObject({ trade_state: 'SUCCESS', amount: { total: 1990 } });
    const byId = await at(sdk, `${orders}/id/{transaction_id}`).get<object, SdkAnswer>({
      transaction_id: String(data.transaction_id),
      params: { mchid: cloud.wechat.merchant().mchid },
    });
    expect(byId.data).toEqual(data);
  });

  test('downloads a trade bill and reads it', async () => {
    const sdk = sdkOf(mode);
    await pay(sdk);
    vi.setSystemTime(NEXT_DAY);
    const day = { bill_date: '2026-11-24', bill_type: 'ALL', tar_type: 'GZIP' };
    const { rows, summary } = read(await download(sdk, 'v3/bill/tradebill', day));
    expect(rows).toMatchObject([{ 商户订单号: outTradeNo, 订单金额: '19.90' }]);
    expect(summary).toMatchObject({ 总交易单数: '1', 订单总金额: '19.90' });
  });

  test.each(['forged', 'mutated'])('believes no answer that is %s', async (kind) => {
    const sdk = sdkOf(mode);
    await place(sdk);
    cloud.world.faults.set([{ at: 'wechatpay.query', kind: kind as 'forged', times: 1 }]);
    await expect(query(sdk)).rejects.toMatchObject({ code: 'EV3_RES_HEADER_SIGNATURE_DIGEST' });
    expect((await query(sdk)).status).toBe(200);
  });

  test('is refused with another key: the simulated WeChat Pay verifies, too', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const refused = place(sdkOf(mode, { privateKey }));
    await expect(refused).rejects.toMatchObject({
      response: { status: 401, data: { code: 'SIGN_ERROR' } },
    });
    expect(cloud.wechat.truth(outTradeNo)).toBeUndefined();
  });

  test('verifies and opens the notification of a payment', async () => {
    const sdk = sdkOf(mode);
    await pay(sdk);
    await cloud.world.agenda.runDue();
    const [notice] = cloud.wechat.posted();
    expect(openNotice(mode, notice)).toMatchObject({ out_trade_no: outTradeNo, attach: '桌号 7' });
    expect(openNotice(mode, notice)).toEqual((await query(sdk)).data);
  });

  test('refuses a forged notification', async () => {
    cloud.world.faults.set([{ at: 'wechatpay.notify', kind: 'forged', times: 1 }]);
    await pay(sdkOf(mode));
    await cloud.world.agenda.runDue();
    expect(openNotice(mode, cloud.wechat.posted()[0])).toBe('forged');
  });
});

/** Opens a notice as a merchant does who reads it with the SDK's functions. */
function openNotice(mode: Mode, notice: Notice | undefined): unknown {
  const { headers, body } = notice ?? { headers: {} as Record<string, string>, body: '{}' };
  const merchant = cloud.wechat.merchant();
  const pem = mode === 'certificate' ? merchant.platformCertificatePem : merchant.publicKeyPem;
  const serial = mode === 'certificate' ? merchant.platformSerial : merchant.publicKeyId;
  expect(headers['Wechatpay-Serial']).toBe(serial);
  const { 'Wechatpay-Timestamp': timestamp = '', 'Wechatpay-Nonce': nonce = '' } = headers;
  const message = Formatter.response(timestamp, nonce, body);
  const publicKey = Rsa.from(pem, Rsa.KEY_TYPE_PUBLIC);
  if (!Rsa.verify(message, headers['Wechatpay-Signature'] ?? '', publicKey)) return 'forged';
  const { ciphertext, nonce: iv, associated_data: aad } = JSON.parse(body).resource;
  return JSON.parse(Aes.AesGcm.decrypt(ciphertext, merchant.apiV3Key, iv, aad));
}

/** A notification that the SDK's functions sealed and signed. */
function signedBySdk(resource: object, signer = wechatPair.privateKey) {
  const iv = Formatter.nonce(12);
  const aad = 'transaction';
  const ciphertext = Aes.AesGcm.encrypt(JSON.stringify(resource), keysOptions.apiV3Key, iv, aad);
  const body = JSON.stringify({
    id: Formatter.nonce(),
    event_type: 'TRANSACTION.SUCCESS',
    create_time: '2026-11-24T10:00:00+08:00',
    resource_type: 'encrypt-resource',
    resource: { algorithm: 'AEAD_AES_256_GCM', ciphertext, associated_data: aad, nonce: iv },
  });
  const timestamp = String(Formatter.timestamp());
  const nonce = Formatter.nonce();
  const headers = {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': keysOptions.publicKey.id,
    'wechatpay-signature': Rsa.sign(
      Formatter.response(timestamp, nonce, body),
      signer.export({ format: 'pem', type: 'pkcs8' }),
    ),
  };
  return { headers, body: Buffer.from(body) };
}

describe('a notification made with the SDK’s functions', () => {
  const verifyNotification = createNotificationVerifier(keys);

  test('passes our verification', async () => {
    const notification = await verifyNotification(signedBySdk(paidOrder), new Date());
    expect(notification).toMatchObject({
      kind: 'payment',
      evidence: { kind: 'paid', totalFee: 100 },
    });
  });

  test('is refused when another signed it, when a byte is changed, and six minutes later', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const good = signedBySdk(paidOrder);
    const changed = { ...good, body: Buffer.from(`${good.body} `) };
    const late = new Date(MORNING + 6 * 60_000);
    const refusals = [
      await verifyNotification(signedBySdk(paidOrder, privateKey), new Date()),
      await verifyNotification(changed, new Date()),
      await verifyNotification(good, late),
    ];
    expect(refusals).toMatchObject([
      { kind: 'refused', reason: 'signature' },
      { kind: 'refused', reason: 'signature' },
      { kind: 'refused', reason: 'timestamp_window' },
    ]);
  });
});

describe.each(modes)('refunds and fund flow, %s mode', (mode) => {
  const out_refund_no = 'axiosrefund0001';
  const refunds = 'v3/refund/domestic/refunds';

  /** An operation that is announced above and answered 404 is not served yet. */
  const isServed = async (operation: string) => {
    const [method = '', path = ''] = operation.split(' ');
    const { status } = await fetch(`${cloud.url}${path}`, { method });
    return !arriving.includes(operation) || status !== 404;
  };
  const giveBack = (sdk: Wechatpay) =>
    at(sdk, refunds).post<object, SdkAnswer>({
      out_trade_no: outTradeNo,
      out_refund_no,
      reason: '退杯',
      notify_url: cloud.notifyUrl,
      amount: { refund: 990, total: 1990, currency: 'CNY' },
    });

  test('gives money back', async ({ skip }) => {
    if (!(await isServed('POST /v3/refund/domestic/refunds'))) skip();
    const sdk = sdkOf(mode);
    await pay(sdk);
    const answer = await giveBack(sdk);
    expect(answer.data).toMatchObject({
      out_refund_no,
      out_trade_no: outTradeNo,
      refund_id: expect.stringMatching(/^\d+$/),
      amount: { refund: 990, total: 1990, currency: 'CNY' },
    });
    expect(isSignedForUs(answer)).toBe(true);
  });

  test('verifies and opens the notification of a refund', async ({ skip }) => {
    if (!(await isServed('POST /v3/refund/domestic/refunds'))) skip();
    const sdk = sdkOf(mode);
    await pay(sdk);
    await giveBack(sdk);
    vi.setSystemTime(NEXT_DAY);
    await cloud.world.agenda.runDue();
    expect(openNotice(mode, cloud.wechat.posted().at(-1))).toMatchObject({
      out_refund_no,
      out_trade_no: outTradeNo,
      refund_status: 'SUCCESS',
      amount: { refund: 990, total: 1990 },
    });
  });

  test('asks about a refund', async ({ skip }) => {
    if (!(await isServed('GET /v3/refund/domestic/refunds/R1'))) skip();
    const sdk = sdkOf(mode);
    await pay(sdk);
    await giveBack(sdk);
    const answer = await at(sdk, `${refunds}/{out_refund_no}`).get<object, SdkAnswer>({
      out_refund_no,
    });
    expect(answer.data).toMatchObject({ out_refund_no, amount: { refund: 990, total: 1990 } });
    expect(answer.data.status).toMatch(/^(PROCESSING|SUCCESS)$/);
  });

  test('downloads a fund-flow bill', async ({ skip }) => {
    if (!(await isServed('GET /v3/bill/fundflowbill'))) skip();
    const sdk = sdkOf(mode);
    await pay(sdk);
    vi.setSystemTime(NEXT_DAY);
    const day = { bill_date: '2026-11-24', account_type: 'BASIC', tar_type: 'GZIP' };
    const { summary } = read(await download(sdk, 'v3/bill/fundflowbill', day));
    expect(summary).toMatchObject({ 收入金额: '19.90' });
  });
});
