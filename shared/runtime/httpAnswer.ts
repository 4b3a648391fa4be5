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
  const { status, code, message } = isRefusal(result)
    ? {
        status: result.refused === 'PARAM_ERROR' ? 400 : 500,
        code: 'FAIL',
        message: [result.refused, result.field].filter(Boolean).join(':'),
      }
    : (result as NotificationAnswer);
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ code, message }),
    isBase64Encoded: false,
  };
}
