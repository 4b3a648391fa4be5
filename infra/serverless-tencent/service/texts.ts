/**
 * YAML reads an unquoted scalar as a number, a switch, a date or nothing where it can, and the
 * framework makes a text of that again: `12345e67` arrives as `1.2345e+71`. Only the text of the
 * file tells whether that happened.
 */
import { type Document, isAlias, isMap, isScalar, parseDocument, type Scalar } from 'yaml';

/** Places whose value is a text; `*` stands for any key. */
const TEXTS = everyForm([
  'service',
  'provider.stage',
  'provider.region',
  'provider.envId',
  'provider.runtime',
  'provider.engine',
  'provider.domain',
  'provider.storage',
  'provider.environment.*',
  'functions.*.handler',
  'functions.*.access',
  'functions.*.environment.*',
  'functions.*.events.*.timer.name',
  'functions.*.events.*.timer.cron',
  'functions.*.events.*.http.path',
  'collections.*.acl',
  'collections.*.indexes.*.name',
]);

/** Places whose keys are names. */
const NAMED = everyForm([
  'provider.environment',
  'functions',
  'functions.*.environment',
  'collections',
  'collections.*.indexes.*.keys',
]);

/** The framework takes functions as a list of maps, too. */
function everyForm(places: readonly string[]): string[][] {
  return places
    .flatMap((place) =>
      place.startsWith('functions') ? [place, place.replace('functions', 'functions.*')] : [place],
    )
    .map((place) => place.split('.'));
}

/** A value of the configuration, and where it stands. */
interface Place {
  path: readonly string[];
  value: unknown;
}

/**
 * Lists the texts of a configuration that are not certain to be what their author typed, by path:
 * unquoted scalars of `yml` that arrived as another text, and what variables gave that is no text.
 */
export function textFaults(configuration: unknown, yml: string): string[] {
  const source = parseDocument(yml);
  const values = TEXTS.flatMap((place) => placesIn(configuration, place)).filter(
    ({ path, value }) => !isCertain(value, plainAt(source, path)),
  );
  const keys = NAMED.flatMap((place) => placesIn(configuration, place)).flatMap((place) =>
    lostKeys(source, place).map((key) => ({ path: [...place.path, key] })),
  );
  return [...values, ...keys].map(
    ({ path }) =>
      `${path.join('.')}: 未加引号，到达时不是所写的文本，请加引号 (it does not arrive as it was typed: quote it)`,
  );
}

/** Lists what stands at a place, for every key that `*` meets. */
function placesIn(value: unknown, [key, ...rest]: readonly string[]): Place[] {
  if (key === undefined) return [{ path: [], value }];
  if (typeof value !== 'object' || value === null) return [];
  const found = Object.entries(value).filter(([name]) => key === '*' || name === key);
  return found.flatMap(([name, inner]) =>
    placesIn(inner, rest).map((place) => ({ path: [name, ...place.path], value: place.value })),
  );
}

/** Tells whether a value is the text that was typed, `plain` where it stands unquoted in the file. */
function isCertain(value: unknown, plain: Scalar | undefined): boolean {
  if (typeof value === 'string') {
    // A text of several lines is folded into one; a date of the file arrives as a longer text.
    return !plain || value === plain.source || value === plain.value;
  }
  if (value === null || value === undefined) return !plain?.source;
  // A map or a list is no scalar: the schema refuses it.
  if (typeof value === 'object' && !(value instanceof Date)) return true;
  return String(value) === plain?.source;
}

/** Finds an unquoted scalar of the file; undefined for anything else, variables among them. */
function plainAt(source: Document, path: readonly string[]): Scalar | undefined {
  const node = nodeAt(source, path);
  const isPlain = isScalar(node) && node.type === 'PLAIN' && !node.source?.includes('${');
  return isPlain ? node : undefined;
}

function nodeAt(source: Document, path: readonly string[]): unknown {
  const node = source.getIn(path, true);
  return isAlias(node) ? node.resolve(source) : node;
}

/** Lists the keys that were typed at a place and did not arrive by that name. */
function lostKeys(source: Document, { path, value }: Place): string[] {
  const map = nodeAt(source, path);
  if (!isMap(map) || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return map.items.flatMap(({ key }) => {
    const typed = isScalar(key) && key.type === 'PLAIN' ? (key.source ?? '') : undefined;
    const hasArrived = typed === undefined || typed === '<<' || Object.hasOwn(value, typed);
    return hasArrived ? [] : [typed];
  });
}
