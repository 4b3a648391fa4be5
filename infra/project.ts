import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A function as `serverless.yml` describes it, defaults of the provider filled in. */
export interface ProjectFunction {
  name: string;
  timeoutMs: number;
  memoryMb: number;
  timers: { name: string; cron: string }[];
  routes: { path: string }[];
}

/** What `serverless.yml` says. */
export interface Project {
  region: string;
  functions: ProjectFunction[];
}

type Fields = Record<string, unknown>;

/** Reads `serverless.yml` under `root`; throws an Error that names what is wrong by its path. */
export async function readProject(root: string): Promise<Project> {
  const yml: unknown = parse(await readFile(join(root, 'serverless.yml'), 'utf8'));
  const { provider, functions } = fieldsOf(yml, 'serverless.yml');
  const defaults = fieldsOf(provider, 'provider');
  const named = Object.entries(fieldsOf(functions, 'functions'));
  return {
    region: textOf(defaults.region, 'provider.region'),
    functions: named.map(([name, described]) =>
      functionOf(name, fieldsOf(described, name), defaults),
    ),
  };
}

function functionOf(name: string, described: Fields, defaults: Fields): ProjectFunction {
  const path = `functions.${name}`;
  const wanted = `functions/${name}/index.main`;
  if (described.handler !== wanted) throw new Error(`${path}.handler: ${wanted} is expected`);
  const events = described.events === undefined ? [] : listOf(described.events, `${path}.events`);
  const of = (kind: string) =>
    events.flatMap((event, at) => {
      const found = fieldsOf(event, `${path}.events.${at}`)[kind];
      return found === undefined ? [] : [fieldsOf(found, `${path}.events.${at}.${kind}`)];
    });
  return {
    name,
    timeoutMs: numberOf(described.timeout ?? defaults.timeout, `${path}.timeout`) * 1000,
    memoryMb: numberOf(described.memorySize ?? defaults.memorySize, `${path}.memorySize`),
    timers: of('timer').map((timer) => ({
      name: textOf(timer.name, `${path}.events.timer.name`),
      cron: textOf(timer.cron, `${path}.events.timer.cron`),
    })),
    routes: of('http').map((http) => ({ path: textOf(http.path, `${path}.events.http.path`) })),
  };
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error(`${path}: a mapping is expected`);
}

function listOf(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${path}: a list is expected`);
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${path}: a text is expected`);
}

function numberOf(value: unknown, path: string): number {
  if (typeof value === 'number' && value > 0) return value;
  throw new Error(`${path}: a number above 0 is expected`);
}
