import { isRefusal } from '../contract/answer.ts';
import type { NotificationAnswer } from '../contract/notification.ts';

/** What an HTTP access route turns into a response. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: false;
}

/** Answers WeChat: its own status, or 400 for what it got wrong and 500 for what we did. */
export function httpAnswerOf(result: object): HttpAnswer {
  const { status, code, message } = notificationAnswerOf(result);
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ code, message }),
    isBase64Encoded: false,
  };
}

/** Answers a callback of cloud pay (云支付): `errcode` 0 ends its repeats, and nothing else does. */
export function cloudPayAnswerOf(result: object): { errcode: number; errmsg: string } {
  const { status, message } = notificationAnswerOf(result);
  return { errcode: status === 200 ? 0 : status, errmsg: message };
}

function notificationAnswerOf(result: object): NotificationAnswer {
  if (!isRefusal(result)) return result as NotificationAnswer;
  return {
    status: result.refused === 'PARAM_ERROR' ? 400 : 500,
    code: 'FAIL',
    message: [result.refused, result.field].filter(Boolean).join(':'),
  };
}
