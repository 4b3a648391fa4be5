import { readFile } from 'node:fs/promises';

const FOLDER = new URL('./page/', import.meta.url);

/** The page's files: a fixed list, so that no path of a request reaches the disk. */
const FILES: Record<string, [name: string, type: string]> = {
  '/': ['index.html', 'text/html'],
  '/page.js': ['page.js', 'text/javascript'],
  '/api.js': ['api.js', 'text/javascript'],
  '/text.js': ['text.js', 'text/javascript'],
  '/page.css': ['page.css', 'text/css'],
};

/** Serves the page at `/`; undefined for any other path. */
export async function servePage(pathname: string): Promise<Response | undefined> {
  const file = FILES[pathname];
  if (!file) return undefined;
  const [name, type] = file;
  const text = await readFile(new URL(name, FOLDER), 'utf8');
  return new Response(text, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'self'; img-src data:; frame-ancestors 'none'",
    },
  });
}
