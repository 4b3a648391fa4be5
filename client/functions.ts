import { callHost, type HostAnswer, LATE } from './host.ts';
import { refusedByPlatform } from './platformErrors.ts';
import type { Answer, Host, QueryOrderAnswer, Refusal } from './types.ts';

/** The longest that a call of a function is waited for; a phone gives up sooner. */
const CALL_MS = 30_000;
/** The waits before repeats of a call that may be repeated. */
const REPEATS_MS = [1000, 3000];

/** Calls functions. */
export interface Functions {
  wait(ms: number): Promise<void>;
  /** Calls once. */
  call<T>(name: string, data: object): Promise<Answer<T>>;
  /** Calls again where that may help: only for what is the same, however often it is asked for. */
  callRepeatedly<T>(name: string, data: object): Promise<Answer<T>>;
  /** Orders that the server has called paid, by their numbers: no failure makes that doubtful. */
  paid: Map<string, QueryOrderAnswer>;
}

/** Makes calls of functions that answer a platform's failure in the form of a refusal. */
export function functionsOf(host: Required<Host>): Functions {
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      host.setTimeout(resolve, ms);
    });
  const call = async <T>(name: string, data: object): Promise<Answer<T>> => {
    const answered = callHost((callbacks) => host.callFunction({ name, data, ...callbacks }));
    return readAnswer(await Promise.race([answered, wait(CALL_MS).then(() => LATE)]));
  };
  const callRepeatedly = async <T>(name: string, data: object): Promise<Answer<T>> => {
    let answer = await call<T>(name, data);
    for (const ms of REPEATS_MS) {
      if (answer.errCode === 0 || !mayHelp(answer as Refusal)) break;
      await wait(ms);
      answer = await call<T>(name, data);
    }
    return answer;
  };
  return { wait, call, callRepeatedly, paid: new Map() };
}

/** Tells whether a repeat may help; where the server names a time, it is too early. */
function mayHelp({ advice, retryAt }: Refusal): boolean {
  return advice !== 'never' && retryAt === undefined;
}

function readAnswer<T>({ by, value }: HostAnswer): Answer<T> {
  const { result } = Object(value);
  const { errCode } = Object(result);
  const isAnswer = errCode === 0 || typeof errCode === 'string';
  return by !== 'fail' && isAnswer ? result : refusedByPlatform(value);
}
