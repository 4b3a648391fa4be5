import { deliverEvents as contract } from '../../shared/contract/timer/deliverEvents.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { deliverEvents } from '../../shared/usecases/event/deliverEvents.ts';

/** 通知商户: delivers the events of orders to the merchant, at once and every minute. */
export const main = endpoint(contract, deliverEvents);
