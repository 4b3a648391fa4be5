import type { FaultKind, FaultOption, FaultPlace } from '../world/faults.ts';
import { V2_SPELLINGS } from './cloudPay/errors.ts';
import { REFUSAL_CODES } from './errors.ts';
import { PAYMENT_CHANGES } from './notifications/payments.ts';
import { REFUND_CHANGES } from './notifications/refunds.ts';
import { BARE_CODES } from './wire/bareAnswers.ts';
import { MALFORMATIONS } from './wire/malformedBodies.ts';

/** The answers that WeChat Pay may give although it acted: none of them refuses. */
const AFTER_ACTING = [
  'SYSTEM_ERROR',
  'BANKERROR',
  'SERVICE_UNAVAILABLE',
  'BIZERR_NEED_RETRY',
  'USERPAYING',
  'FREQUENCY_LIMITED',
  'HTTP_202',
  'HTTP_500',
  'HTTP_502',
  'HTTP_503',
  'HTTP_504',
];

/** Tells whether an answer with this code may follow a request that took effect. */
export function mayFollowActing(code: string): boolean {
  return AFTER_ACTING.includes(code);
}

const CALL: readonly FaultOption[] = [
  { kind: 'lost_request' },
  { kind: 'lost_answer' },
  { kind: 'error', codes: [...new Set([...REFUSAL_CODES, ...V2_SPELLINGS, ...BARE_CODES])] },
  { kind: 'error_after', codes: AFTER_ACTING },
  { kind: 'throttled' },
  { kind: 'slow' },
  { kind: 'forged' },
  { kind: 'probe' },
  { kind: 'mutated', codes: MALFORMATIONS },
];

const DELIVERY = [
  'lost_request',
  'lost_answer',
  'slow',
  'duplicate',
  'forged',
] as const satisfies readonly FaultKind[];

function notification(at: string, changes: readonly string[]): FaultPlace {
  const plain = DELIVERY.map((kind): FaultOption => ({ kind }));
  return { at, kinds: [...plain, { kind: 'mutated', codes: changes }] };
}

/** Lists where faults happen in WeChat Pay: its calls, its notifications, and the way of the money. */
export function faultPlacesOf(operations: readonly string[]): FaultPlace[] {
  return [
    ...[...new Set(operations)].map((each) => ({ at: `wechatpay.${each}`, kinds: CALL })),
    notification('wechatpay.notify', PAYMENT_CHANGES),
    notification('wechatpay.refundNotify', REFUND_CHANGES),
    { at: 'wechatpay.cashier', kinds: [{ kind: 'slow' }] },
    { at: 'wechatpay.refundMoney', kinds: [{ kind: 'slow' }] },
  ];
}
