import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium usually is, as `.ci/run` looks for it too; `CHROMIUM` names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Finds a Chromium on this machine; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM } = process.env;
  // An empty name is none: so a run without a browser is tried on a machine that has one.
  if (CHROMIUM !== undefined) return CHROMIUM || undefined;
  return PLACES.find((place) => existsSync(place));
}

/** Starts a Chromium without a window. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}
