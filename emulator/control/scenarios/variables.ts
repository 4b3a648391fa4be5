/** `$${` is the text `${` itself. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;

/** Lists the names in all texts of a value. */
export function namesIn(value: unknown): string[] {
  const names: string[] = [];
  mapTexts(value, (text) =>
    text.replace(REFERENCE, (whole, name?: string) => {
      if (name !== undefined) names.push(name);
      return whole;
    }),
  );
  return names;
}

/** Puts a value for each name in all texts of a value. */
export function filled(value: unknown, find: (name: string) => string): unknown {
  return mapTexts(value, (text) =>
    text.replace(REFERENCE, (_whole, name?: string) => (name === undefined ? '${' : find(name))),
  );
}

/** Writes a name in the place of each text that is one of the values. */
export function generalised(value: unknown, nameOf: (text: string) => string | undefined): unknown {
  return mapTexts(value, (text) => {
    const name = nameOf(text);
    return name === undefined ? text.replaceAll('${', '$$${') : reference(name);
  });
}

/** Writes a name so that its value is put there. */
export function reference(name: string): string {
  return `\${${name}}`;
}

/** Changes every text in JSON, but no key. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]);
  return Object.fromEntries(changed);
}

/** A plain value in JSON with the keys that lead to it. */
export interface Leaf {
  place: string;
  value: unknown;
}

/** Lists the plain values of an answer by their places, as `result.prepayId`; none under a key with a dot. */
export function leavesOf(value: unknown, place = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ place, value }];
  return Object.entries(value).flatMap(([key, each]) =>
    key.includes('.') ? [] : leavesOf(each, place === '' ? key : `${place}.${key}`),
  );
}

/** Reads what is at a place of an answer. */
export function valueAt(answer: unknown, place: string): unknown {
  return place
    .split('.')
    .reduce(
      (value: unknown, key) => (Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined),
      answer,
    );
}
