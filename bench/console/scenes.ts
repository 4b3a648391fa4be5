/** Holds what is done with the pages of the console while their frames are traced. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { LocalCloud } from '../../emulator/main.ts';
import type { Frame } from '../harness/frames.ts';

/** Traces the frames of what is done. */
export type Trace = (work: () => Promise<unknown>) => Promise<readonly Frame[]>;

/** A scene brings the page to where it begins, and traces what is done there. */
export type Scene = (page: Page, cloud: LocalCloud, trace: Trace) => Promise<readonly Frame[]>;

const ROW_PX = 60;
/** A turn of a fast wheel, and a pause as of a frame. */
const WHEEL = { px: 20 * ROW_PX, pauseMs: 16 };
const LETTER_MS = 60;

/** Each scene by the words that the figures call it. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'orders: 10,000 rows by the wheel': async (page, cloud, trace) => {
    await openOrders(page, cloud);
    await page.mouse.move(600, 500);
    return trace(async () => {
      for (let px = 0; px < 10_000 * ROW_PX; px += WHEEL.px) {
        await page.mouse.wheel(0, WHEEL.px);
        await wait(WHEEL.pauseMs);
      }
      await page.locator('[aria-rowindex="10001"]').waitFor();
    });
  },
  'orders: jumps by the bar': async (page, cloud, trace) => {
    await openOrders(page, cloud);
    return trace(async () => {
      for (const row of [9900, 100, 5000, 7500, 2500, 9000, 1000, 6000, 3000, 10]) {
        await page.evaluate(`document.querySelector('.table').scrollTop = ${row * ROW_PX}`);
        await page.locator(`[aria-rowindex="${row + 5}"]`).waitFor();
      }
    });
  },
  'orders: filters typed': async (page, cloud, trace) => {
    await openOrders(page, cloud);
    return trace(async () => {
      const search = page.getByRole('searchbox');
      await search.pressSequentially('oBENCH00042', { delay: LETTER_MS });
      await page.getByText(/^100 笔$/).waitFor();
      await search.pressSequentially('42', { delay: LETTER_MS });
      await page.getByText(/^1 笔$/).waitFor();
      await page.getByRole('button', { name: '清除筛选' }).click();
      await page.getByText(/^10,\d+ 笔$/).waitFor();
      await page
        .getByRole('textbox', { name: '金额从' })
        .pressSequentially('20', { delay: LETTER_MS });
      await page.getByText('没有符合条件的订单').waitFor();
    });
  },
  'orders: one opened, and back': async (page, cloud, trace) => {
    await openOrders(page, cloud);
    return trace(async () => {
      for (let row = 2; row < 7; row += 1) {
        await page.locator(`[aria-rowindex="${row}"] a`).click();
        await page.getByText('两侧一致').waitFor();
        await page.goBack();
        await page.locator('[aria-rowindex="2"]').waitFor();
      }
    });
  },
};

async function openOrders(page: Page, { url }: LocalCloud): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url}/#/orders`);
  await page.getByText(/^10,\d+ 笔$/).waitFor();
  await page.locator('[aria-rowindex="2"]').waitFor();
}
