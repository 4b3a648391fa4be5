import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BareCloud, ENV_ID, openBareCloud } from '../../../tests/support/bareCloud.ts';
import { deploymentOf } from '../../../tests/support/deploy/deployCase.ts';
import { type Package, zipBundle } from '../../build/zip.ts';
import { type Deployment, deployAll } from '../deploy/deployment.ts';
import { openCloud } from './cloud.ts';
import { CloudError } from './cloudError.ts';
import { codeRequest } from './code.ts';

let bare: BareCloud;
beforeEach(async () => {
  bare = await openBareCloud();
});
afterEach(() => bare.close());

/** Makes a bundle that no zip makes small, and its package, which is above the limit. */
interface Large {
  bundle: Buffer;
  packed: Package;
}

function makeLarge(): Large {
  const ballast = randomBytes(2_200_000).toString('base64');
  const bundle = Buffer.from(`exports.main = async () => 'large';\n// ${ballast}`);
  return { bundle, packed: zipBundle(bundle) };
}
const large = makeLarge();

/** Makes the usual deployment with other code for `queryOrder`. */
function deploymentWith({ packed }: Large): Deployment {
  const deployment = deploymentOf(bare.cloud);
  const code = new Map([...deployment.code, ['queryOrder', packed] as const]);
  return { ...deployment, code };
}

const silent = { onStart: () => {}, onDone: () => {} };
/** Counts the calls of an action since the start. */
const count = (action: string) =>
  bare.tencentcloud.calls().filter((call) => call.action === action).length;
const fileOf = (name: string) =>
  bare.tencentcloud.deployed().find((version) => version.isDefault && version.name === name)
    ?.file ?? '';
const failureOf = async (work: Promise<unknown>): Promise<CloudError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CloudError);
  return error as CloudError;
};

describe('a package above 1.5 MB', () => {
  test('goes through temporary storage, and the function’s code is that very zip', async () => {
    expect(large.packed.bytes.length).toBeGreaterThan(1_500_000);
    await deployAll(deploymentWith(large), silent);
    expect(readFileSync(fileOf('queryOrder')).equals(large.bundle)).toBe(true);
    expect(fileOf('queryOrder')).toContain(large.packed.sha256);
    expect([count('GetTempCosInfo'), count('PutObject')]).toEqual([1, 1]);
  });

  test('and another one, as new code of a function that is there', async () => {
    await deployAll(deploymentWith(large), silent);
    const other = makeLarge();
    bare.tencentcloud.forgetCalls();
    await deployAll(deploymentWith(other), silent);
    expect(readFileSync(fileOf('queryOrder')).equals(other.bundle)).toBe(true);
    expect([count('PutObject'), count('UpdateFunctionCode')]).toEqual([1, 1]);
  });

  test.each([
    ['lost_answer', 2],
    ['lost_request', 1],
    ['throttled', 1],
  ] as const)('%s at its upload: it is uploaded again, and the deploy ends', async (kind, puts) => {
    bare.world.faults.set([{ at: 'cos.PutObject', kind, times: 1 }]);
    await deployAll(deploymentWith(large), silent);
    expect(readFileSync(fileOf('queryOrder')).equals(large.bundle)).toBe(true);
    // A request that was lost was never heard; one whose answer was lost was.
    expect([count('GetTempCosInfo'), count('PutObject')]).toEqual([2, puts]);
  });

  test('that storage never takes is reported without the signature of the upload', async () => {
    bare.world.faults.set([{ at: 'cos.PutObject', kind: 'error', code: 'AccessDenied' }]);
    const error = await failureOf(deployAll(deploymentWith(large), silent));
    expect(error).toMatchObject({
      action: 'cos.PutObject',
      code: 'HTTP_503',
      retry: 'query_first',
    });
    expect(JSON.stringify(error) + error.stack).not.toContain('q-sign');
  });

  test('is refused in a region without temporary storage, which is named; nothing is sent', async () => {
    const cloud = openCloud({ ...bare.access, region: 'ap-chengdu' }, bare.cloud.wait);
    const { service } = deploymentOf(cloud);
    const error = await failureOf(codeRequest(cloud, service.envId, 'queryOrder', large.packed));
    expect(error).toMatchObject({ code: 'REGION', retry: 'never' });
    expect(error.message).toMatch(/ap-chengdu.*1\.5 MB/s);
    expect(bare.tencentcloud.calls()).toEqual([]);
  });
});

describe('the limit', () => {
  const sized = (length: number): Package => ({
    bytes: randomBytes(length),
    sha256: 'f'.repeat(64),
    bundle: new Uint8Array(),
  });

  test('up to it a package is sent inline', async () => {
    const { service } = deploymentOf(bare.cloud);
    const packed = sized(1_500_000);
    const { ZipFile = '' } = await codeRequest(bare.cloud, service.envId, 'queryOrder', packed);
    expect(Buffer.from(ZipFile, 'base64').equals(Buffer.from(packed.bytes))).toBe(true);
    expect(bare.tencentcloud.calls()).toEqual([]);
  });

  test('a byte above it goes to a place of its own: environment, function, hash, day', async () => {
    const { service } = deploymentOf(bare.cloud);
    const code = await codeRequest(bare.cloud, service.envId, 'queryOrder', sized(1_500_001));
    expect(code).toEqual({
      CosBucketRegion: 'ap-shanghai',
      TempCosObjectName: expect.stringMatching(
        new RegExp(`^/\\d{8}/${ENV_ID}/queryOrder-f{16}\\.zip$`),
      ),
    });
  });
});

describe('storage that', () => {
  /** Admits any upload, and acts upon it. */
  async function uploadTo(act: (request: IncomingMessage, answer: ServerResponse) => void) {
    const server = createServer((request, answer) => {
      if (request.method === 'PUT') act(request, answer);
      else answer.end(JSON.stringify({ Response: { Date: '20261125', Sign: 'q-sign' } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoint = new URL(`http://127.0.0.1:${port}`);
    const cloud = openCloud({ ...bare.access, endpoint }, bare.cloud.wait);
    const packed = { bytes: randomBytes(1_500_001), sha256: '0'.repeat(64) };
    const { service } = deploymentOf(bare.cloud);
    const upload = codeRequest(cloud, service.envId, 'queryOrder', packed);
    const close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
    return { upload, close };
  }

  // What it does, the word for it, and what that leads to.
  test.each<[string, (request: IncomingMessage, answer: ServerResponse) => void, string, string]>([
    ['hangs up', (request) => request.socket.destroy(), 'NetworkError', 'query_first'],
    [
      'hangs up in the middle of its answer',
      (request, answer) => {
        answer.writeHead(200, { 'content-length': 100 });
        answer.write('half', () => request.socket.destroy());
      },
      'NetworkError',
      'query_first',
    ],
    [
      'refuses',
      (request, answer) => {
        request.resume();
        answer.writeHead(403).end('<Error/>');
      },
      'HTTP_403',
      'never',
    ],
    [
      'is not well',
      (request, answer) => {
        request.resume();
        answer.writeHead(503).end('<Error/>');
      },
      'HTTP_503',
      'query_first',
    ],
  ])('%s is no success', async (_what, act, code, retry) => {
    const { upload, close } = await uploadTo(act);
    const error = await failureOf(upload);
    expect(error).toMatchObject({ action: 'cos.PutObject', code, retry });
    expect(error.message).not.toContain('q-sign');
    await close();
  });
});
