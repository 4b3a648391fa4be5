import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { findChromium, openBrowser } from './browser.ts';

const executable = findChromium();
export const HANGS_MS = 300_000;

/** Whether tests of the console can run here; where they cannot, the end of the run says how many were left out. */
export const hasChromium = executable !== undefined;

/** A local cloud with a shop, and browsers that look at it. */
export interface Console {
  cloud(): LocalCloud;
  /** Opens a tab beside those that are open, at a page of the console. */
  tab(hash?: string): Promise<Page>;
  /** Asks the control API, as `curl` does. */
  ask<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T>;
  /** Takes the refusals (400) that a test asked for out of what the browser complained of; answers how many. */
  takeRefusals(): number;
}

/** Gives each test of a file tabs of its own over one local cloud, which is emptied in between. */
export function useConsole(env: Record<string, string> = {}): Console {
  let cloud: LocalCloud;
  let browser: Browser;
  let context: BrowserContext | undefined;
  const errors: string[] = [];
  beforeAll(async () => {
    if (!executable) return;
    cloud = await openLocalCloud({ LOCAL_DEMO_GOODS: '1', WXPAY_PRICE_SOURCE: 'quote', ...env });
    browser = await openBrowser(executable);
  });
  const ask: Console['ask'] = async (method, path, body) => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
    return (await answer.json()) as never;
  };
  afterEach(async () => {
    if (!executable) return;
    await context?.close();
    context = undefined;
    expect(errors.splice(0), 'what the browser complained of').toEqual([]);
    await ask('POST', 'reset');
  });
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });
  return {
    cloud: () => cloud,
    ask,
    takeRefusals: () => {
      const all = errors.splice(0);
      const others = all.filter((error) => !error.includes('400 (Bad Request)'));
      errors.push(...others);
      return all.length - others.length;
    },
    tab: async (hash = '') => {
      context ??= await browser.newContext({ viewport: { width: 1440, height: 900 } });
      // No busy machine trips this: it ends only what hangs, before the test's own end, and says where.
      context.setDefaultTimeout(HANGS_MS);
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
      page.on('console', (line) => {
        // An order that was there a moment ago is a 404, which every browser reports by itself.
        const isAbsence = line.text().includes('404 (Not Found)');
        if (line.type() === 'error' && !isAbsence) errors.push(line.text());
      });
      await page.goto(`${cloud.url}/${hash}`);
      return page;
    },
  };
}
