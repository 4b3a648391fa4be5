import type { Page } from 'playwright-core';
import type { LocalCloud } from '../../emulator/main.ts';
import type { Series } from '../harness/series.ts';

/** Notes of each line when it was painted: a task that a frame's own work begins runs behind that frame. */
const NOTE = `(() => {
  window.paintedAt = {};
  const note = (id) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.paintedAt[id] ??= Date.now(); };
    port2.postMessage(0);
  });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const { id } of addedNodes) if (id) note(id);
  }).observe(document.querySelector('.waterfall-space'), { childList: true });
})()`;

/** Records one thing after another, and takes the milliseconds until its line was painted. */
export async function takeUntilSeen(
  page: Page,
  { world: { timeline } }: LocalCloud,
  taken: Series<number>,
): Promise<void> {
  await page.evaluate(NOTE);
  for (let count = 0; count < taken.wanted; count += 1) {
    await taken.take(async () => {
      const begun = Date.now();
      const id = `entry-${timeline.add({ what: 'wechatpay.notify', subject: `SEEN${count}` })}`;
      await page.locator(`#${id}`).waitFor();
      return (await paintedAt(page, id)) - begun;
    });
  }
}

/** Reads when a line was painted; it is on the page, so its frame is near. */
async function paintedAt(page: Page, id: string): Promise<number> {
  for (;;) {
    const at = await page.evaluate<number | null>(
      `new Promise((done) => requestAnimationFrame(() => done(window.paintedAt['${id}'] ?? null)))`,
    );
    if (at !== null) return at;
  }
}
