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
  [
    '已部署 (deployed): 通知地址 (notify URL) https://a.example/pay',
    '已部署: 通知地址 https://a.example/pay',
    'deployed: notify URL https://a.example/pay',
  ],
  [
    'a/b  0 * *: 接下来 (next) 06:15，06:16，北京时间 (Beijing time)',
    'a/b  0 * *: 接下来 06:15，06:16，北京时间',
    'a/b  0 * *: next 06:15, 06:16, Beijing time',
  ],
  [
    'AppID 与商户号是否绑定 (whether both are bound (PEM))；没有 (none): X (4bc9)',
    'AppID 与商户号是否绑定；没有: X (4bc9)',
    'whether both are bound (PEM), none: X (4bc9)',
  ],
  ['FUNCTION_NOT_FOUND', 'FUNCTION_NOT_FOUND', 'FUNCTION_NOT_FOUND'],
  ['余额不足', '余额不足', '余额不足'],
])('%s is shown in one language', (message, chinese, english) => {
  expect(inOneLanguage(message, 'zh')).toBe(chinese);
  expect(inOneLanguage(message, 'en')).toBe(english);
});
