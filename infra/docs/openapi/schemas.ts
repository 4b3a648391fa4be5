/** Writes the contracts of functions as JSON Schemas: inputs as zod prints them, answers from their meanings. */
import * as z from 'zod/mini';
import type { ContractField } from '../../../emulator/control/api/contracts.ts';
import type { AnswerFields } from '../../../emulator/control/contracts/answerFields.ts';
import type { Meaning } from '../../../shared/contract/meanings/meaning.ts';

/** The parts of a JSON Schema that are read and written here. */
export interface Schema {
  $ref?: string;
  type?: string;
  enum?: (string | number)[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  pattern?: string;
  contentMediaType?: string;
  contentSchema?: Schema;
}

/** Writes a meaning in both languages, as errors do. */
export function textOf({ zh, en }: Meaning): string {
  return `${zh} (${en})`;
}

/** Writes an input: its form by its schema, what each field means and takes by the description of the contract. */
export function inputSchema(schema: z.ZodMiniType, forms: readonly ContractField[][]): Schema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return explained(json as Schema, forms, '');
}

function explained(json: Schema, forms: readonly ContractField[][], within: string): Schema {
  const { oneOf, anyOf, properties } = json;
  if (oneOf) return { ...json, oneOf: oneOf.map((each, at) => formOf(each, forms, within, at)) };
  if (anyOf) return { ...json, anyOf: anyOf.map((each, at) => formOf(each, forms, within, at)) };
  if (!properties) return json;
  const fields = new Map(forms.flat().map((field) => [field.name, field]));
  const pairs = Object.entries(properties).map(([name, property]) => {
    const path = within + name;
    const description = descriptionOf(fields.get(path));
    const inner = explained(property, forms, `${path}.`);
    return [name, description === undefined ? inner : { ...inner, description }];
  });
  return { ...json, properties: Object.fromEntries(pairs) };
}

/** Explains one of several forms: of the whole input each has fields of its own, within a field they share them. */
function formOf(json: Schema, forms: readonly ContractField[][], within: string, at: number) {
  const own = forms[at];
  return explained(json, within === '' && own ? [own] : forms, within);
}

function descriptionOf(field: ContractField | undefined): string | undefined {
  if (!field) return undefined;
  const texts = [textOf(field.meaning), ...field.limits];
  return texts.filter((text) => text !== ' ()').join('；');
}

const TYPES: Readonly<Record<ContractField['kind'], string>> = {
  text: 'string',
  number: 'integer',
  boolean: 'boolean',
  list: 'array',
  object: 'object',
  any: 'object',
};

/** Writes the fields of an answer. */
export function answerSchema(fields: AnswerFields): Schema {
  const pairs = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(pairs.map(([name, field]) => [name, fieldSchema(field)])),
    required: pairs.filter(([, { isAlways }]) => isAlways).map(([name]) => name),
  };
}

function fieldSchema({ kind, words, fields, zh, en }: AnswerFields[string]): Schema {
  const named = Object.entries(words ?? {}).map(([word, meaning]) => `${word}: ${textOf(meaning)}`);
  const description = [textOf({ zh, en }), ...named].join('；');
  const shape: Schema = { type: TYPES[kind], description };
  if (words) return { ...shape, enum: Object.keys(words) };
  if (kind === 'list') {
    return { ...shape, items: fields ? answerSchema(fields) : { type: 'string' } };
  }
  if (kind !== 'object') return shape;
  return { ...shape, ...(fields ? answerSchema(fields) : { additionalProperties: true }) };
}
