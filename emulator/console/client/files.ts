import type { AnswerOf } from '../../control/api/controlApi.ts';
import { resultOf } from './client.ts';

/** The address at which a saved world is downloaded as a file. */
export function worldFileAt(name: string): string {
  return `/_local/snapshots/${encodeURIComponent(name)}`;
}

/** The address at which a scenario is downloaded as a file. */
export function scenarioFileAt(name: string): string {
  return `/_local/scenarios/${encodeURIComponent(name)}`;
}

/** Keeps a file as a saved world once the local cloud found it whole; a refusal is thrown as one. */
export function importWorld(
  name: string,
  file: Blob,
  manner: 'new' | 'replace',
): Promise<AnswerOf<'PUT /_local/snapshots/{name}'>> {
  return put(`${worldFileAt(name)}?replace=${manner === 'replace'}`, file, 'application/gzip');
}

/** Keeps a file as a scenario once the local cloud found that it can be played; a refusal is thrown as one. */
export function importScenario(
  name: string,
  file: Blob,
  manner: 'new' | 'replace',
): Promise<AnswerOf<'PUT /_local/scenarios/{name}'>> {
  return put(`${scenarioFileAt(name)}?replace=${manner === 'replace'}`, file, 'application/json');
}

async function put<T>(address: string, file: Blob, type: string): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': type };
  const answer = await fetch(address, { method: 'PUT', headers, body: file }).catch(
    () => undefined,
  );
  return resultOf(answer);
}
