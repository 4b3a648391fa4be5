import { readFileSync } from 'node:fs';
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { RunningCloud } from '../remote/cloud.ts';
import { shortAnswer } from './answer.ts';
import { toolInput, toolRequest } from './toolInput.ts';
import { type Tool, tools } from './tools.ts';

/** Finds the cloud anew for each call: it may be started, and stopped, while an agent works. */
type FindCloud = () => RunningCloud;

const INSTRUCTIONS = `scf-wechatpay 的本地云：没有真钱，没有账号。付没付以 query_order 为准，不以收银台的应答为准；金额单位为分；时间是虚拟的，用 move_clock 推进。
The local cloud of scf-wechatpay: no real money, no account. query_order says whether an order is paid, never the cashier's answer; amounts are in fen; time is virtual, and move_clock moves it.`;

/** Serves the tools over this process's input and output, where nothing else may be written. */
export function serveMcp(findCloud: FindCloud): void {
  serveStdio(() => createMcpServer(findCloud));
}

/** Makes a server of the Model Context Protocol whose tools are calls of the control API. */
export function createMcpServer(findCloud: FindCloud): Server {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const capabilities = { tools: {} };
  const server = new Server({ name, version }, { capabilities, instructions: INSTRUCTIONS });
  server.setRequestHandler('tools/list', () => ({ tools: Object.entries(tools).map(described) }));
  server.setRequestHandler('tools/call', ({ params }) => {
    const tool = Object.hasOwn(tools, params.name) ? tools[params.name] : undefined;
    if (!tool) throw unknownTool(params.name);
    return answerOf(findCloud, tool, params.arguments ?? {}).catch(toolErrorOf);
  });
  return server;
}

function described([name, tool]: [string, Tool]) {
  const { call, zh, en } = tool;
  const isReading = call.startsWith('GET ');
  return {
    name,
    description: `${zh}\n${en}`,
    inputSchema: toolInput(tool),
    // All of it is this machine's own world.
    annotations: {
      readOnlyHint: isReading,
      destructiveHint: name === 'load_world',
      openWorldHint: false,
    },
  };
}

async function answerOf(
  findCloud: FindCloud,
  tool: Tool,
  given: Record<string, unknown>,
): Promise<CallToolResult> {
  const { method, path, body } = toolRequest(tool, given);
  const answer = await findCloud().ask(method, path, body);
  const structuredContent = shortAnswer(await answer.json());
  const content = [{ type: 'text' as const, text: JSON.stringify(structuredContent) }];
  return { content, structuredContent };
}

function toolErrorOf(error: unknown): CallToolResult {
  const text = error instanceof Error ? error.message : String(error);
  return { content: [{ type: 'text', text }], isError: true };
}

function unknownTool(name: string): ProtocolError {
  const names = Object.keys(tools).join(', ');
  const message = `没有工具 ${name}，可以是 (no such tool, these are): ${names}`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
