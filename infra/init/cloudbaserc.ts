/** The settings in a `cloudbaserc.json`, which CloudBase's own tools deploy by. Source: `pay-common`. */
import { isOfPayCommon } from './payCommon.ts';

/** Tells whether a text is meant as JSON: no line of an `.env` begins so. */
export const isJson = (text: string) => text.trimStart().startsWith('{');

/** The settings, or what is wrong, for a person. */
type ReadSettings =
  | { kind: 'settings'; settings: Record<string, string> }
  | { kind: 'fault'; fault: string };

const NOT_THERE =
  'JSON 中没有 pay-common 的 envVariables (no envVariables of pay-common in this JSON)';
const PLACED =
  '值写作 {{env.…}}，请以 --from 读取存有这些值的 .env (its values stand in an .env file: read that one)';

/** Reads the environment and the settings of pay-common; what is wrong is said for a person. */
export function settingsInJson(text: string): ReadSettings {
  const { envId, functions } = Object(parsed(text));
  const all: unknown[] = Array.isArray(functions) ? functions : [];
  const settings = all.map((one) => textsOf(Object(one).envVariables)).find(isOfPayCommon);
  if (!settings) return { kind: 'fault', fault: NOT_THERE };
  const isPlaced = Object.values(settings).some((value) => PLACEHOLDER.test(value));
  if (isPlaced) return { kind: 'fault', fault: PLACED };
  const environment = PLACEHOLDER.test(String(envId)) ? {} : textsOf({ TCB_ENV_ID: envId });
  return { kind: 'settings', settings: { ...environment, ...settings } };
}

const PLACEHOLDER = /^\{\{.*\}\}$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps what is text: the settings of functions are. */
function textsOf(values: unknown): Record<string, string> {
  const texts = Object.entries(Object(values)).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return Object.fromEntries(texts);
}
