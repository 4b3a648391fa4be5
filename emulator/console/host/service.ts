import type { Service } from '../../world/service.ts';
import { BUILT_PATH, type Bundle, buildConsole } from './bundle.ts';

/** No script or style but ours, nothing from elsewhere, in no frame, no form that leads away. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Makes the console at `/`, from which a person sees and steers the local cloud; built when it is first asked for. */
export function createConsole(build: () => Promise<Bundle> = buildConsole): Service {
  let building: Promise<Bundle> | undefined;
  const bundle = () => {
    building ??= build().catch((error: unknown) => {
      // The next request tries again: a source may have been saved meanwhile.
      building = undefined;
      throw error;
    });
    return building;
  };
  return {
    owns: (request) => {
      const { pathname } = new URL(request.url);
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      return isRead && (pathname === '/' || pathname.startsWith(BUILT_PATH));
    },
    handle: async (request) => answer(await bundle(), new URL(request.url)),
  };
}

function answer({ files, page }: Bundle, { pathname, hostname }: URL): Response | undefined {
  // A rebound name must not show the page under a foreign origin.
  if (hostname !== '127.0.0.1' && hostname !== 'localhost')
    return new Response(null, { status: 403 });
  if (pathname === '/') {
    const type = 'text/html; charset=utf-8';
    return new Response(page, {
      headers: { ...HEADERS, 'content-type': type, 'cache-control': 'no-store' },
    });
  }
  const file = files.get(pathname);
  if (!file) return undefined;
  return new Response(file.bytes, {
    headers: {
      ...HEADERS,
      'content-type': `${file.type}; charset=utf-8`,
      'cache-control': 'max-age=31536000, immutable',
    },
  });
}
