/** Holds what is done with the console's timeline while its frames are traced. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { LocalCloud } from '../../emulator/main.ts';
import type { Trace } from '../console/scenes.ts';
import type { Frame } from '../harness/frames.ts';
import { fillTimeline, orderAt } from './fill.ts';

/** A scene goes on where the one before it ended. */
export type Scene = (page: Page, cloud: LocalCloud, trace: Trace) => Promise<readonly Frame[]>;

const ROW_PX = 34;
/** A turn of a fast wheel, and a pause as of a frame. */
const WHEEL = { px: 20 * ROW_PX, pauseMs: 16, turns: 300 };
const LETTER_MS = 60;
const BURST = { entries: 100, bursts: 20, pauseMs: 100 };

/** Each scene by the words that the figures call it. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'all older ones read': (page, _cloud, trace) =>
    trace(async () => {
      const whole = page.getByRole('status').filter({ hasText: /^\d+ 条$/ });
      while ((await whole.count()) === 0) {
        await scrollTo(page, '0');
        await wait(WHEEL.pauseMs);
      }
    }),
  'by the wheel': async (page, _cloud, trace) => {
    const { x, y, width, height } = (await page.getByRole('listbox').boundingBox()) ?? NOWHERE;
    await page.mouse.move(x + width / 2, y + height / 2);
    return trace(async () => {
      for (let turn = 0; turn < WHEEL.turns; turn += 1) {
        await page.mouse.wheel(0, WHEEL.px);
        await wait(WHEEL.pauseMs);
      }
    });
  },
  'jumps by the bar': (page, _cloud, trace) =>
    trace(async () => {
      for (const place of [90_000, 100, 50_000, 75_000, 25_000, 99_000, 1000, 60_000]) {
        await scrollTo(page, String(place * ROW_PX));
        await page.locator(`[aria-posinset="${place + 5}"]`).waitFor();
      }
    }),
  'from line to line by keys, each shown closely': async (page, _cloud, trace) => {
    await scrollTo(page, String(50_000 * ROW_PX));
    await page.locator('[aria-posinset="50005"]').click();
    return trace(async () => {
      await page.getByRole('listbox').focus();
      for (let step = 0; step < 100; step += 1) {
        await page.keyboard.press('ArrowDown');
        await wait(WHEEL.pauseMs);
      }
    });
  },
  [`${BURST.entries * BURST.bursts} more come, ${BURST.entries} at a time, at its end`]: async (
    page,
    cloud,
    trace,
  ) => {
    await page.keyboard.press('Escape');
    await scrollTo(page, '1e9');
    return trace(async () => {
      for (let burst = 0; burst < BURST.bursts; burst += 1) {
        fillTimeline(cloud, BURST.entries);
        await wait(BURST.pauseMs);
      }
      const last = cloud.world.timeline.recent().at(-1)?.id;
      await page.locator(`#entry-${last}`).waitFor();
    });
  },
  'filters typed and chosen': (page, _cloud, trace) =>
    trace(async () => {
      const words = page.getByLabel('查找文字');
      await words.pressSequentially(orderAt(42), { delay: LETTER_MS });
      await page
        .getByRole('status')
        .filter({ hasText: /^\d 条$/ })
        .waitFor();
      await words.fill('');
      await page.getByRole('button', { name: '微信支付' }).click();
      await page.getByLabel('类型').selectOption('notification');
      await page
        .getByRole('status')
        .filter({ hasText: /^2000\+ 条$/ })
        .waitFor();
      await page.getByRole('search').getByRole('button', { name: '清除筛选' }).click();
      await page.getByLabel('商户订单号').pressSequentially(orderAt(77), { delay: LETTER_MS });
      await page
        .getByRole('status')
        .filter({ hasText: /^\d+ 条$/ })
        .waitFor();
      await page.getByRole('search').getByRole('button', { name: '清除筛选' }).click();
      await page
        .getByRole('status')
        .filter({ hasText: /^2000\+ 条$/ })
        .waitFor();
    }),
};

const NOWHERE = { x: 0, y: 0, width: 0, height: 0 };

async function scrollTo(page: Page, px: string): Promise<void> {
  await page.evaluate(`document.querySelector('.waterfall-rows').scrollTop = ${px}`);
}
