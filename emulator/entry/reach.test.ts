/** The local cloud over real sockets, as another device in the network reaches it, and its own machine. */
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyLocalCloud } from '../../tests/support/localCloud.ts';
import type { LocalCloud } from '../main.ts';

const isInNetwork = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .some(({ internal, family }) => !internal && family === 'IPv4');

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud({}, { host: '0.0.0.0' });
});
afterAll(() => cloud.close());

test('this machine needs no token', async () => {
  expect((await fetch(`${cloud.url}/_local/world`)).status).toBe(200);
  expect((await fetch(`${cloud.url}/`)).status).toBe(200);
});

// A machine without a network has no other address to come from; entryHandler.test.ts plays it in process.
describe.skipIf(!isInNetwork)('another device', () => {
  const remote = () => {
    const [url = ''] = cloud.remoteUrls;
    return { url, origin: new URL(url).origin, token: url.split('/~')[1] ?? '' };
  };

  test('gets nothing without the token, wherever it asks', async () => {
    for (const path of ['/', '/_local/world', '/v1/functions/refund', '/admin', '/v3/echo']) {
      const answer = await fetch(remote().origin + path, { method: 'POST', body: '{}' });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(await answer.json()).toMatchObject({ error: { code: 'TOKEN_MISSING' } });
    }
  });

  test('does by the address with the token what this machine does', async () => {
    const { url, origin, token } = remote();
    const world = (await (await fetch(`${url}/_local/world`)).json()) as { envId: string };
    expect(world.envId).toBe('local-env');
    const first = await fetch(`${url}/`, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const headers = { cookie, origin, accept: 'application/json' };
    const page = await fetch(`${origin}/`, { headers });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')]);
    const reset = await fetch(`${origin}/_local/reset`, { method: 'POST', headers });
    expect(reset.status).toBe(200);
    const foreign = { ...headers, origin: 'http://evil.example' };
    const refused = await fetch(`${origin}/_local/reset`, { method: 'POST', headers: foreign });
    expect(await refused.json()).toMatchObject({ error: { code: 'FORBIDDEN' } });
    const missing = await fetch(`${url}/nothing`);
    expect(await missing.text()).not.toContain(token);
    expect(JSON.stringify(cloud.world.timeline.recent())).not.toContain(token);
  });
});
