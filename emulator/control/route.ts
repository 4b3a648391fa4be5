import * as z from 'zod/mini';
import type { HttpRequest } from '../world/wire/http.ts';
import type { Call } from './api/call.ts';
import {
  type AnswerOf,
  type BodyOf,
  type CallName,
  controlApi,
  type PathOf,
  type QueryOf,
} from './api/controlApi.ts';

/** A route gets the parts of its path, its query and its body, checked. */
export interface RouteRequest<K extends CallName = CallName> {
  path: PathOf<K>;
  query: QueryOf<K>;
  body: BodyOf<K>;
  request: HttpRequest;
}

/** One call of the control API with what it does. */
export interface Route {
  method: string;
  /** As OpenAPI writes it: `/_local/timers/{function}`. */
  path: string;
  call: Call;
  /** Answers JSON, or a response of its own. */
  run(request: { path: object; query: unknown; body: unknown; request: HttpRequest }): unknown;
}

/** Answers a call of the control API. */
export type Run<K extends CallName> = (
  request: RouteRequest<K>,
) => AnswerOf<K> | Response | Promise<AnswerOf<K> | Response>;

/** Says what a call of the control API does. */
export function route<K extends CallName>(name: K, run: Run<K>): Route {
  const [method = '', path = ''] = name.split(' ');
  return { method, path, call: controlApi[name], run: run as Route['run'] };
}

/** Writes the routes as an OpenAPI 3.1 document, so that neither can drift from the other. */
export function openApiOf(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, call } of routes) {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(path, call) };
  }
  const info = { title: 'scf-wechatpay local cloud', version: '1' };
  return { openapi: '3.1.0', info, paths };
}

function operationOf(path: string, call: Call): object {
  const { summary, query, body, answer, bodyFile, file } = call;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    summary,
    parameters: [...inPath, ...(query ? queryParameters(query) : [])],
    ...(body ? { requestBody: { required: true, content: contentOf(body, 'input') } } : {}),
    ...(bodyFile ? { requestBody: { required: true, content: fileContent(bodyFile) } } : {}),
    responses: {
      200: {
        description: 'OK',
        ...(answer ? { content: contentOf(answer, 'output') } : {}),
        ...(file ? { content: fileContent(file) } : {}),
      },
      400: { description: 'error {code, message, field}' },
    },
  };
}

function contentOf(schema: z.ZodMiniType, io: 'input' | 'output'): object {
  return { 'application/json': { schema: z.toJSONSchema(schema, { io }) } };
}

function fileContent(type: string): object {
  return { [type]: { schema: { type: 'string', format: 'binary' } } };
}

function queryParameters(query: z.ZodMiniType): object[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}
