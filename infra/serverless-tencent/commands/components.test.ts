import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CommandContext } from '../context/framework.ts';
import { deployByComponents } from './components.ts';

/** Runs a deploy by the engine of one function with an environment, until it is refused. */
async function deployWith(name: string, environment: Record<string, string>): Promise<string> {
  const context = {
    framework: {
      serviceDir: '/nowhere',
      service: {
        service: 'shop',
        provider: { region: 'ap-shanghai', envId: 'shop-1a2b3c', runtime: 'Nodejs20.19' },
        functions: { [name]: { handler: `functions/${name}/index.main`, environment } },
      },
      configurationInput: {},
    },
    textFaults: [],
    options: {},
    env: { TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key' },
    utils: { log: { warning: () => expect.fail('it was begun') } },
  } as unknown as CommandContext;
  return deployByComponents(context, []).then(() => '', String);
}

test('two key pairs that fit in their shortest form are begun, not refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const keys = { WXPAY_PRIVATE_KEY: pem, WXPAY_PRIVATE_KEY_NEXT: pem };
  const notes = { WXPAY_ADMIN_OPENIDS: 'o'.repeat(1000) };
  expect(await deployWith('queryOrder', { ...keys, ...notes })).toMatch(/it was begun/);
});

test.each([
  ['queryOrder', { WXPAY_API_V3_KEY: 'short' }, /SETTING_UNREADABLE|WXPAY_API_V3_KEY/],
  ['queryOrder', { WXPAY_API_URL: 'http://127.0.0.1:7100' }, /WXPAY_API_URL.*本机/],
  ['ship', { NOTES: 'x'.repeat(4096) }, /ship.*4096/],
])(
  '%s with a value that no function can use is refused before anything is sent',
  async (name, environment, text) => {
    expect(await deployWith(name, environment)).toMatch(text);
  },
);
