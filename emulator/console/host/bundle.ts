import { fileURLToPath } from 'node:url';
import { build, type OutputFile } from 'esbuild';

/** One file of the console as a browser gets it. */
export interface BuiltFile {
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The console, built: its files by path, and the page that loads them. */
export interface Bundle {
  files: ReadonlyMap<string, BuiltFile>;
  page: string;
}

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/** Where the files of the console are served; their names hold their content's hash. */
export const BUILT_PATH = '/console/';

/** Builds the console from its sources, in memory. */
export async function buildConsole(): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: { main: 'main.tsx', stream: 'client/streamWorker.ts' },
    entryNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    outdir: 'built',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    charset: 'utf8',
    legalComments: 'none',
  });
  const named = outputFiles.map((file) => ({ file, name: nameOf(file) }));
  const files = new Map(named.map(({ file, name }) => [BUILT_PATH + name, servedFile(file)]));
  const pathOf = (start: string, end: string) =>
    BUILT_PATH + named.find(({ name }) => name.startsWith(start) && name.endsWith(end))?.name;
  const page = pageOf({
    script: pathOf('main-', '.js'),
    style: pathOf('main-', '.css'),
    worker: pathOf('stream-', '.js'),
  });
  return { files, page };
}

function nameOf({ path }: OutputFile): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/^.*\\/, '');
}

function servedFile({ path, contents }: OutputFile): BuiltFile {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return { type, bytes: new Uint8Array(contents) };
}

interface Paths {
  script: string;
  style: string;
  worker: string;
}

/** Writes the page; `worker` is the script of the one stream that all tabs share. */
function pageOf({ script, style, worker }: Paths): string {
  return `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>本地云 · scf-wechatpay</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${style}" />
    <script type="module" src="${script}"></script>
  </head>
  <body>
    <div id="root" data-stream="${worker}"></div>
    <noscript>这个页面需要 JavaScript (this page needs JavaScript)</noscript>
  </body>
</html>
`;
}
