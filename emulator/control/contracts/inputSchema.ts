/** Writes the input of a function as JSON Schema: its form as zod prints it, what each field means beside it. */
import * as z from 'zod/mini';
import type { Meaning } from '../../../shared/contract/meanings/meaning.ts';
import type { ContractField } from '../api/contracts.ts';

/** The parts of a JSON Schema that are read and written here. */
export type Schema = {
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
};

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
