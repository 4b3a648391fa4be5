/**
 * Takes a picture of every page of the console at three widths, in light and dark: `npm run pictures`. With
 * `--readme` it takes the three of the README instead, in both languages.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
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

/** The pictures of the README: a scene each, in the theme that it is shown in. */
const README = {
  folder: 'docs/pictures',
  scenes: { 'phone-paid': 'light', timeline: 'dark', order: 'light' },
  size: { width: 1280, height: 880 },
  /** A repository keeps every picture that ever was in it. */
  bytesMax: 100_000,
} as const;

const chromium = findChromium();
if (!chromium) throw new Error('没有找到 Chromium，请设置 CHROMIUM (no Chromium: set CHROMIUM)');
await buildFunctions(process.cwd());
const browser = await openBrowser(chromium);
const isForReadme = process.argv.includes('--readme');
await (isForReadme ? takeForReadme() : takeAll());
await browser.close();

async function takeAll(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of Object.keys(PICTURES)) {
    await withScene(name, async (page) => {
      for (const size of SIZES) await takeBoth(page, size, name);
    });
  }
}

/** Plays a scene on a cloud of its own, and shows the page as it is then. */
async function withScene(name: string, show: (page: Page) => Promise<void>): Promise<void> {
  const cloud = await openLocalCloud({ LOCAL_DEMO_GOODS: '1', WXPAY_PRICE_SOURCE: 'quote' });
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    // What a scene waits for is asked as text again and again, which the policy of the page forbids.
    bypassCSP: true,
    deviceScaleFactor: isForReadme ? 2 : 1,
  });
  const page = await context.newPage();
  await page.goto(cloud.url);
  await PICTURES[name]?.(page, cloud);
  await show(page);
  await context.close();
  await cloud.close();
}

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

async function takeForReadme(): Promise<void> {
  const { folder, scenes, size } = README;
  mkdirSync(folder, { recursive: true });
  for (const [name, colorScheme] of Object.entries(scenes)) {
    await withScene(name, async (page) => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      for (const language of ['zh', 'en'] as const) {
        if (language === 'en') {
          await page.getByRole('button', { name: 'English', exact: true }).click();
          await page.locator('html[lang=en]').waitFor();
        }
        await page.mouse.move(0, 0);
        // No colour is still on its way to the theme's.
        await page.evaluate(
          'scrollTo(0, 0); for (const each of document.getAnimations()) each.finish()',
        );
        const path = join(folder, `${name}.${language}.webp`);
        const picture = await smallPicture(page);
        writeFileSync(path, picture);
        process.stdout.write(`${path} ${Math.round(picture.length / 1000)} kB\n`);
      }
    });
  }
}

/** Takes what is seen as WebP, as good as its size allows. */
async function smallPicture(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  for (let quality = 85; quality >= 25; quality -= 10) {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality });
    const picture = Buffer.from(data, 'base64');
    if (picture.length <= README.bytesMax) return picture;
  }
  throw new Error(`no picture has at most ${README.bytesMax} bytes`);
}
