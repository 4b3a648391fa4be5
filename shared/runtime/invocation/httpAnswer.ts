import { isRefusal } from '../../contract/answer.ts';
import type { NotificationAnswer } from '../../contract/notice/notification.ts';

/** An answer that an HTTP access route turns into a response. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: false;
}

/** Answers WeChat in JSON or XML: with the result's status, or 400 for its errors and 500 for ours. */
export function httpAnswerOf(result: object, { inXml = false } = {}): HttpAnswer {
  const answer = notificationAnswerOf(result);
  return {
    statusCode: answer.status,
    headers: { 'content-type': `${inXml ? 'text/xml' : 'application/json'}; charset=utf-8` },
    body: inXml ? xmlOf(answer) : jsonOf(answer),
    isBase64Encoded: false,
  };
}

const jsonOf = ({ code, message }: NotificationAnswer) => JSON.stringify({ code, message });

/** Prints APIv2's answer: `return_code` SUCCESS ends its repeats, whatever the status. */
function xmlOf({ code, message }: NotificationAnswer): string {
  const text = message.replaceAll('>', '');
  return `<xml><return_code><![CDATA[${code}]]></return_code><return_msg><![CDATA[${text}]]></return_msg></xml>`;
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
