import type { World } from '../world/world.ts';
import type { BillOperations } from './bills/operations.ts';
import type { KeyRing } from './keys/keyRing.ts';
import { echo, listCertificates } from './keys/operations.ts';
import { orderOwner, refundOrBillOwner } from './keys/ownership.ts';
import { closeOrder } from './orders/closeOrder.ts';
import type { OrderLedger } from './orders/ledger.ts';
import { placeOrder } from './orders/placeOrder.ts';
import { queryOrder, queryOrderById } from './orders/queryOrder.ts';
import { applyAbnormalRefund } from './refunds/abnormalRefund.ts';
import type { RefundLedger } from './refunds/ledger.ts';
import type { RefundLifecycle } from './refunds/lifecycle.ts';
import { queryRefund, requestRefund } from './refunds/operations.ts';
import { MERCHANT_MODES, type MerchantMode } from './wire/merchantMode.ts';
import type { OperationAnswer, OperationRequest } from './wire/operation.ts';
import type { Owner } from './wire/owner.ts';
import {
  ORDER_NUMBER,
  type Parameters,
  REFUND_ID,
  REFUND_NUMBER,
  TRANSACTION_ID,
} from './wire/parameters.ts';
import type { WeChatSwitches } from './wire/switches.ts';

const REFUNDS = '/v3/refund/domestic/refunds';

/** A method and a path, and the operation they lead to. */
export interface Route extends Parameters {
  method: 'GET' | 'POST';
  /** Its first group is the part of the path that the operation gets. */
  path: RegExp;
  /** Names it for faults and the timeline. */
  operation: string;
  run(request: OperationRequest): OperationAnswer | Buffer;
}

/** Lists what the operations need. */
export interface RoutesDeps {
  world: World;
  keys: KeyRing;
  orders: OrderLedger;
  refunds: RefundLedger;
  lifecycle: RefundLifecycle;
  bills: BillOperations;
  /** The mini program's; providers have one of their own. */
  appid: string;
  switches(): WeChatSwitches;
}

type Run = (request: OperationRequest) => OperationAnswer;

/** Makes the appid of a provider's own. */
export function providerAppid(spMchid: string): string {
  return `wx${spMchid.padStart(16, '0')}`;
}

/** Lists the routes of APIv3. */
export function createRoutes(deps: RoutesDeps): Route[] {
  const { world, keys, bills } = deps;
  return [
    ...MERCHANT_MODES.flatMap((mode) => orderRoutes(deps, mode)),
    ...refundRoutes(deps),
    get('/v3/certificates', 'certificates', (request) => listCertificates(world, keys, request), {
      query: ['algorithm_type'],
    }),
    post('/v3/security/echo', 'echo', (request) => echo(keys, request)),
    get('/v3/bill/fundflowbill', 'fundflowbill', bills.fundFlowBill, {
      query: ['bill_date', 'account_type', 'tar_type'],
    }),
    get('/v3/bill/tradebill', 'tradebill', forOwner(deps, bills.tradeBill), {
      query: ['bill_date', 'bill_type', 'tar_type', 'sub_mchid'],
    }),
    get('/v3/billdownload/file', 'billFile', bills.file, { query: ['token'] }),
  ];
}

function orderRoutes(
  { world, keys, orders, appid, switches }: RoutesDeps,
  mode: MerchantMode,
): Route[] {
  const appidOf = (mchid: string) => (keys.isProvider(mchid) ? providerAppid(mchid) : appid);
  const placing = { world, orders, appidOf, mode, switches };
  const { transactions } = mode;
  const query = [...new Set([mode.signer, mode.mchid])];
  const owned = (run: Run) => asOwner((request) => orderOwner(mode, request, keys), run);
  return [
    post(
      `${transactions}/jsapi`,
      'jsapi',
      owned((request) => placeOrder(placing, request)),
    ),
    get(
      `${transactions}/out-trade-no/([^/]+)`,
      'query',
      owned((request) => queryOrder(orders, request)),
      { named: ORDER_NUMBER, query },
    ),
    get(
      `${transactions}/id/([^/]+)`,
      'query',
      owned((request) => queryOrderById(orders, request)),
      { named: TRANSACTION_ID, query },
    ),
    post(
      `${transactions}/out-trade-no/([^/]+)/close`,
      'close',
      owned((request) => closeOrder(orders, mode, request)),
      ORDER_NUMBER,
    ),
  ];
}

function refundRoutes(deps: RoutesDeps): Route[] {
  const { refunds, lifecycle } = deps;
  return [
    post(
      REFUNDS,
      'refund',
      forOwner(deps, (request) => requestRefund(lifecycle, request)),
    ),
    get(
      `${REFUNDS}/([^/]+)`,
      'queryRefund',
      forOwner(deps, (request) => queryRefund(refunds, request)),
      { named: REFUND_NUMBER, query: ['sub_mchid'] },
    ),
    post(
      `${REFUNDS}/([^/]+)/apply-abnormal-refund`,
      'abnormalRefund',
      forOwner(deps, (request) => applyAbnormalRefund(deps, request)),
      REFUND_ID,
    ),
  ];
}

function get(path: string, operation: string, run: Route['run'], parameters: Parameters): Route {
  return { method: 'GET', path: new RegExp(`^${path}$`), operation, run, ...parameters };
}

/** A call that names everything in its body, but perhaps one thing in its path. */
function post(
  path: string,
  operation: string,
  run: Route['run'],
  named?: Parameters['named'],
): Route {
  const parameters = named === undefined ? { query: [] } : { named, query: [] };
  return { method: 'POST', path: new RegExp(`^${path}$`), operation, run, ...parameters };
}

/** Finds out whose refund or bill is asked for before anything is done. */
function forOwner({ keys }: RoutesDeps, run: Run): Run {
  return asOwner((request) => refundOrBillOwner(request, keys), run);
}

function asOwner(ownerOf: (request: OperationRequest) => Owner, run: Run): Run {
  return (request) => run({ ...request, ...ownerOf(request) });
}
