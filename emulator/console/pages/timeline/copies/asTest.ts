import type { Event } from './repeatable.ts';
import { codeOf, type Values, valuesOf } from './values.ts';

/** A story tells what a test does, step by step, and what it then waits for. */
export interface Story {
  acts: readonly Event[];
  /** So long after the last act it happened, by itself. */
  laterMs: number;
  /** The entry that has to happen again; nothing where it is an act itself. */
  wanted: { what: string; subject?: string; status?: unknown } | undefined;
  order: string | undefined;
  /** The local cloud's address. */
  origin: string;
}

/** Writes a story as a test for vitest, which does the same to a local cloud and expects the same answers. */
export function asTest({ acts, laterMs, wanted, order, origin }: Story): string {
  const values = valuesOf(acts);
  const names = acts.map(({ entry }) => nameOf(entry, values));
  const number = values.expressions.get(order ?? '');
  const steps = acts.flatMap((act, index) => stepOf(act, `step${index + 1}`, values));
  const body = [
    ...values.drawn.map((name) => `const ${name} = crypto.randomUUID().replaceAll('-', '');`),
    ...(wanted && !number ? SINCE : []),
    ...steps,
    ...(laterMs > 0 ? ['', advanceBy(laterMs)] : []),
    ...(wanted ? waitFor(wanted, values, number) : []),
  ];
  return `${[
    "import { afterAll, beforeAll, expect, test } from 'vitest';",
    '',
    `const cloud = process.env.LOCAL_CLOUD ?? '${origin}';`,
    '',
    ...ASK,
    ...faultsAround(acts),
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

/** Switches on the faults that were on when the first act was done, and afterwards those that the cloud has now. */
function faultsAround([first]: readonly Event[]): string[] {
  return [
    'let faults: unknown;',
    'beforeAll(async () => {',
    "  faults = await ask('GET', '/_local/faults');",
    `  await ask('PUT', '/_local/faults', ${JSON.stringify(first?.faults ?? [])});`,
    '});',
    "afterAll(() => ask('PUT', '/_local/faults', faults));",
    '',
  ];
}

/** Entries after the newest are looked through for what belongs to no order. */
const SINCE = ["const since = (await ask('GET', '/_local/events?limit=1'))[0]?.id ?? 0;"];

function advanceBy(laterMs: number): string {
  const advance = `PT${Math.ceil(laterMs / 1000)}S`;
  return `await ask('POST', '/_local/clock', { advance: '${advance}', timers: 'all' });`;
}

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

function waitFor(wanted: NonNullable<Story['wanted']>, values: Values, number?: string): string[] {
  const asked = number === undefined ? 'after' : 'order';
  const value = `\${${number ?? 'since'}}`;
  return [
    '',
    `const happened = () => ask('GET', \`/_local/events?${asked}=${value}\`);`,
    'await expect',
    '  .poll(happened, { timeout: 60_000 })',
    `  .toContainEqual(expect.objectContaining(${matcherOf(wanted, values)}));`,
  ];
}

function matcherOf(
  { what, subject, status }: NonNullable<Story['wanted']>,
  values: Values,
): string {
  const about = subject === undefined ? undefined : subjectCode(subject, values);
  const facts = [
    `what: ${JSON.stringify(what)}`,
    ...(about === undefined ? [] : [`subject: ${about}`]),
    ...(status === undefined
      ? []
      : [`detail: expect.objectContaining(${JSON.stringify({ status })})`]),
  ];
  return `{ ${facts.join(', ')} }`;
}

/** Writes a subject whose numbers are the story's, or that has none; another one is new in each run. */
function subjectCode(subject: string, values: Values): string | undefined {
  const parts = subject.split('/');
  const isKnown = parts.every((part) => values.expressions.has(part) || /^[A-Za-z]+$/.test(part));
  return isKnown ? pathCode(subject, values) : undefined;
}

/** Names an act; a number that is drawn anew is none of its name. */
function nameOf({ what, subject = '' }: Event['entry'], { expressions }: Values): string {
  return expressions.has(subject) ? what : `${what} ${subject}`.trim();
}
