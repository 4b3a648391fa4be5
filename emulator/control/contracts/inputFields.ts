import * as z from 'zod/mini';
import type { Meaning } from '../../../shared/contract/meanings/meaning.ts';
import type { ContractField } from '../api/contracts.ts';

/** The parts of a schema that are read as JSON Schema prints it. */
interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  enum?: string[];
  const?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

/** The meaning of each field by its name; those within another by both names: `abnormal.type`. */
export type Meanings = Readonly<Record<string, Meaning>>;

/** Lists the forms of an input, each with its fields: type and limits from its schema, the meaning given. */
export function inputsOf(schema: z.ZodMiniType, meanings: Meanings): ContractField[][] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const shapes = shapesOf(schema);
  return formsOf(json).map((form, index) => fieldsOf(form, shapes[index] ?? {}, meanings, ''));
}

function formsOf(json: JsonSchema): JsonSchema[] {
  return json.oneOf ?? json.anyOf ?? [json];
}

function fieldsOf(
  { properties = {}, required = [] }: JsonSchema,
  shape: Record<string, z.ZodMiniType>,
  meanings: Meanings,
  within: string,
): ContractField[] {
  return Object.entries(properties).flatMap(([key, json]) => {
    const name = within + key;
    const schema = shape[key];
    const meaning = meanings[name] ?? { zh: '', en: '' };
    const field: ContractField = {
      name,
      kind: kindOf(json),
      isAlways: required.includes(key) && json.default === undefined,
      meaning,
      limits: schema === undefined ? [] : limitsOf(schema),
      words: (json.enum ?? (json.const === undefined ? [] : [json.const])).map((word) => ({
        word,
      })),
      ...(json.default === undefined ? {} : { initial: String(json.default) }),
    };
    return [field, ...innerFields(json, schema, meanings, `${name}.`)];
  });
}

/** Lists the fields within one, each once, whichever of its forms has it. */
function innerFields(
  json: JsonSchema,
  schema: z.ZodMiniType | undefined,
  meanings: Meanings,
  within: string,
): ContractField[] {
  const shapes = schema === undefined ? [] : shapesOf(schema);
  const forms = formsOf(json).map((form, at) => fieldsOf(form, shapes[at] ?? {}, meanings, within));
  const all = forms.flat();
  const names = [...new Set(all.map(({ name }) => name))];
  return names.flatMap((name) => {
    const same = all.filter((field) => field.name === name);
    const [first] = same;
    if (!first) return [];
    const words = same.flatMap((field) => field.words);
    return [{ ...first, words, isAlways: same.length === forms.length }];
  });
}

const KINDS: Readonly<Record<string, ContractField['kind']>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  object: 'object',
  array: 'list',
};

function kindOf(json: JsonSchema): ContractField['kind'] {
  const [first = json] = formsOf(json);
  return KINDS[first.type ?? ''] ?? 'any';
}

/** The parts that are read of a schema's own definition, which JSON Schema does not print. */
interface Definition {
  innerType?: z.ZodMiniType;
  in?: z.ZodMiniType;
  out?: z.ZodMiniType;
  options?: z.ZodMiniType[];
  shape?: Record<string, z.ZodMiniType>;
  checks?: { _zod: { def: { error?: (issue: object) => unknown } } }[];
}

function definitionOf(schema: z.ZodMiniType): Definition {
  // Its type says nothing of the members: each kind of schema has others.
  const definition: Definition = Object(schema._zod.def);
  const { innerType, in: read, out } = definition;
  // Whatever is read by a transformation first is described by what comes after.
  const inner = innerType ?? (read?._zod.def.type === 'transform' ? out : read);
  return inner ? definitionOf(inner) : definition;
}

function shapesOf(schema: z.ZodMiniType): Record<string, z.ZodMiniType>[] {
  const { options, shape = {} } = definitionOf(schema);
  return options ? options.map((option) => definitionOf(option).shape ?? {}) : [shape];
}

/** Lists what its checks ask for, in the words by which they refuse. */
function limitsOf(schema: z.ZodMiniType): string[] {
  return (definitionOf(schema).checks ?? []).flatMap(({ _zod: { def } }) => {
    const [wording, ofAnother] = ['', 'x'].map((input) => def.error?.({ input }));
    if (typeof wording !== 'string') return [];
    return [wording === ofAnother ? wording : withoutInput(wording)];
  });
}

/** Leaves out what a refusal says of the value itself: its second clause, in both languages. */
function withoutInput(wording: string): string {
  return wording.replace(/，[^(]*/, ' ').replace(/,[^)]*/, '');
}
