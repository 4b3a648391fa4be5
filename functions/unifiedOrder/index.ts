import { unifiedOrder } from '../../shared/contract/order/unifiedOrder.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { placeOrder } from '../../shared/usecases/placing/placeOrder.ts';

/** 统一下单: places an order, written down first, and gives what `wx.requestPayment` needs. */
export const main = endpoint(unifiedOrder, placeOrder);
