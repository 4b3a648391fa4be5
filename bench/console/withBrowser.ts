import type { Browser } from 'playwright-core';
import { findChromium, openBrowser } from '../../tests/console/browser.ts';

/** Opens a Chromium for some work; throws where none is found. */
export async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const executable = findChromium();
  if (!executable)
    throw new Error('没有找到 Chromium，请设置 CHROMIUM (no Chromium: set CHROMIUM)');
  const browser = await openBrowser(executable);
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}
