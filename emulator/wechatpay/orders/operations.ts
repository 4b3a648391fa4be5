import type { World } from '../../world/world.ts';
import { Refusal } from '../errors.ts';
import { parametersOf, textIn } from '../wire/fields.ts';
import { type Form, type Owner, own } from '../wire/owner.ts';
import { isPaid, type Ledger, type LedgerOrder, through } from './ledger.ts';
import { readOrderRequest } from './placeRequest.ts';
import { orderJson } from './wire.ts';

/** One authentic request: of the merchant that signed it, until whose things it asks for is found. */
export interface Asked extends Owner {
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

/** The appid of each merchant and provider. */
type AppidOf = (mchid: string) => string;

/** What merchants ask of orders (下单、查询、关单), each of its own and in its own form. */
export function orderOperations(world: World, ledger: Ledger, appidOf: AppidOf, form: Form) {
  return {
    jsapi: (asked: Asked): Answered => jsapi(world, ledger, appidOf, form, asked),
    query: (asked: Asked): Answered => ({
      json: orderJson(known(own(ledger.find(asked.mchid, asked.part), asked))),
    }),
    queryById: (asked: Asked): Answered => ({
      json: orderJson(known(own(ledger.findTransaction(asked.mchid, asked.part), asked))),
    }),
    close: (asked: Asked): Answered => {
      const order = known(own(ledger.find(asked.mchid, asked.part), asked));
      if (isPaid(order)) throw new Refusal('ORDERPAID');
      ledger.save({ ...order, state: 'CLOSED' });
      return {};
    },
  };
}

function jsapi(
  world: World,
  ledger: Ledger,
  appidOf: AppidOf,
  form: Form,
  { mchid, spMchid, body, signer }: Asked,
): Answered {
  const now = world.clock.nowMs();
  // Which number a request is about, before it is checked: re-entry is judged by other rules.
  const known = ledger.find(mchid, textIn(body, 'out_trade_no') ?? '');
  const request = readOrderRequest(body, form, now, known !== undefined);
  const isBound = spMchid === undefined || request.spAppid === appidOf(spMchid);
  if (request.appid !== appidOf(mchid) || !isBound) throw new Refusal('APPID_MCHID_NOT_MATCH');
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

function known(order: LedgerOrder | undefined): LedgerOrder {
  const own = through('apiV3', order);
  if (!own) throw new Refusal('ORDER_NOT_EXIST');
  return own;
}
