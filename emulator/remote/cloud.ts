import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const USUAL_URL = 'http://127.0.0.1:7100';

/** A local cloud that runs, as a command in another terminal reaches it. */
export interface RunningCloud {
  /** Asks its control API; throws its refusal, or that nobody answers. */
  ask(method: string, path: string, body?: string | Uint8Array): Promise<Response>;
}

/** Reaches the local cloud at a port of this machine; without one, that of the project's `.env.local`. */
export function cloudAt(port: number | undefined, root: string): RunningCloud {
  const url = port === undefined ? noted(root) : `http://127.0.0.1:${port}`;
  return {
    ask: async (method, path, body) => {
      const headers = { accept: 'application/json' };
      const sent = body === undefined ? {} : { body: body as string };
      const answer = await fetch(`${url}/_local/${path}`, { method, headers, ...sent }).catch(
        () => {
          throw new Error(
            `${url}/ 没有本地云应答，先运行 npm start，或用 --port 指明 (no local cloud answers there: npm start, or name another --port)`,
          );
        },
      );
      if (answer.ok) return answer;
      const { error } = Object(await answer.json().catch(() => undefined));
      throw new Error(error ? refusalText(error) : `HTTP ${answer.status}`);
    },
  };
}

/** Writes a refusal of the control API, with the field that is to blame. */
function refusalText({ code, message, field }: { code: string; message: string; field?: string }) {
  return `${code}${field === undefined ? '' : ` ${field}`}: ${message}`;
}

/** Finds the local cloud that `npm start` noted, as `--stage local` does; else it is at the usual port. */
function noted(root: string): string {
  const file = join(root, '.env.local');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^LOCAL_URL='(http:\/\/127\.0\.0\.1:\d+)'$/m.exec(text)?.[1] ?? USUAL_URL;
}
