import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Package } from '../../build/zip.ts';
import type { Service } from '../service/service.ts';
import { agentTo } from './access.ts';
import type { Cloud } from './cloud.ts';
import { CloudError } from './cloudError.ts';

/** Larger packages go through object storage (COS), as Tencent's own tools have it. */
const INLINE_BYTES_MAX = 1_500_000;

/** Where temporary packages lie, by region. */
const buckets: Record<string, string> = {
  'ap-shanghai': 'shtempcos',
  'ap-guangzhou': 'gztempcos',
  'ap-beijing': 'bjtempcos',
  'ap-singapore': 'sgtempcos',
};
const BUCKET_OWNER = '1253665819';

/** A function's code as an API call carries it: inline, or uploaded to temporary COS before. */
export async function codeOf(
  cloud: Cloud,
  service: Service,
  name: string,
  { bytes, sha256 }: Package,
) {
  if (bytes.length <= INLINE_BYTES_MAX) return { ZipFile: Buffer.from(bytes).toString('base64') };
  const { region } = cloud.access;
  const bucket = buckets[region];
  if (bucket === undefined) {
    throw new CloudError('cos.PutObject', {
      code: 'REGION',
      message: `${region}: 该地域没有临时存储，代码包须小于 1.5 MB (no temporary storage there: keep packages below 1.5 MB)`,
    });
  }
  const path = `${service.envId}/${name}-${sha256.slice(0, 16)}.zip`;
  const { Date: day, Sign: sign } = await cloud.other('GetTempCosInfo', { ObjectPath: path });
  const object = `/${String(day)}/${path}`;
  await upload(cloud, `${bucket}-${BUCKET_OWNER}.cos.${region}.myqcloud.com`, object, {
    sign: String(sign),
    bytes,
  });
  return { CosBucketRegion: region, TempCosObjectName: object };
}

const UPLOAD_TIMEOUT_MS = 120_000;

function upload(
  { access: { endpoint } }: Cloud,
  host: string,
  path: string,
  { sign, bytes }: { sign: string; bytes: Uint8Array },
): Promise<void> {
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
    const sent = (endpoint ? httpRequest : httpsRequest)(options, (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) {
        fail(`HTTP_${answer.statusCode}`, '代码包上传失败 (the package was not taken)');
      }
      // An answer that breaks off closes without an end, and without an error.
      answer.once('close', () =>
        answer.complete ? resolve() : fail('NetworkError', 'broken off'),
      );
    });
    sent.once('timeout', () => sent.destroy(new Error('ETIMEDOUT')));
    sent.once('error', (error) => fail('NetworkError', error.message));
    sent.end(bytes);
  });
}
