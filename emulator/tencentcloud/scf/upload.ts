import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../world/wire/http.ts';
import type { Action, ActionDeps } from '../action.ts';
import { requiredText } from '../wire/params.ts';
import { hostOf } from '../wire/signature.ts';
import { timeText } from '../wire/times.ts';

/** A zip may have this many bytes on the way through COS. Source: tencentcloud-sdk-nodejs. */
const ZIP_BYTES_MAX = 50 * 1024 * 1024;

/** The temporary bucket of each region, as the official tools know it. */
const BUCKETS: Record<string, string> = {
  'ap-shanghai': 'sh',
  'ap-guangzhou': 'gz',
  'ap-beijing': 'bj',
  'ap-singapore': 'sg',
};

/** `GetTempCosInfo`: admits one upload to the temporary bucket. Not in the SDK's typed client. */
export const getTempCosInfo: Action = {
  write: false,
  anywhere: true,
  run: (params, { uploads, world }) => {
    const path = requiredText(params, 'ObjectPath').replace(/^\/+/, '');
    const date = timeText(world.clock.nowMs()).slice(0, 10).replaceAll('-', '');
    const sign = `q-sign-algorithm=sha1&q-signature=${world.randomBytes(20).toString('hex')}`;
    uploads.admit(`/${date}/${path}`, sign);
    return { Date: date, Sign: sign };
  },
};

/** Checks whether a request goes to COS. */
export function isUpload(request: HttpRequest): boolean {
  return hostOf(request).endsWith('.myqcloud.com');
}

/**
 * Takes the `PUT` of an object into the temporary bucket; refuses as COS does, with XML and a
 * status.
 */
export async function putObject(
  request: HttpRequest,
  { uploads, options }: ActionDeps,
): Promise<Response> {
  const bucket = `${BUCKETS[options.region] ?? 'none'}tempcos-1253665819.cos.${options.region}`;
  if (request.method !== 'PUT') return errorResponse(405, 'MethodNotAllowed', 'only PUT');
  if (hostOf(request) !== `${bucket}.myqcloud.com`) {
    return errorResponse(404, 'NoSuchBucket', `there is only ${bucket}.myqcloud.com`);
  }
  const zip = Buffer.from(await request.arrayBuffer());
  if (zip.length > ZIP_BYTES_MAX) return errorResponse(400, 'EntityTooLarge', 'at most 50 MB');
  const path = pathOf(request);
  const sign = request.headers.get('authorization') ?? '';
  if (path === undefined || !uploads.put(path, sign, zip)) {
    return errorResponse(
      403,
      'AccessDenied',
      'this path and sign were not given by GetTempCosInfo',
    );
  }
  const etag = createHash('md5').update(zip).digest('hex');
  return new Response(null, { status: 200, headers: { etag: `"${etag}"` } });
}

function pathOf(request: HttpRequest): string | undefined {
  try {
    return decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return undefined;
  }
}

function errorResponse(status: number, code: string, message: string): Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } });
}
