import { closeStaleOrders as contract } from '../../shared/contract/timer/closeStaleOrders.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { closeStaleOrders } from '../../shared/usecases/timer/closeStaleOrders.ts';

/** 定时关单、补单: queries or closes orders and refunds without a callback, every minute. */
export const main = endpoint(contract, closeStaleOrders);
