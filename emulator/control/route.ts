import * as z from 'zod/mini';

/** A route gets the parts of its path, the query, and its body, checked. */
export interface RouteRequest<B> {
  path: Record<string, string>;
  query: URLSearchParams;
  body: B;
  request: Request;
}

/** One call of the control API; the OpenAPI document is made of these. */
export interface Route<B = unknown> {
  method: 'GET' | 'POST' | 'PUT';
  /** As OpenAPI writes it: `/_local/timers/{function}`. */
  path: string;
  /** Chinese, then English. */
  summary: string;
  body?: z.ZodMiniType<B>;
  /** Answers JSON, or a response of its own. */
  run(request: RouteRequest<B>): unknown;
}

/** Keeps a route's body and its run in one type. */
export function route<B>(definition: Route<B>): Route {
  return definition as unknown as Route;
}

/** Writes the routes as an OpenAPI 3.1 document, so that neither can drift from the other. */
export function openApiOf(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, summary, body } of routes) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const content = body && {
      'application/json': { schema: z.toJSONSchema(body, { io: 'input' }) },
    };
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        summary,
        parameters: names.map((name) => ({
          name,
          in: 'path',
          required: true,
          schema: { type: 'string' },
        })),
        ...(content ? { requestBody: { required: true, content } } : {}),
        responses: {
          200: { description: 'OK' },
          400: { description: 'error {code, message, field}' },
        },
      },
    };
  }
  const info = { title: 'scf-wechatpay local cloud', version: '1' };
  return { openapi: '3.1.0', info, paths };
}
