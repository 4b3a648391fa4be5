import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from '../../server.ts';
import {
  type DataPlace,
  ENV_ID,
  type Harness,
  newDataPlace,
  REGION,
  startHarness,
  zipOf,
} from '../harness.ts';

let place: DataPlace;
let harness: Harness;
const host = `shtempcos-1253665819.cos.${REGION}.myqcloud.com`;
const ObjectPath = `1300000001/${ENV_ID}/pay 支付.zip`;
const zip = Buffer.from(zipOf({ 'index.js': "exports.main = () => 'uploaded';" }), 'base64');
const load = createRequire(import.meta.url);

beforeEach(async () => {
  place = await newDataPlace();
  harness = await startHarness(listen, place);
});
afterEach(async () => {
  await harness.close();
  await place.remove();
});

const admitted = async (): Promise<{ path: string; sign: string }> => {
  const { Date: date, Sign: sign } = await harness.common.request('GetTempCosInfo', { ObjectPath });
  expect(date).toMatch(/^\d{8}$/);
  return { path: `/${date}/${ObjectPath}`, sign };
};

/** Puts an object as the official tools do; answers the status. */
function put(path: string, sign: string, body = zip, to = host, method = 'PUT'): Promise<number> {
  const headers = { host: to, authorization: sign, 'content-length': body.length };
  const where = { host: '127.0.0.1', port: harness.port, path: encodeURI(path), method, headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(where, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const create = (path: string, CosBucketRegion = REGION) =>
  harness.scf
    .CreateFunction({
      FunctionName: 'pay',
      Namespace: ENV_ID,
      Handler: 'index.main',
      Runtime: 'Nodejs20.19',
      Code: { CosBucketRegion, TempCosObjectName: path },
    })
    .then(
      () => 'created',
      (error: { code: string }) => error.code,
    );

test('code travels through the temporary bucket and is used once', async () => {
  const { path, sign } = await admitted();
  expect(await create(path)).toBe('InvalidParameterValue.TempCosObjectName');
  expect(await put(path, sign)).toBe(200);
  expect(await create(path, 'ap-guangzhou')).toBe('InvalidParameterValue.TempCosObjectName');
  expect(await create(path)).toBe('created');
  await expect.poll(() => harness.cloud.deployed().length).toBe(1);
  expect(load(harness.cloud.deployed()[0]!.file).main()).toBe('uploaded');
  await harness.scf.DeleteFunction({ FunctionName: 'pay', Namespace: ENV_ID });
  expect(await create(path)).toBe('InvalidParameterValue.TempCosObjectName');
  const puts = harness.cloud.calls().filter(({ action }) => action === 'PutObject');
  expect(puts).toMatchObject([{ write: true }]);
});

test('an upload survives a restart', async () => {
  const { path, sign } = await admitted();
  await put(path, sign);
  await harness.close();
  harness = await startHarness(listen, place);
  expect(await create(path)).toBe('created');
});

test('an upload is refused as COS does', async () => {
  const { path, sign } = await admitted();
  expect([
    await put(path, 'q-sign-algorithm=sha1&q-signature=0'),
    await put(`${path}x`, sign),
    await put('/%', sign),
    await put(path, sign, zip, `gztempcos-1253665819.cos.ap-guangzhou.myqcloud.com`),
    await put(path, sign, zip, host, 'POST'),
  ]).toEqual([403, 403, 403, 404, 405]);
  const tooLarge = new Request(`http://${host}${encodeURI(path)}`, {
    method: 'PUT',
    headers: { authorization: sign },
    body: Buffer.alloc(50 * 1024 * 1024 + 1),
  });
  expect((await harness.cloud.handle(tooLarge)).status).toBe(400);
});

test('a lost answer of an upload has taken effect, a lost request has not', async () => {
  const { path, sign } = await admitted();
  harness.world.faults.set([{ at: 'cos.PutObject', kind: 'lost_request', times: 1 }]);
  await expect(put(path, sign)).rejects.toThrow();
  expect(await create(path)).toBe('InvalidParameterValue.TempCosObjectName');
  harness.world.faults.set([{ at: 'cos.PutObject', kind: 'lost_answer', times: 1 }]);
  await expect(put(path, sign)).rejects.toThrow();
  expect(await create(path)).toBe('created');
});
