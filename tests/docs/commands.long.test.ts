import { readdirSync, readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { LocalCloud } from '../../emulator/main.ts';
import { wayOf } from '../../infra/lint/pages/blocks.ts';
import { type Block, type Page, pageOf } from '../../infra/lint/pages/page.ts';
import { codeOf } from '../../infra/lint/pages/twins.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { type Checkout, copyCheckout } from './checkout.ts';
import { patternOf, shownAfter } from './expected.ts';

/** The commands of a page are those of its twin in the other language; `check:house` holds that. */
const paths = [
  'README.md',
  ...readdirSync('docs/zh').map((name) => `docs/zh/${name}`),
  ...['AGENTS.md', 'llms.txt', 'docs/skill/SKILL.md'],
];
const isCode = ({ info }: Block) => /^(?:js|ts|json|yaml)$/.test(info);
const pages = paths
  .map((path) => pageOf({ path, text: readFileSync(path, 'utf8') }))
  .filter(({ blocks }) => blocks.some((block) => isCode(block) || wayOf(block) !== undefined));
const IS_UP = /本地云已启动/;

/** The same commands on another page run once. */
const ran = new Map<string, { code: number; output: string }>();
let cloud: LocalCloud;
let checkout: Checkout;
beforeAll(async () => {
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' });
  checkout = await copyCheckout();
});
afterAll(async () => {
  await checkout.remove();
  await cloud.close();
});

/** A command with a local cloud of its own, or in another terminal beside one, has no variables of this. */
const environmentFor = (script: string) =>
  /--stage local|npm run local/.test(script) ? {} : cloud.environment();

async function runBlock(page: Page, block: Block): Promise<void> {
  const way = wayOf(block);
  // A port that the page names may be taken on this machine.
  const script = block.text.replace(/--port \d+/g, '--port 0');
  const place = `${page.path}:${block.line}\n${block.text}`;
  if (way === 'serves') {
    const output = await checkout.serve(script, IS_UP);
    return expectShown(page, block, output);
  }
  const key = codeOf(block);
  const { code, output } = ran.get(key) ?? (await checkout.run(script, environmentFor(script)));
  ran.set(key, { code, output });
  expect(code === 0, `${place}ends with ${code}\n${output}`).toBe(way !== 'fails');
  expectShown(page, block, output);
}

function expectShown(page: Page, block: Block, output: string): void {
  const shown = shownAfter(page, block);
  if (shown !== undefined) expect(output).toMatch(patternOf(shown));
}

describe.each(pages)('$path', (page) => {
  afterAll(async () => {
    for (const { output } of await checkout.stop()) expect(output).toContain('已停止');
  });
  const commands = page.blocks.filter((block) => wayOf(block) !== undefined);
  test.each(commands)('line $line: $text', (block) => runBlock(page, block));

  const code = page.blocks.filter(isCode);
  test.each(code)('line $line is $info', async ({ info, text }) => {
    if (info === 'json') expect(JSON.parse(text)).toBeDefined();
    else if (info === 'yaml') expect(parse(text)).toBeDefined();
    else
      await expect(transform(text, { loader: info === 'ts' ? 'ts' : 'js' })).resolves.toBeDefined();
  });
});
