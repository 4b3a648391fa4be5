import type { Fault, FaultKind, FaultVerdict } from '../world/faults.ts';
import { isV2Code } from './cloudPay/errors.ts';
import { isRefusalCode } from './errors.ts';
import { bareStatusOf } from './wire/bareAnswers.ts';
import { isMalformation } from './wire/malformedBodies.ts';

/** The kinds of faults at a place, and which code each may have; a kind without a rule has none. */
interface Place {
  kinds: readonly FaultKind[];
  isCode: Partial<Record<FaultKind, (code: string) => boolean>>;
}

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

const CALL: Place = {
  kinds: [
    'lost_request',
    'lost_answer',
    'error',
    'error_after',
    'throttled',
    'slow',
    'forged',
    'probe',
    'mutated',
  ],
  isCode: {
    error: (code) => isRefusalCode(code) || isV2Code(code) || bareStatusOf(code) !== undefined,
    error_after: mayFollowActing,
    mutated: isMalformation,
  },
};

function notification(changes: readonly string[]): Place {
  return {
    kinds: ['lost_request', 'lost_answer', 'slow', 'duplicate', 'forged', 'mutated'],
    isCode: { mutated: (code) => changes.includes(code) },
  };
}

const MONEY: Place = { kinds: ['slow'], isCode: {} };

const CALLS = [
  'jsapi',
  'query',
  'close',
  'refund',
  'queryRefund',
  'abnormalRefund',
  'tradebill',
  'fundflowbill',
  'billFile',
  'certificates',
  'echo',
];

const PLACES: ReadonlyMap<string, Place> = new Map([
  ...CALLS.map((operation): [string, Place] => [operation, CALL]),
  ['notify', notification(['AMOUNT', 'APPID', 'MCHID', 'OPENID', 'UNKNOWN_ORDER'])],
  [
    'refundNotify',
    notification(['AMOUNT', 'TOTAL', 'MCHID', 'TRANSACTION', 'UNKNOWN_ORDER', 'UNKNOWN_REFUND']),
  ],
  ['cashier', MONEY],
  ['refundMoney', MONEY],
]);

/** Judges the words of a fault: a place, a kind there, a code of that kind. None is taken for another. */
export function faultVerdict({ at, kind, code }: Fault): FaultVerdict {
  const [service, operation = ''] = at.split('.');
  const place = service === 'wechatpay' ? PLACES.get(operation) : undefined;
  if (!place) return 'at';
  if (!place.kinds.includes(kind)) return 'kind';
  if (code === undefined) return 'known';
  return place.isCode[kind]?.(code) ? 'known' : 'code';
}
