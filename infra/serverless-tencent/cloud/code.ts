import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Zip } from '../../build/zip.ts';
import { agentTo } from './access.ts';
import type { Cloud } from './cloud.ts';
import { CloudError } from './cloudError.ts';

/** Larger packages go through object storage (COS), as Tencent's own tools have it. */
const INLINE_BYTES_MAX = 1_500_000;

/** The buckets of temporary packages, by region. */
const BUCKETS: Record<string, string> = {
  'ap-shanghai': 'shtempcos',
  'ap-guangzhou': 'gztempcos',
  'ap-beijing': 'bjtempcos',
  'ap-singapore': 'sgtempcos',
};
const BUCKET_OWNER = '1253665819';

/**
 * Makes the part of an API call that carries a function's code: inline, or uploaded to temporary
 * COS before.
 */
export async function codeRequest(
  cloud: Cloud,
  envId: string,
  name: string,
  { bytes, sha256 }: Zip,
) {
  if (bytes.length <= INLINE_BYTES_MAX) return { ZipFile: Buffer.from(bytes).toString('base64') };
  const { region } = cloud.access;
  const bucket = BUCKETS[region];
  if (bucket === undefined) {
    throw new CloudError('cos.PutObject', {
      code: 'REGION',
      message: `${region}: 该地域没有临时存储，代码包须小于 1.5 MB (no temporary storage there: keep packages below 1.5 MB)`,
    });
  }
  const path = `${envId}/${name}-${sha256.slice(0, 16)}.zip`;
  const { Date: day, Sign: sign } = await cloud.callScf('GetTempCosInfo', { ObjectPath: path });
  const object = `/${String(day)}/${path}`;
  const host = `${bucket}-${BUCKET_OWNER}.cos.${region}.myqcloud.com`;
  await upload({ host, path: object, sign: String(sign), bytes }, cloud.access.endpoint);
  return { CosBucketRegion: region, TempCosObjectName: object };
}

const UPLOAD_TIMEOUT_MS = 120_000;

/** A package on its way to temporary COS; `sign` is COS's leave to put it there. */
interface Upload {
  host: string;
  path: string;
  sign: string;
  bytes: Uint8Array;
}

function upload({ host, path, sign, bytes }: Upload, endpoint?: URL): Promise<void> {
  const options = {
    method: 'PUT',
    host,
    path,
    timeout: UPLOAD_TIMEOUT_MS,
    ...(endpoint && { port: endpoint.port, agent: agentTo(endpoint) }),
    headers: { authorization: sign, 'content-length': bytes.length },
  };
  return new Promise((resolve, reject) => {
    const fail = (code: string, message: string) =>
      reject(new CloudError('cos.PutObject', { code, message }));
    const request = (endpoint ? httpRequest : httpsRequest)(options, (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) {
        fail(`HTTP_${answer.statusCode}`, '代码包上传失败 (the package was refused)');
      }
      // An answer that breaks off closes without an end, and without an error.
      answer.once('close', () =>
        answer.complete ? resolve() : fail('NetworkError', 'broken off'),
      );
    });
    request.once('timeout', () => request.destroy(new Error('ETIMEDOUT')));
    request.once('error', (error) => fail('NetworkError', error.message));
    request.end(bytes);
  });
}
