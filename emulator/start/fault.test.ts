import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startFault } from './fault.ts';

const taken = Object.assign(new Error('taken'), { code: 'EADDRINUSE' });

test('a port that another program has is answered with a free one and data of its own', async () => {
  const other = createServer((_request, response) => void response.end('no cloud'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const data = `--data .local${port + 1}`;
  expect(await startFault(taken, { port })).toContain(`npm start -- --port ${port + 1} ${data}\n`);
});

test('the last port is followed by none that does not exist', async () => {
  expect(await startFault(taken, { port: 65_535 })).toContain('--port 65534 --data .local65534');
});

test('an address that this machine does not have is named, with what works', async () => {
  const missing = Object.assign(new Error('listen'), { code: 'EADDRNOTAVAIL' });
  const text = await startFault(missing, { port: 7100, host: '10.9.9.9' });
  expect(text).toMatch(/10\.9\.9\.9.*--host 0\.0\.0\.0/);
});
