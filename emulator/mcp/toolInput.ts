import * as z from 'zod/mini';
import { contracts } from '../../shared/contract/contracts.ts';
import type { Call } from '../control/api/call.ts';
import { controlApi } from '../control/api/controlApi.ts';
import { describeContracts } from '../control/contracts/contracts.ts';
import { inputSchema, type Schema } from '../control/contracts/inputSchema.ts';
import type { Tool } from './tools.ts';

/** The input of a tool: fields of its call's path, query and body, all on one level. */
export type ToolInput = {
  type: 'object';
  properties: Record<string, Schema>;
  required: string[];
  additionalProperties: false;
};

/** A call of the control API, ready to be sent. */
export interface ToolRequest {
  method: string;
  /** Below `/_local/`. */
  path: string;
  body?: string;
}

/** The input of a tool does not fit; the message begins with the field. */
export class ToolInputError extends Error {}

/** Writes the input of a tool from the schemas of its call, which nothing repeats. */
export function toolInput({ call, fixed = {}, without = [] }: Tool): ToolInput {
  const hidden = [...without, ...Object.keys(fixed)];
  const isOffered = (name: string) => !hidden.includes(name);
  const { query, body } = controlApi[call] as Call;
  const parts = [schemaOf(query), schemaOf(body)];
  const inPath = pathNames(call);
  const properties = [
    ...inPath.map((name): [string, Schema] => [name, { type: 'string' }]),
    ...parts.flatMap((part) => Object.entries(part.properties ?? {})),
  ].filter(([name]) => isOffered(name));
  const required = [...inPath, ...parts.flatMap((part) => part.required ?? [])].filter(isOffered);
  const own = fixed.name && { data: functionInput(fixed.name) };
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), ...own },
    required: own ? [...required, 'data'] : required,
    additionalProperties: false,
  };
}

/** Makes the call of a tool; throws where a field is not the tool's, or one of the path is missing. */
export function toolRequest(tool: Tool, given: Readonly<Record<string, unknown>>): ToolRequest {
  const { call, fixed = {}, usual = {} } = tool;
  refuseUnknown(tool, given);
  const [method = '', template = ''] = call.split(' ');
  const { query, body } = controlApi[call] as Call;
  const inPath = pathNames(call);
  const inQuery = Object.keys(schemaOf(query).properties ?? {});
  const asked = Object.entries({ ...usual, ...given });
  const parameters = asked
    .filter(([name]) => inQuery.includes(name))
    .map(([name, value]): [string, string] => [name, String(value)]);
  const search = parameters.length === 0 ? '' : `?${new URLSearchParams(parameters)}`;
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => pathPart(name, given[name]));
  const rest = asked.filter(([name]) => ![...inPath, ...inQuery].includes(name));
  const sent = { ...Object.fromEntries(rest), ...fixed };
  const request = { method, path: `${path.replace('/_local/', '')}${search}` };
  return body ? { ...request, body: JSON.stringify(sent) } : request;
}

function refuseUnknown(tool: Tool, given: object): void {
  const known = Object.keys(toolInput(tool).properties);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = known.length > 0 ? known.join(', ') : '—';
  throw new ToolInputError(`${unknown}: 没有这个字段，可以是 (no such field, these are): ${names}`);
}

/** Writes a part of a path; no field leads to another call. */
function pathPart(name: string, value: unknown): string {
  if (typeof value === 'string' && !/^\.{0,2}$/.test(value)) return encodeURIComponent(value);
  throw new ToolInputError(`${name}: 应为非空字符串 (a text, not empty)`);
}

function pathNames(call: string): string[] {
  return [...call.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

function schemaOf(part: z.ZodMiniType | undefined): Schema {
  return part ? (z.toJSONSchema(part, { io: 'input' }) as Schema) : {};
}

const described = new Map(describeContracts().map(({ name, inputs }) => [name, inputs]));

function functionInput(name: keyof typeof contracts): Schema {
  return inputSchema(contracts[name].input, described.get(name) ?? []);
}
