import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CommandContext } from '../context/framework.ts';
import { readTextsAtStart } from '../context/textsAtStart.ts';
import { deploySaved, type SavedFiles } from './watch.ts';

const savedFiles: SavedFiles = {
  watchNewFolders: async () => {},
  waitForSave: () => new Promise(() => {}),
  take: () => [],
};

test('serverless.yml that was saved since the framework read it, and nobody deploys anew, is reported', async () => {
  const root = mkdtempSync(join(tmpdir(), 'watch-'));
  writeFileSync(join(root, 'serverless.yml'), 'service: one');
  const texts = readTextsAtStart(root);
  writeFileSync(join(root, 'serverless.yml'), 'service: two');
  const warned = new Promise((resolve) => {
    const context = { utils: { log: { warning: resolve } } } as unknown as CommandContext;
    void deploySaved(context, { savedFiles, texts, packages: [] }, async () => {});
  });
  expect(await warned).toContain('serverless.yml 已改变');
});
