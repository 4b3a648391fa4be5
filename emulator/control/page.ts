import { readFile } from 'node:fs/promises';
import type { Service } from '../world/service.ts';

const FOLDER = new URL('./page/', import.meta.url);

/** The page's files are a fixed list, so that no path of a request reaches the disk. */
const FILES: Record<string, { name: string; type: string }> = {
  '/': { name: 'index.html', type: 'text/html' },
  '/page.js': { name: 'page.js', type: 'text/javascript' },
  '/api.js': { name: 'api.js', type: 'text/javascript' },
  '/text.js': { name: 'text.js', type: 'text/javascript' },
  '/page.css': { name: 'page.css', type: 'text/css' },
};

/** The page at `/`, from which a person steers the local cloud. */
export const page: Service = {
  owns: (request) => fileOf(request) !== undefined,
  handle: async (request) => {
    const file = fileOf(request);
    if (!file) return undefined;
    const text = await readFile(new URL(file.name, FOLDER), 'utf8');
    return new Response(text, {
      headers: {
        'content-type': `${file.type}; charset=utf-8`,
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'self'; img-src data:; frame-ancestors 'none'",
      },
    });
  },
};

function fileOf(request: Request) {
  const { pathname } = new URL(request.url);
  return Object.hasOwn(FILES, pathname) ? FILES[pathname] : undefined;
}
