import type { World } from '../world/world.ts';
import { parametersOf } from './fields.ts';
import { readOrderRequest } from './jsapi.ts';
import { isPaid, type Ledger, type LedgerOrder, through } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { orderJson } from './wire.ts';

/** One authentic request. */
export interface Asked {
  mchid: string;
  url: URL;
  body: string;
  /** The key that answers and notifications are to be signed with. */
  signer: 'publicKey' | 'certificate';
  /** `Wechatpay-Serial` of the request: the key that its secret fields are encrypted with. */
  serial: string;
  /** What the path's pattern caught. */
  part: string;
}

/** A good answer; a body of undefined is 204. */
export type Answered = { json: unknown } | { json?: undefined };

/** What merchants ask of orders (下单、查询、关单). */
export function orderOperations(world: World, ledger: Ledger, appidOf: (mchid: string) => string) {
  return {
    jsapi: (asked: Asked): Answered => jsapi(world, ledger, appidOf, asked),
    query: ({ mchid, url, part }: Asked): Answered => {
      requireMerchant(url.searchParams.get('mchid'), mchid);
      return { json: orderJson(known(ledger.find(mchid, part))) };
    },
    queryById: ({ mchid, url, part }: Asked): Answered => {
      requireMerchant(url.searchParams.get('mchid'), mchid);
      return { json: orderJson(known(ledger.findTransaction(mchid, part))) };
    },
    close: ({ mchid, body, part }: Asked): Answered => {
      requireMerchant(closingMerchant(body), mchid);
      const order = known(ledger.find(mchid, part));
      if (isPaid(order)) throw new Refusal('ORDERPAID');
      ledger.save({ ...order, state: 'CLOSED' });
      return {};
    },
  };
}

function jsapi(
  world: World,
  ledger: Ledger,
  appidOf: (mchid: string) => string,
  { mchid, body, signer }: Asked,
): Answered {
  const now = world.clock.nowMs();
  const number = peekNumber(body);
  const known = ledger.find(mchid, number);
  const request = readOrderRequest(body, now, known !== undefined);
  requireMerchant(request.mchid, mchid);
  if (request.appid !== appidOf(mchid)) throw new Refusal('APPID_MCHID_NOT_MATCH');
  const parameters = parametersOf(body);
  if (known && known.parameters !== parameters) throw new Refusal('OUT_TRADE_NO_USED');
  if (known && isPaid(known)) throw new Refusal('ORDERPAID');
  if (known?.state === 'CLOSED') throw new Refusal('ORDER_CLOSED');
  const prepayId = `wx${world.randomBytes(17).toString('hex')}`;
  const { expiresAtMs: _old, ...kept } = known ?? begun(now);
  const prepayCount = (known?.prepayCount ?? 0) + 1;
  ledger.save({ ...kept, ...request, parameters, signer, prepayCount });
  ledger.addPrepay(prepayId, { mchid, outTradeNo: request.outTradeNo, atMs: now });
  return { json: { prepay_id: prepayId } };
}

function begun(createdAtMs: number): Pick<LedgerOrder, 'state' | 'createdAtMs' | 'tries'> & {
  expiresAtMs?: number;
} {
  return { state: 'NOTPAY', createdAtMs, tries: [] };
}

/** Which number a request is about, before it is checked: re-entry is judged by other rules. */
function peekNumber(body: string): string {
  return textIn(body, 'out_trade_no') ?? '';
}

function closingMerchant(body: string): string | null {
  return textIn(body, 'mchid') ?? null;
}

/** A text field of a JSON body; read as JSON, since escapes and doubled names are the same number. */
function textIn(body: string, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body)?.[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // No JSON: the check that follows says so.
  }
}

function requireMerchant(named: string | null, signed: string): void {
  if (named === null || named === '') throw new Refusal('PARAM_ERROR', '缺少mchid');
  if (named !== signed) throw new Refusal('SIGN_ERROR', '商户号与签名的商户号不一致');
}

function known(order: LedgerOrder | undefined): LedgerOrder {
  const own = through('apiV3', order);
  if (!own) throw new Refusal('ORDER_NOT_EXIST');
  return own;
}
