import { missingParameter, refuse } from '../errors.ts';

/** The parameters of one request, as parsed from its JSON; `null` counts as left out. */
export type Params = Readonly<Record<string, unknown>>;

/** Checks whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(name: string, wanted: string) {
  return refuse('InvalidParameter', `参数 ${name} 应为 ${wanted} (${name} must be ${wanted})`);
}

/** Reads a text that may be left out. */
export function optionalText(params: Params, name: string): string | undefined {
  const value = params[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw wrongType(name, 'a string');
  return value;
}

/** Reads a text that must be there and not empty. */
export function requiredText(params: Params, name: string): string {
  const text = optionalText(params, name);
  if (!text) throw missingParameter(name);
  return text;
}

/** Reads a whole number; some of the API's own fields travel as text (`ListAliases.Offset`). */
export function optionalInteger(params: Params, name: string): number | undefined {
  const value = params[name] ?? undefined;
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw wrongType(name, 'an integer');
  }
  return number;
}

/** Reads a switch that may be left out. */
export function optionalBoolean(params: Params, name: string): boolean | undefined {
  const value = params[name] ?? undefined;
  if (value !== undefined && typeof value !== 'boolean') throw wrongType(name, 'a boolean');
  return value;
}

/** Reads an object that may be left out. */
export function optionalObject(params: Params, name: string): Params | undefined {
  const value = params[name] ?? undefined;
  if (value !== undefined && !isObject(value)) throw wrongType(name, 'an object');
  return value;
}

/** Reads an object that must be there. */
export function requiredObject(params: Params, name: string): Params {
  const value = optionalObject(params, name);
  if (!value) throw missingParameter(name);
  return value;
}

/** Reads a list of objects; left out is empty. */
export function objects(params: Params, name: string): Params[] {
  const value = params[name] ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrongType(name, 'a list of objects');
  return value;
}

/** Reads a list of texts; left out is empty. */
export function texts(params: Params, name: string): string[] {
  const value = params[name] ?? [];
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (!isTexts) throw wrongType(name, 'a list of strings');
  return value;
}

/** Reads `Filters: [{Name, Values}]`; a name that is not in `known` is refused. */
export function filters(params: Params, known: readonly string[]): Map<string, string[]> {
  return new Map(
    objects(params, 'Filters').map((filter) => {
      const name = requiredText(filter, 'Name');
      if (!known.includes(name)) {
        const list = known.join(', ');
        throw refuse(
          'InvalidParameterValue',
          `Filters: 未知的 ${name} (${name} is none of ${list})`,
        );
      }
      return [name, texts(filter, 'Values')];
    }),
  );
}

/** Cuts one page of a list: `Offset` (0) and `Limit` (`limit`, at most `limitMax`). */
export function pageOf<T>(params: Params, rows: readonly T[], limit = 20, limitMax = 1000): T[] {
  const offset = optionalInteger(params, 'Offset') ?? 0;
  const count = optionalInteger(params, 'Limit') ?? limit;
  if (offset < 0 || count < 0 || count > limitMax) {
    throw refuse(
      'InvalidParameterValue',
      `Offset 应 ≥ 0，Limit 应为 0–${limitMax} (Offset from 0, Limit from 0 to ${limitMax})`,
    );
  }
  return rows.slice(offset, offset + count);
}
