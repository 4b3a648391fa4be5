import type { Fault } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { RefusalError } from './errors.ts';

/** A call of the control API that changes something. */
export interface Act {
  method: string;
  path: string;
  body: unknown;
}

interface Named {
  what: string;
  subject?: string;
  detail?: Record<string, unknown>;
}

const NO_ACTS = ['/_local/reset', '/_local/signature'];

/**
 * Puts an act on the timeline before it is done, with all that follows from it as its effects; its answer is kept
 * once it is there. A reset is none: it empties the timeline; nor is a diagnosis: it changes nothing, and brings keys.
 */
export async function recordAct<T>(world: World, act: Act, run: () => Promise<T>): Promise<T> {
  const { causes, timeline } = world;
  if (act.method === 'GET' || NO_ACTS.includes(act.path)) return run();
  const named = nameOf(act);
  const cause = causes.open({ startsChain: true, isOfMany: named.what.startsWith('console.') });
  const body = act.body === undefined ? '' : JSON.stringify(act.body);
  const sent = { line: `${act.method} ${act.path}`, headers: {}, body };
  const faults = faultsLeft(world);
  const id = timeline.add({ ...named, key: cause.key }, { sent, faults });
  const keep = (line: string, answer: unknown) => {
    const answered = { line, headers: {}, body: answer instanceof Response ? '' : jsonOf(answer) };
    timeline.keepExchange(id, { sent, faults, answered });
  };
  try {
    const result = await causes.within(cause, run);
    keep('200', result);
    return result;
  } catch (error) {
    if (error instanceof RefusalError) {
      const { status, code, message, field } = error;
      keep(String(status), { error: { code, message, field } });
    }
    throw error;
  }
}

function jsonOf(answer: unknown): string {
  return JSON.stringify(answer ?? {});
}

/** Lists the faults that are to happen still. */
function faultsLeft({ faults }: World): Fault[] {
  return faults
    .list()
    .filter(({ times }) => times !== 0)
    .map(({ taken: _, ...fault }) => fault);
}

function nameOf({ path, body }: Act): Named {
  if (path === '/_local/call') return nameOfCall(body as Record<string, unknown>);
  const [, , word = '', ...rest] = path.split('/').map(decodeURIComponent);
  const name = rest.at(-1) ?? '';
  if (word === 'cashier') {
    const { action } = body as { action: string };
    return { what: 'phone.cashier', subject: name, detail: { action } };
  }
  const what = `console.${word === 'console' ? 'refunds' : word}`;
  const [about, number] = rest;
  const order = word === 'wechatpay' && about === 'orders' ? { outTradeNo: number } : {};
  return {
    what,
    ...(name && word !== 'console' ? { subject: name } : {}),
    detail: { ...factsOf(body), ...order },
  };
}

function nameOfCall({ name, data, source, service }: Record<string, unknown>): Named {
  const isPhone =
    !service && (source === undefined || /^wx_(?:client|devtools)$/.test(`${source}`));
  const { outTradeNo } = Object(data);
  const detail = {
    ...(typeof outTradeNo === 'string' && { outTradeNo }),
    ...(service === true && { service }),
    ...(source !== undefined && { source }),
  };
  return { what: isPhone ? 'phone.call' : 'server.call', subject: String(name), detail };
}

/** Takes the plain fields of a body. */
function factsOf(body: unknown): Record<string, unknown> {
  if (Array.isArray(body)) return { count: body.length };
  const plain = Object.entries(Object(body)).filter(([, value]) => typeof value !== 'object');
  return Object.fromEntries(plain);
}
