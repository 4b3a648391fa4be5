import { billOperations } from './bills/operations.ts';
import type { Route } from './handler.ts';
import { platformOperations } from './keys/operations.ts';
import { type Answered, type Asked, orderOperations } from './orders/operations.ts';
import { type RefundParts, refundOperations } from './refunds/operations.ts';
import { type Form, forms, type Owner, ownerIn, sharedOwner } from './wire/owner.ts';

const REFUNDS = '/v3/refund/domestic/refunds';

type Run = (asked: Asked) => Answered;

/** The appid of a provider's own. */
export function providerAppid(spMchid: string): string {
  return `wx${spMchid.padStart(16, '0')}`;
}

/** The ways in; the operation's name is the one of faults and of the timeline. */
export function routesOf(parts: RefundParts, appid: string): Route[] {
  const { world, keys } = parts;
  const { tradebill, fundflowbill, file } = billOperations(world, parts);
  const { refund, query, mend } = refundOperations(parts);
  const { certificates, echo } = platformOperations(world, keys);
  const owned = (run: Run) => ownedBy((asked) => sharedOwner(asked, keys), run);
  return [
    ...forms.flatMap((form) => orderRoutes(parts, appid, form)),
    route('POST', REFUNDS, 'refund', owned(refund)),
    route('GET', `${REFUNDS}/([^/]+)`, 'queryRefund', owned(query)),
    route('POST', `${REFUNDS}/([^/]+)/apply-abnormal-refund`, 'abnormalRefund', owned(mend)),
    route('GET', '/v3/certificates', 'certificates', certificates),
    route('POST', '/v3/security/echo', 'echo', echo),
    route('GET', '/v3/bill/fundflowbill', 'fundflowbill', fundflowbill),
    route('GET', '/v3/bill/tradebill', 'tradebill', owned(tradebill)),
    route('GET', '/v3/billdownload/file', 'billFile', file),
  ];
}

function orderRoutes({ world, ledger, keys }: RefundParts, appid: string, form: Form): Route[] {
  const appidOf = (mchid: string) => (keys.isProvider(mchid) ? providerAppid(mchid) : appid);
  const { jsapi, query, queryById, close } = orderOperations(world, ledger, appidOf, form);
  const { transactions } = form;
  const owned = (run: Run) => ownedBy((asked) => ownerIn(form, asked, keys), run);
  return [
    route('POST', `${transactions}/jsapi`, 'jsapi', owned(jsapi)),
    route('GET', `${transactions}/out-trade-no/([^/]+)`, 'query', owned(query)),
    route('GET', `${transactions}/id/([^/]+)`, 'query', owned(queryById)),
    route('POST', `${transactions}/out-trade-no/([^/]+)/close`, 'close', owned(close)),
  ];
}

function route(method: Route['method'], path: string, operation: string, run: Route['run']): Route {
  return { method, path: new RegExp(`^${path}$`), operation, run };
}

/** Finds out whose things are asked for before anything is done. */
function ownedBy(owner: (asked: Asked) => Owner, run: Run): Run {
  return (asked) => run({ ...asked, ...owner(asked) });
}
