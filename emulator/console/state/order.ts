import type { AnswerOf } from '../../control/api/controlApi.ts';
import { ask } from '../client/client.ts';
import { type Resource, useResource } from '../client/resource.ts';

export type OrderDetail = AnswerOf<'GET /_local/orders/{outTradeNo}'>;

/** Uses one order, in brief, as it is stored and as WeChat has it; nothing where no number is given. */
export function useOrder(outTradeNo: string | undefined): Resource<OrderDetail | undefined> {
  return useResource(`order ${outTradeNo ?? ''}`, async () =>
    outTradeNo === undefined
      ? undefined
      : ask('GET /_local/orders/{outTradeNo}', { path: { outTradeNo } }),
  );
}
