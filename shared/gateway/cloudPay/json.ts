import { Fields, Malformed, parseJson } from '../read.ts';

/**
 * Makes the fields of an answer or event readable under one spelling: logs show camelCase where
 * documents print snake_case (CloudPay logs). A name that is there in both is malformed.
 */
export function fieldsOf(value: unknown): Fields {
  return new Fields(snakeCased(value));
}

/** Reads the bytes of an answer. */
export function readAnswer(bytes: Uint8Array): Fields {
  return fieldsOf(parseJson(bytes));
}

/** Only `payment` is an object inside; what lies deeper is read by nobody. */
const DEPTH = 2;

function snakeCased(value: unknown, depth = DEPTH): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || depth === 0) return value;
  const pairs = Object.entries(value).map(([name, inner]) => [
    snake(name),
    snakeCased(inner, depth - 1),
  ]);
  const spelt = Object.fromEntries(pairs) as Record<string, unknown>;
  if (Object.keys(spelt).length === pairs.length) return spelt;
  const names = pairs.map(([name]) => String(name));
  throw new Malformed(names.find((name, at) => names.indexOf(name) !== at) ?? 'json');
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
