/** Calls functions as WeDa does by the tables of its guide: what is declared is sent and bound, nothing else. */
import type { Runner } from '../../emulator/runner/runner.ts';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { quotedIn, rowsOf } from '../../infra/lint/tables.ts';

/** A field as somebody has typed it into the editor of schemas. */
export interface Declared {
  name: string;
  type: string;
  isNeeded: boolean;
}

/** A method as somebody has made it by the page. */
export interface Method {
  id: string;
  function: string;
  input: Declared[];
  output: Declared[];
  sample: Record<string, unknown>;
}

/** Reads the methods of the guide, as the page has them. */
export function methodsOf(text: string): Method[] {
  const [, generated = ''] = text.split('<!-- npm run docs:api -->');
  const [head = '', ...sections] = generated.split(/^### /m).slice(1);
  const every = tablesOf(head).flat().map(declaredIn);
  const outputs = new Map<string, Declared[]>();
  return sections.map((section) => {
    const [[facts = []] = [], input = [], output] = tablesOf(section);
    const [id = ''] = quotedIn(facts[0] ?? '');
    const [name = ''] = quotedIn(facts[4] ?? '');
    if (output) outputs.set(id, output.map(declaredIn));
    const [, same = ''] = /^出参同 `(\w+)`$/m.exec(section) ?? [];
    const own = outputs.get(output ? id : same) ?? [];
    const [sample] = pageOf({ path: id, text: section }).blocks;
    return {
      id,
      function: name,
      input: input.map(declaredIn),
      output: [...every, ...own],
      sample: JSON.parse(sample?.text ?? 'null'),
    };
  });
}

/** Lists the tables of a text, each as the cells of its rows. */
function tablesOf(text: string): string[][][] {
  const tables = text.split(/\n\n/).filter((part) => part.trim().startsWith('|'));
  return tables.map((table) => rowsOf(table.trim()).map(({ cells }) => cells));
}

function declaredIn([name = '', type = '', needed = '']: readonly string[]): Declared {
  const [field = ''] = quotedIn(name);
  return { name: field, type, isNeeded: needed === '是' };
}

/** Who calls through WeDa: by an API method, with the user's OPENID or without. */
export type Identity = { chain: string; openid?: string };

/** Calls a method of the function kind; `empty` is how the editor leaves out what nobody filled in. */
export async function callMethod(
  runner: Pick<Runner, 'invoke'>,
  method: Method,
  {
    data,
    as,
    empty,
  }: { data: Record<string, unknown>; as: Identity; empty?: null | '' | undefined },
): Promise<Record<string, unknown>> {
  const { result, error } = await runner.invoke(method.function, declared(method, data, empty), {
    kind: 'function',
    ...as,
  });
  if (error) throw new Error(`${method.id}: ${error.message}`);
  return bound(method, result as Record<string, unknown>);
}

/** Leaves the declared inputs alone, with those that nobody filled in as the editor sends them. */
export function declared(
  { id, input }: Method,
  data: Record<string, unknown>,
  empty: null | '' | undefined,
): Record<string, unknown> {
  for (const { name, isNeeded } of input) {
    if (isNeeded && !(name in data)) throw new Error(`${id}: ${name} is needed`);
  }
  const sent = input.map(({ name }) => [name, name in data ? data[name] : empty]);
  return Object.fromEntries(sent.filter(([, value]) => value !== undefined));
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  文本: (value) => typeof value === 'string',
  数字: (value) => typeof value === 'number',
  布尔值: (value) => typeof value === 'boolean',
  对象: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  数组: (value) => Array.isArray(value),
};

/** Takes from an answer what is declared, of the declared type; refuses a good answer that has more. */
export function bound(
  { id, output }: Method,
  answer: Record<string, unknown>,
): Record<string, unknown> {
  const flat = flatten(answer);
  for (const [name, value] of flat) {
    const field = output.find((each) => each.name === name);
    if (!field && (name === 'errCode' || answer.resultCode === 'FAIL')) continue;
    if (!field) throw new Error(`${id}: ${name} is not declared`);
    if (!TYPES[field.type]?.(value)) throw new Error(`${id}: ${name} is no ${field.type}`);
  }
  const names = new Set(output.map(({ name }) => name));
  return Object.fromEntries(Object.entries(answer).filter(([name]) => names.has(name)));
}

/** Lists every field with its path as the tables write it: `payment.appId`, `refunds[].state`. */
function flatten(value: object, within = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    const own: [string, unknown] = [within + key, each];
    if (Array.isArray(each)) {
      return [own, ...each.flatMap((entry) => flatten(Object(entry), `${within}${key}[].`))];
    }
    if (typeof each !== 'object' || each === null) return [own];
    return [own, ...flatten(each, `${within}${key}.`)];
  });
}
