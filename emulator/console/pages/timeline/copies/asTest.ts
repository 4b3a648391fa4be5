import type { Event } from './repeatable.ts';
import { codeOf, type Values, valuesOf } from './values.ts';

/** A story tells what a test does, step by step, and what it then waits for. */
export interface Story {
  acts: readonly Event[];
  /** The entry that has to happen again; nothing where it is an act itself. */
  wanted: { what: string; status?: unknown } | undefined;
  order: string | undefined;
  /** The local cloud's address. */
  origin: string;
}

/** Writes a story as a test for vitest, which does the same to a local cloud and expects the same answers. */
export function asTest({ acts, wanted, order, origin }: Story): string {
  const values = valuesOf(acts);
  const names = acts.map(({ entry }) => `${entry.what} ${entry.subject ?? ''}`.trim());
  const hasFaults = acts.some(({ entry }) => entry.what === 'console.faults');
  const number = values.expressions.get(order ?? '');
  const steps = acts.flatMap((act, index) => stepOf(act, `step${index + 1}`, values));
  const body = [
    ...values.drawn.map((name) => `const ${name} = crypto.randomUUID().replaceAll('-', '');`),
    ...steps,
    ...(wanted && number ? waitFor(wanted, number) : []),
  ];
  return `${[
    `import { ${hasFaults ? 'afterAll, ' : ''}expect, test } from 'vitest';`,
    '',
    `const cloud = process.env.LOCAL_CLOUD ?? '${origin}';`,
    '',
    ...ASK,
    ...(hasFaults ? ["afterAll(() => ask('PUT', '/_local/faults', []));", ''] : []),
    `test(${JSON.stringify(names.join(', '))}, { timeout: 120_000 }, async () => {`,
    ...body.map((line) => (line === '' ? '' : `  ${line}`)),
    '});',
  ].join('\n')}\n`;
}

const ASK = [
  'async function ask(method: string, path: string, body?: unknown): Promise<any> {',
  "  const headers = { accept: 'application/json', 'content-type': 'application/json' };",
  '  const sent = body === undefined ? {} : { body: JSON.stringify(body) };',
  '  return (await fetch(cloud + path, { method, headers, ...sent })).json();',
  '}',
  '',
];

function stepOf(act: Event, name: string, values: Values): string[] {
  const [method = '', path = ''] = act.sent?.line.split(' ') ?? [];
  const body = bodyOf(act);
  const given = [`'${method}'`, pathCode(path, values)];
  if (body !== undefined) given.push(codeOf(body, values));
  return ['', `const ${name} = await ask(${given.join(', ')});`, ...expectations(act, name)];
}

/** Writes a path; a number in it that is drawn anew is put in. */
function pathCode(path: string, { expressions }: Values): string {
  const parts = path.split('/').map((part) => {
    const expression = expressions.get(decodeURIComponent(part));
    return expression === undefined ? part : `\${${expression}}`;
  });
  return `\`${parts.join('/')}\``;
}

/** Takes the body of an act; a jump to an instant, which is past by now, becomes one as far. */
function bodyOf({ entry, sent }: Event): unknown {
  const body: unknown = sent?.body ? JSON.parse(sent.body) : undefined;
  const { to, ...rest } = Object(body);
  if (entry.what !== 'console.clock' || typeof to !== 'string') return body;
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(entry.at)) / 1000));
  return { ...rest, advance: `PT${seconds}S` };
}

function expectations({ entry, answered }: Event, name: string): string[] {
  const answer = Object(answered?.body ? JSON.parse(answered.body) : {});
  const { errCode } = Object(answer.result);
  if (errCode !== undefined) return [expectation(`${name}.result`, { errCode })];
  if (answer.error) return [expectation(`${name}.error`, { code: answer.error.code })];
  if (entry.what === 'phone.cashier') return [expectation(name, { errMsg: answer.errMsg })];
  return [`expect(${name}.error).toBeUndefined();`];
}

function expectation(what: string, wanted: object): string {
  return `expect(${what}).toMatchObject(${JSON.stringify(wanted)});`;
}

function waitFor({ what, status }: NonNullable<Story['wanted']>, number: string): string[] {
  const wanted = status === undefined ? { what } : { what, detail: { status } };
  return [
    '',
    `const happened = () => ask('GET', \`/_local/events?order=\${${number}}\`);`,
    'await expect',
    '  .poll(happened, { timeout: 60_000 })',
    `  .toContainEqual(expect.objectContaining(${matcherOf(wanted)}));`,
  ];
}

function matcherOf({ what, detail }: { what: string; detail?: object }): string {
  if (!detail) return JSON.stringify({ what });
  return `{ what: ${JSON.stringify(what)}, detail: expect.objectContaining(${JSON.stringify(detail)}) }`;
}
