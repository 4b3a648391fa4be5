import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'));
  writeFileSync(join(root, 'file'), '');
});

test('a folder is made, and taken as it is where there is one', () => {
  expect(openDataFolder(root, 'deep/data')).toBe(join(root, 'deep', 'data'));
  expect(openDataFolder(root, 'deep')).toBe(join(root, 'deep'));
  expect(existsSync(join(root, 'deep', 'data'))).toBe(true);
});

test.each([
  ['file', /是文件/],
  ['file/below', /是文件/],
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
