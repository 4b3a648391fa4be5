import { expect, test } from 'vitest';
import { inOneLanguage } from './oneLanguage.ts';

test.each([
  [
    '仅限本机访问 (from this machine and its page only)',
    '仅限本机访问',
    'from this machine and its page only',
  ],
  [
    '订单已支付，请调用 queryOrder 确认 (the order is paid: call queryOrder)',
    '订单已支付，请调用 queryOrder 确认',
    'the order is paid: call queryOrder',
  ],
  [
    '没有这样的故障词 (unknown word of a fault): wechatpay.x',
    '没有这样的故障词: wechatpay.x',
    'unknown word of a fault: wechatpay.x',
  ],
  [
    '本地云没有应答，是否已停止？ (the local cloud does not answer: is it stopped?)',
    '本地云没有应答，是否已停止？',
    'the local cloud does not answer: is it stopped?',
  ],
  ['FUNCTION_NOT_FOUND', 'FUNCTION_NOT_FOUND', 'FUNCTION_NOT_FOUND'],
  ['余额不足', '余额不足', '余额不足'],
])('%s is shown in one language', (message, chinese, english) => {
  expect(inOneLanguage(message, 'zh')).toBe(chinese);
  expect(inOneLanguage(message, 'en')).toBe(english);
});
