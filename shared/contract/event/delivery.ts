import * as z from 'zod/mini';
import type { Link } from '../../domain/limits.ts';
import type { OrderEventType } from '../../domain/order/event.ts';
import type { State } from '../../domain/order/order.ts';
import type { RefundState } from '../../domain/order/refund.ts';

/** The version of {@link DeliveryData}: fields are added without a new one, none changes or goes. */
export const PAYLOAD_VERSION = 1;

/** The refund that an event is about. */
export interface DeliveredRefund {
  /** 商户退款单号. */
  outRefundNo: string;
  /** 退款金额, in fen. */
  refundFee: number;
  status: RefundState;
  /** 微信支付退款单号; absent where WeChat gave none. */
  refundId?: string;
}

/** The facts of an event and of its order, as they were when the delivery was made: amounts in fen, times in ISO 8601. */
export interface DeliveryData {
  payloadVersion: typeof PAYLOAD_VERSION;
  /** Stable: equal in every attempt of one event, and equal to `webhook-id`. */
  eventId: string;
  /** 1, 2, 3 … within one order. A repeat may come after its successors. */
  seq: number;
  /** 商户订单号. */
  outTradeNo: string;
  /** 链路号: the `requestId` of the call that placed the order, in every log line about it; absent of older orders. */
  traceId?: string;
  /** The merchant's own number of the purchase, where its quote or its server named one. */
  purchaseId?: string;
  /** 商户数据包. */
  attach?: string;
  /** The payer; absent of an orphan whose payer WeChat did not name. */
  openid?: string;
  /** 微信支付订单号; absent while nobody has paid. */
  transactionId?: string;
  mchid: string;
  /** Absent of an orphan, as `link` and `body` are. */
  appid?: string;
  link?: Link;
  /** 商品描述. */
  body?: string;
  /** 总金额; absent of an orphan whose sum WeChat did not name. */
  totalFee?: number;
  /** 实付: what was paid, where a person accepted a payment of another sum than `totalFee`; refunds are of it. */
  paidFee?: number;
  /** Money went back outside of us, all of it or a part: also before an earlier event was delivered. */
  refundedExternally?: true;
  /** The sum of the refunds of this payment that WeChat took so far; absent while there is none. */
  refundedFee?: number;
  /** Our conclusion; `orphan`: a payment for a number that we never gave out. */
  state: State | 'orphan';
  paidAt?: string;
  /** Distinguishes events of one type: a transaction id, an unknown code, what differs, a refund number. */
  about?: string;
  /** The refund, where the event is about one that we know. */
  refund?: DeliveredRefund;
}

/** The body of a delivery, in the form that Standard Webhooks recommends. Source: `standard-webhooks`. */
export interface DeliveryBody {
  type: OrderEventType;
  /** When it happened, not when it was sent. */
  timestamp: string;
  data: DeliveryData;
}

const text = z.string().check(z.minLength(1));
const time = z.iso.datetime();
const fee = z.int().check(z.minimum(0));

const refund = z.object({
  outRefundNo: text,
  refundFee: fee,
  status: z.enum([
    'requested',
    'processing',
    'success',
    'closed',
    'abnormal',
    'unverified',
    'refused',
  ] as const satisfies RefundState[]),
  refundId: z.exactOptional(text),
});

/** Reads the body of a delivery; fields of later versions are left out. */
export const deliveryBody = z.object({
  type: z.string().check(z.regex(/^(order|refund)\.[a-z_]+$/)),
  timestamp: time,
  data: z.object({
    payloadVersion: z.literal(PAYLOAD_VERSION),
    eventId: text,
    seq: z.int().check(z.minimum(1)),
    outTradeNo: text,
    traceId: z.exactOptional(text),
    purchaseId: z.exactOptional(text),
    attach: z.exactOptional(text),
    openid: z.exactOptional(text),
    transactionId: z.exactOptional(text),
    mchid: text,
    appid: z.exactOptional(text),
    link: z.exactOptional(z.enum(['apiV3', 'cloudPay'] as const satisfies Link[])),
    body: z.exactOptional(text),
    totalFee: z.exactOptional(fee),
    paidFee: z.exactOptional(fee),
    refundedExternally: z.exactOptional(z.literal(true)),
    refundedFee: z.exactOptional(fee),
    state: z.enum(['created', 'paying', 'paid', 'closed', 'orphan']),
    paidAt: z.exactOptional(time),
    about: z.exactOptional(text),
    refund: z.exactOptional(refund),
  }),
});
