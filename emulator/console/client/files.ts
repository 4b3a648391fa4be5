import type { AnswerOf } from '../../control/api/controlApi.ts';
import { resultOf } from './client.ts';

/** The address at which a saved world is downloaded as a file. */
export function worldFileAt(name: string): string {
  return `/_local/snapshots/${encodeURIComponent(name)}`;
}

/** Keeps a file as a saved world once the local cloud found it whole; a refusal is thrown as one. */
export async function importWorld(
  name: string,
  file: Blob,
): Promise<AnswerOf<'PUT /_local/snapshots/{name}'>> {
  const answer = await fetch(worldFileAt(name), {
    method: 'PUT',
    headers: { accept: 'application/json', 'content-type': 'application/gzip' },
    body: file,
  }).catch(() => undefined);
  return resultOf(answer);
}
