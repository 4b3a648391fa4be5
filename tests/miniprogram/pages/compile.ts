/** Compiles the example as WeChat DevTools would: its modules to JavaScript, npm packages to `miniprogram_npm`. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** The example, compiled. */
export interface Compiled {
  root: string;
  /** Templates of pages and of the components that they use, by their paths from the root. */
  wxmls: string[];
  remove(): Promise<void>;
}

const EXAMPLE = 'examples/miniprogram';
const TDESIGN = 'tdesign-miniprogram';
const INSTALLED = `node_modules/${TDESIGN}/miniprogram_dist`;

/** Compiles to a folder of its own. */
export async function compileExample(): Promise<Compiled> {
  const root = await mkdtemp(join(tmpdir(), 'miniprogram-'));
  const npm = join(root, 'miniprogram_npm', TDESIGN);
  await cp(EXAMPLE, root, { recursive: true, filter: (path) => !/node_modules|_npm/.test(path) });
  await cp(INSTALLED, npm, { recursive: true });
  const { pages } = JSON.parse(await readFile(join(root, 'app.json'), 'utf8')) as {
    pages: string[];
  };
  const components = new Set<string>();
  for (const page of pages) await collect(page, { root, components });
  await build({
    absWorkingDir: root,
    entryPoints: ['app', ...components].map((path) => ({ in: entryOf(path), out: path })),
    bundle: true,
    format: 'cjs',
    target: 'es2018',
    outdir: root,
    allowOverwrite: true,
    logLevel: 'warning',
    alias: {
      'scf-wechatpay-client/local': resolve('client/local/index.ts'),
      'scf-wechatpay-client': resolve('client/index.ts'),
    },
    nodePaths: [join(npm, 'miniprogram_npm')],
  });
  const shared = (await readdir(join(npm, 'common', 'template'))).map((name) =>
    join('miniprogram_npm', TDESIGN, 'common', 'template', name),
  );
  return {
    root,
    wxmls: [...[...components].map((path) => `${path}.wxml`), ...shared],
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Takes a page, or a component, and what it uses; names from npm become paths, as 构建 npm makes them. */
async function collect(path: string, into: { root: string; components: Set<string> }) {
  const { root, components } = into;
  if (components.has(path)) return;
  components.add(path);
  const file = join(root, `${path}.json`);
  const options = JSON.parse(await readFile(file, 'utf8')) as {
    usingComponents?: Record<string, string>;
  };
  const used = Object.entries(options.usingComponents ?? {}).map(([tag, name]) => {
    const found = name.startsWith(`${TDESIGN}/`)
      ? join('miniprogram_npm', name)
      : relative(root, join(root, dirname(path), name));
    return { tag, found };
  });
  const usingComponents = Object.fromEntries(used.map(({ tag, found }) => [tag, `/${found}`]));
  await writeFile(file, JSON.stringify({ ...options, component: true, usingComponents }));
  for (const { found } of used) await collect(found, into);
}

const entryOf = (path: string) => (/^miniprogram_npm/.test(path) ? `./${path}.js` : `./${path}.ts`);
