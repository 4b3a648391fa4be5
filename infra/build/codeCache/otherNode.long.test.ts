import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callOnce, unpackCached, unpackTo } from '../../../tests/support/codeCache.ts';
import { bundleOf, functionNames } from '../build.ts';
import { zipBundle } from '../zip.ts';

/** The npm packages of Node are 150 MB: `npm ci` has none, `npm run check:cache` fetches them. */
const other = process.env.NODE_OTHER;
if (!other)
  console.warn('NODE_OTHER is not set: caches of other builds are tried by npm run check:cache');

test.skipIf(!other).each(functionNames)(
  '%s with the cache of another Node answers as without one, both ways',
  async (name) => {
    const nodes = [process.execPath, other ?? ''];
    const versions = nodes.map((node) => execFileSync(node, ['--version'], { encoding: 'utf8' }));
    expect(versions[0], 'NODE_OTHER is this very version').not.toBe(versions[1]);
    const root = await mkdtemp(join(tmpdir(), 'other-node-'));
    const bundle = await readFile(bundleOf('dist', name));
    const plain = unpackTo(join(root, 'plain'), zipBundle(bundle));
    for (const [maker, user] of [nodes, [...nodes].reverse()]) {
      if (!maker || !user) throw new Error('two are needed');
      const cached = await unpackCached(join(root, 'by', String(nodes.indexOf(maker))), bundle, {
        node: maker,
      });
      const used = await callOnce(cached, {}, { node: user });
      const expected = await callOnce(plain, {}, { node: user });
      expect(firstLine(used)).toEqual(firstLine(expected));
      expect(used.printed.filter((line) => line.includes('未使用代码缓存'))).toHaveLength(1);
      const own = await callOnce(cached, {}, { node: maker });
      expect(firstLine(own)).toEqual(firstLine(await callOnce(plain, {}, { node: maker })));
      expect(own.printed.filter((line) => line.includes('未使用代码缓存'))).toEqual([]);
    }
    await rm(root, { recursive: true });
  },
);

/** Leaves the stack out, in which loading without a cache is another frame. */
function firstLine({ answer, thrown, exit }: Awaited<ReturnType<typeof callOnce>>) {
  return { answer, thrown: thrown?.split('\n')[0], exit };
}
