import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { emptyLocalCloud } from '../../tests/support/localCloud.ts';

interface Configuration {
  mcpServers: Record<string, { command: string; args: string[] }>;
}

/** Reads the command that the guide gives to a client, for this checkout. */
function commandOfTheGuide(): string {
  const path = 'docs/zh/local-cloud.md';
  const { blocks } = pageOf({ path, text: readFileSync(path, 'utf8') });
  const [configuration] = blocks.filter(({ info }) => info === 'json');
  const { mcpServers } = JSON.parse(configuration?.text ?? '') as Configuration;
  const [server] = Object.values(mcpServers);
  if (!server) throw new Error('the guide configures no server');
  const quoted = [server.command, ...server.args].map((part) => `'${part}'`).join(' ');
  expect(quoted).toContain('/path/to/scf-wechatpay');
  return quoted.replace('/path/to/scf-wechatpay', process.cwd());
}

test('the command serves the newest protocol over its output, where nothing else stands', async () => {
  const cloud = await emptyLocalCloud();
  onTestFinished(cloud.close);
  const folder = await mkdtemp(join(tmpdir(), 'mcp-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'output');
  const { port } = new URL(cloud.url);
  const args = ['-c', `${commandOfTheGuide()} --port ${port} | tee '${file}'`];
  const transport = new StdioClientTransport({ command: 'sh', args, cwd: folder });
  const versionNegotiation = { mode: { pin: '2026-07-28' } };
  const client = new Client({ name: 'agent', version: '1' }, { versionNegotiation });
  await client.connect(transport);
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('place_order');
  const moved = await client.callTool({ name: 'move_clock', arguments: { advance: 'PT168H' } });
  expect(moved).toMatchObject({ structuredContent: { offsetMs: expect.any(Number) } });
  expect(await client.callTool({ name: 'get_clock' })).toMatchObject({
    structuredContent: { offsetMs: (moved.structuredContent as { offsetMs: number }).offsetMs },
  });
  // The last line may be on its way into the file.
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});
