import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'));
  writeFileSync(join(root, '.localfile'), '');
});

test('a folder is made, and taken as it is where there is one', () => {
  expect(openDataFolder(root, '.local2/data')).toBe(join(root, '.local2', 'data'));
  expect(openDataFolder(root, '.local2')).toBe(join(root, '.local2'));
  expect(existsSync(join(root, '.local2', 'data'))).toBe(true);
  const beside = join(root, '..', `${basename(root)}..data`);
  expect(openDataFolder(root, beside)).toBe(beside);
  rmSync(beside, { recursive: true });
});

test.each([
  ['.localfile', /是文件/],
  ['.localfile/below', /是文件/],
  ['functions', /项目之内/],
  ['functions/quoteOrder', /项目之内/],
  ['.git', /项目之内/],
  ['node_modules/x', /项目之内/],
  ['..data', /项目之内/],
  ['.', /项目目录本身/],
  ['/', /系统目录/],
  ['/dev/null', /系统目录/],
  ['/proc/data', /系统目录/],
  ['/usr', /系统目录/],
  ['/etc/data', /系统目录/],
])('--data %s is refused at once, by its name', (data, text) => {
  expect(() => openDataFolder(root, data)).toThrow(text);
  expect(() => openDataFolder(root, data)).toThrow(`--data ${data}`);
});
