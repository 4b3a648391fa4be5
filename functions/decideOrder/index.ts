import { decideOrder as contract } from '../../shared/contract/decision/decideOrder.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { decideOrder } from '../../shared/usecases/decision/decideOrder.ts';

/** 人工决定: records what an admin decides about an order, as giving up a refund that cannot be sent. */
export const main = endpoint(contract, decideOrder);
