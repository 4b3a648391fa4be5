/** Writes the answers of functions as JSON Schemas, from their meanings. */
import type { ContractField } from '../../../emulator/control/api/contracts.ts';
import type { AnswerFields } from '../../../emulator/control/contracts/answerFields.ts';
import { type Schema, textOf } from '../../../emulator/control/contracts/inputSchema.ts';

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
