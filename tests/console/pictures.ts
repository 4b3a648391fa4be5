/** Takes a picture of every page of the console at three widths, in light and dark: `npm run pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildFunctions } from '../../infra/build/build.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { findChromium, openBrowser } from './browser.ts';
import { PICTURES } from './scenes.ts';

const FOLDER = '.local/pictures';
const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const THEMES = ['light', 'dark'] as const;

const chromium = findChromium();
if (!chromium) throw new Error('没有找到 Chromium，请设置 CHROMIUM (no Chromium: set CHROMIUM)');
await buildFunctions(process.cwd());
mkdirSync(FOLDER, { recursive: true });
const browser = await openBrowser(chromium);
const env = { LOCAL_DEMO_GOODS: '1', WXPAY_PRICE_SOURCE: 'quote' };
for (const [name, play] of Object.entries(PICTURES)) {
  const cloud = await openLocalCloud(env);
  // What a scene waits for is asked as text again and again, which the policy of the page forbids.
  const context = await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true });
  const page = await context.newPage();
  await page.goto(cloud.url);
  await play(page, cloud);
  for (const size of SIZES) await takeBoth(page, size, name);
  await context.close();
  await cloud.close();
}
await browser.close();

async function takeBoth(page: Page, size: { width: number; height: number }, name: string) {
  await page.setViewportSize(size);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate('scrollTo(0, 0)');
    const path = join(FOLDER, `${name}-${size.width}-${colorScheme}.png`);
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    process.stdout.write(`${path}\n`);
  }
}
