/** The console as another device in the network opens it: over plain HTTP, by an address with a token. */
import { describe, expect, test } from 'vitest';
import { openLocalCloud } from '../support/localCloud.ts';
import { findChromium, openBrowser } from './browser.ts';
import { HANGS_MS } from './consolePage.ts';
import { buy, typePassword } from './scenes.ts';

const executable = findChromium();

describe.runIf(executable !== undefined)('another device', () => {
  test('opens the console by the address with the token, buys, pays and copies', async (context) => {
    const env = { LOCAL_DEMO_GOODS: '1', WXPAY_PRICE_SOURCE: 'quote' };
    const cloud = await openLocalCloud(env, { host: '0.0.0.0' });
    const [url] = cloud.remoteUrls;
    const browser = await openBrowser(executable ?? '');
    try {
      context.skip(url === undefined, 'this machine is in no network');
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(HANGS_MS);
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
      await page.goto(`${url}/`);
      expect(page.url()).toBe(`${new URL(url ?? '').origin}/`);
      expect(await page.evaluate('window.isSecureContext')).toBe(false);
      await buy(page);
      await typePassword(page);
      await page.getByRole('heading', { name: '支付成功' }).waitFor();
      await page.getByText('两侧一致').waitFor();
      const copied = await page.evaluate(`navigator.clipboard.writeText('T').then(() => 'yes')`);
      expect([copied, errors]).toEqual(['yes', []]);
    } finally {
      await browser.close();
      await cloud.close();
    }
  });
});
