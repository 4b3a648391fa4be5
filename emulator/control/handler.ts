import { en, zhCN } from 'zod/locales';
import type * as z from 'zod/mini';
import { ConnectionReset } from '../world/connectionReset.ts';
import type { HttpRequest } from '../world/wire/http.ts';
import type { World } from '../world/world.ts';
import { recordAct } from './acts.ts';
import type { ControlDeps } from './deps.ts';
import { RefusalError } from './errors.ts';
import type { Route } from './route.ts';
import { routesOf } from './routes.ts';
import { createRecorder, type Recorder } from './scenarios/recorder.ts';
import { createScenarios } from './scenarios/scenarios.ts';

/** Makes the control API under `/_local/`; the page, the tests and scripts use it alike. */
export function createHandler(deps: ControlDeps): (request: HttpRequest) => Promise<Response> {
  const recorder = createRecorder(deps);
  const scenarios = createScenarios(deps, recorder, (method, path, body) =>
    handle(
      new Request(`${deps.url}${path}`, {
        method,
        headers: { host: new URL(deps.url).host, accept: 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    ),
  );
  const routes = routesOf(deps, scenarios).map((route) => ({
    route,
    pattern: patternOf(route.path),
  }));
  async function handle(request: HttpRequest): Promise<Response> {
    try {
      refuseForeign(request, deps.url);
      const { pathname } = new URL(request.url);
      const matching = routes.filter(({ pattern }) => pattern.test(pathname));
      const found = matching.find(({ route }) => route.method === request.method);
      if (!found)
        throw unknownRoute(
          request.method,
          pathname,
          matching.map(({ route }) => route.method),
        );
      const result = await answer({ ...found, recorder, world: deps.world }, request);
      return result instanceof Response ? result : masked(deps, result, 200);
    } catch (error) {
      const refusal = asRefusal(error);
      const { code, message, field } = refusal;
      return masked(deps, { error: { code, message, field } }, refusal.status);
    }
  }
  return async (request) => guarded(await handle(request));
}

/** Keeps a browser from handing an answer to a page of another site, and from reading it as another type. */
function guarded(answer: Response): Response {
  answer.headers.set('x-content-type-options', 'nosniff');
  answer.headers.set('cross-origin-resource-policy', 'same-origin');
  return answer;
}

/** Answers JSON in which no secret of a function is, whatever one of them printed, stored or answered. */
function masked({ mask }: ControlDeps, value: object, status: number): Response {
  const headers = { 'content-type': 'application/json' };
  return new Response(mask(JSON.stringify(value)), { status, headers });
}

/** Makes a refusal of everything that is thrown: every answer is JSON, that to a fault of ours too. */
function asRefusal(error: unknown): RefusalError {
  if (error instanceof ConnectionReset) return resetError();
  if (error instanceof RefusalError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  const [what = ''] = text.split('\n');
  return new RefusalError(500, 'INTERNAL', `本地云出错 (a fault of the local cloud): ${what}`);
}

function resetError(): RefusalError {
  return new RefusalError(
    409,
    'RESET',
    '其间世界已被清空或替换，请重来 (the world was emptied or replaced meanwhile)',
  );
}

interface Found {
  route: Route;
  pattern: RegExp;
  recorder: Recorder;
  world: World;
}

async function answer(
  { route, pattern, recorder, world }: Found,
  request: HttpRequest,
): Promise<object> {
  const { pathname, searchParams } = new URL(request.url);
  const groups = pattern.exec(pathname)?.groups ?? {};
  const path = Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decoded(name, value)]),
  );
  const { call } = route;
  const query = call.query ? checked(call.query, Object.fromEntries(searchParams), 'query') : {};
  const body = call.body ? checked(call.body, jsonOf(await request.text()), 'body') : undefined;
  const act = { method: route.method, template: route.path, pathname, body };
  const run = () => recorder.during(act, async () => route.run({ path, query, body, request }));
  const result = await recordAct(world, { method: route.method, path: pathname, body }, run);
  return (result as object | undefined) ?? {};
}

function decoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new RefusalError(400, 'INVALID', '不是 UTF-8 的百分号编码 (no UTF-8)', name);
  }
}

const { localeError: chinese } = zhCN();
const { localeError: english } = en();

/** Says what is expected, in both languages. */
const wordIssue: z.core.$ZodErrorMap = (issue) => `${chinese(issue)} (${english(issue)})`;

/** Checks what came; the first field that is wrong is named. */
function checked(schema: z.ZodMiniType, value: unknown, what: 'body' | 'query'): unknown {
  const parsed = schema.safeParse(value, { error: wordIssue });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue && 'keys' in issue ? (issue.keys as string[])[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown ? [unknown] : [])].join('.') || what;
  throw new RefusalError(400, 'INVALID', issue?.message ?? '', field);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusalError(400, 'INVALID', '请求体不是 JSON (the body is no JSON)', 'body');
  }
}

/**
 * A web page elsewhere must not drive the local cloud through its visitor's browser: the Host must
 * be the loopback address (no rebound name), and an Origin, where there is one, ours.
 */
function refuseForeign(request: HttpRequest, url: string): void {
  const { host: ours, port } = new URL(url);
  const host = request.headers.get('host') ?? '';
  const origin = request.headers.get('origin');
  const known = [ours, `localhost:${port}`];
  const foreign = origin !== null && !known.some((name) => origin === `http://${name}`);
  if (known.includes(host) && !foreign) return;
  throw new RefusalError(
    403,
    'FORBIDDEN',
    '仅限本机访问 (from this machine and its page only)',
    'host',
  );
}

function unknownRoute(method: string, pathname: string, allowed: string[]): RefusalError {
  if (allowed.length === 0)
    return new RefusalError(404, 'NOT_FOUND', `没有 ${pathname} (nothing here)`);
  const message = `${method} 不可用，可用 (allowed): ${allowed.join(', ')}`;
  return new RefusalError(405, 'METHOD', message);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}
