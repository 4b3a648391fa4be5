import { expect, test } from 'vitest';
import { readService } from '../service/service.ts';
import type { CommandContext } from './framework.ts';
import { deployOptions, refuseUnreadableSettings } from './open.ts';

const credentials = { TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key' };

const ours = (name: string, environment: Record<string, string>) => ({
  handler: `functions/${name}/index.main`,
  environment,
});

/** Tells what is refused of a deploy whose shell has `env` beside its key pair. */
function deployWith(address: string, env: Record<string, string> = {}): string {
  const service = readService({
    service: 'wx-pay',
    provider: { region: 'ap-shanghai', envId: 'pay-1a2b3c', runtime: 'Nodejs20.19' },
    functions: {
      queryOrder: ours('queryOrder', { WXPAY_API_URL: address }),
      payCallback: ours('payCallback', { WXPAY_API_URL: 'https://api.mch.weixin.qq.com' }),
    },
  });
  try {
    refuseUnreadableSettings(
      { textFaults: [], env: { ...credentials, ...env } } as never as CommandContext,
      service,
    );
    return '';
  } catch (error) {
    return String(error);
  }
}

const onLocalCloud = { TENCENTCLOUD_ENDPOINT: 'http://127.0.0.1:7100' };

test('functions of Tencent Cloud are sent to WeChat Pay alone, not to a local cloud', () => {
  expect(deployWith('https://api2.mch.weixin.qq.com')).toBe('');
  expect(deployWith('http://127.0.0.1:7100')).toMatch(/WXPAY_API_URL: .*本机/);
  expect(deployWith('https://pay-proxy.example.com')).toContain('WXPAY_API_URL');
});

test('functions of a local cloud may be sent to it', () => {
  expect(deployWith('http://127.0.0.1:7100', onLocalCloud)).toBe('');
  expect(deployWith('https://pay-proxy.example.com', onLocalCloud)).toContain('WXPAY_API_URL');
});

test('--renew-cache is refused where no function has a cache', () => {
  const options = (provider: { codeCache: boolean }) =>
    deployOptions(
      { options: { 'renew-cache': true } } as never as CommandContext,
      readService({
        service: 'wx-pay',
        provider: {
          region: 'ap-shanghai',
          envId: 'pay-1a2b3c',
          runtime: 'Nodejs20.19',
          ...provider,
        },
        functions: { queryOrder: ours('queryOrder', {}) },
      }),
    );
  expect(options({ codeCache: true }).renewCache).toBe(true);
  expect(() => options({ codeCache: false })).toThrow(/provider\.codeCache: true/);
});
