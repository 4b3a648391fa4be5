import type { Fault } from '../faults.ts';

/** One side of an exchange as it went over the wire; an event or a result has no headers. */
export interface WireMessage {
  /** `POST /v3/pay/transactions/jsapi`, `200`, `event`, `result`. */
  line: string;
  headers: Record<string, string>;
  body: string;
}

/** An exchange holds what was sent, what came back, and what was printed meanwhile. */
export interface Exchange {
  sent: WireMessage;
  answered?: WireMessage | undefined;
  log?: readonly string[] | undefined;
  /** The faults that were left when somebody did it. */
  faults?: readonly Fault[] | undefined;
}

/** Keeps the newest exchanges by the ids of their entries. */
export interface Exchanges {
  keep(id: number, exchange: Exchange): void;
  find(id: number): Exchange | undefined;
  clear(): void;
}

/** The limits of what is kept: this many exchanges, of so many characters in all, none longer than this a body. */
export const EXCHANGES_MAX = 5000;
const CHARS_MAX = 16_000_000;
const BODY_CHARS_MAX = 64_000;

/** Builds the memory of exchanges; the oldest make room. */
export function createExchanges(charsMax = CHARS_MAX): Exchanges {
  const kept = new Map<number, { exchange: Exchange; chars: number }>();
  let chars = 0;
  const dropOldest = () => {
    const [oldest] = kept;
    if (!oldest) return;
    chars -= oldest[1].chars;
    kept.delete(oldest[0]);
  };
  return {
    keep: (id, { sent, answered, log, faults }) => {
      const exchange = { sent: cut(sent), answered: answered && cut(answered), log, faults };
      const size = charsOf(exchange);
      chars -= kept.get(id)?.chars ?? 0;
      kept.set(id, { exchange, chars: size });
      chars += size;
      while (kept.size > 1 && (chars > charsMax || kept.size > EXCHANGES_MAX)) dropOldest();
    },
    find: (id) => kept.get(id)?.exchange,
    clear: () => {
      kept.clear();
      chars = 0;
    },
  };
}

function charsOf({ sent, answered, log = [] }: Exchange): number {
  const bodies = sent.body.length + (answered?.body.length ?? 0);
  const headers = [sent, answered].flatMap((message) => Object.entries(message?.headers ?? {}));
  const texts = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return log.reduce((sum, line) => sum + line.length, bodies + texts);
}

function cut(message: WireMessage): WireMessage {
  const { body } = message;
  if (body.length <= BODY_CHARS_MAX) return message;
  return { ...message, body: `${body.slice(0, BODY_CHARS_MAX)}… (${body.length} chars)` };
}
