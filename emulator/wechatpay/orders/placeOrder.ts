import type { World } from '../../world/world.ts';
import { RefusalError } from '../errors.ts';
import { parametersOf, textIn } from '../wire/fields.ts';
import type { MerchantMode } from '../wire/merchantMode.ts';
import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import type { WeChatSwitches } from '../wire/switches.ts';
import { isPaid, type LedgerOrder, type OrderLedger } from './ledger.ts';
import { isForeignOpenid } from './openid.ts';
import { readOrderRequest } from './placeRequest.ts';

/** Lists what placing an order needs. */
export interface PlaceOrderDeps {
  world: World;
  orders: OrderLedger;
  /** The appid of each merchant and provider. */
  appidOf(mchid: string): string;
  mode: MerchantMode;
  switches(): WeChatSwitches;
}

/** Places an order (JSAPI/小程序下单), or finds the one of that number; answers a new prepay id. */
export function placeOrder(deps: PlaceOrderDeps, operation: OperationRequest): OperationAnswer {
  const { world, orders, appidOf, mode } = deps;
  const { mchid, spMchid, body, signer } = operation;
  const nowMs = world.clock.nowMs();
  // The request's number, before it is checked: a re-entry is judged by other rules.
  const known = orders.find(mchid, textIn(body, 'out_trade_no') ?? '');
  const { timeExpire } = deps.switches();
  const isReentry = known !== undefined;
  const request = readOrderRequest(body, { mode, nowMs, isReentry, timeExpire });
  const isBound = spMchid === undefined || request.spAppid === appidOf(spMchid);
  if (request.appid !== appidOf(mchid) || !isBound) throw new RefusalError('APPID_MCHID_NOT_MATCH');
  if (isForeignOpenid(request.openid)) throw new RefusalError('OPENID_MISMATCH');
  const parameters = parametersOf(body);
  if (known) checkReentry(known, parameters);
  const prepayId = `wx${world.randomBytes(17).toString('hex')}`;
  const { expiresAtMs: _earlierExpiry, ...stored } = known ?? newOrder(nowMs);
  const prepayCount = (known?.prepayCount ?? 0) + 1;
  orders.save({ ...stored, ...request, parameters, signer, prepayCount });
  orders.addPrepay(prepayId, { mchid, outTradeNo: request.outTradeNo, atMs: nowMs });
  return { json: { prepay_id: prepayId } };
}

/** Refuses a number that comes again with other parameters, or of an order that has ended. */
function checkReentry(known: LedgerOrder, parameters: string): void {
  if (known.parameters !== parameters) throw new RefusalError('OUT_TRADE_NO_USED');
  if (isPaid(known)) throw new RefusalError('ORDERPAID');
  if (known.state === 'CLOSED') throw new RefusalError('ORDER_CLOSED');
}

type NewOrder = Pick<LedgerOrder, 'state' | 'createdAtMs' | 'attempts' | 'expiresAtMs'>;

function newOrder(createdAtMs: number): NewOrder {
  return { state: 'NOTPAY', createdAtMs, attempts: [] };
}
