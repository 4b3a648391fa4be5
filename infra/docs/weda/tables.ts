/** Writes the part of the WeDa guide that is generated: each method with what it takes and answers. */
import type { ContractField, DescribedContract } from '../../../emulator/control/api/contracts.ts';
import { headMeanings } from '../../../shared/contract/meanings/answers.ts';
import { type Bilingual, type Language, tableOf } from '../errorRows.ts';
import { KINDS, ROLES, type Use, type WedaMethod, wedaMethods } from './methods.ts';

const BEGIN = '<!-- npm run docs:api -->';
const END = '<!-- /npm run docs:api -->';

/** Puts the methods into a guide, between its marks, in place of what stands there. */
export function withMethods(
  page: string,
  language: Language,
  contracts: readonly DescribedContract[],
): string {
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${methodsIn(language, contracts)}\n\n${END}${after}`;
}

const TEXTS = {
  always: { zh: '每个方法的出参都有', en: 'What every method answers' },
  input: { zh: '入参：', en: 'Input:' },
  output: { zh: '出参，另有：', en: 'Output, beside those:' },
  sample: { zh: '方法测试的入参：', en: 'An input to try it with:' },
  same: { zh: '出参同', en: 'Output: that of' },
} as const satisfies Record<string, Bilingual>;

const HEADS = {
  facts: {
    zh: ['标识', '名称', '意图', '实现方式', '云函数', '允许的角色'],
    en: ['identifier', 'name', 'intent', 'made as', 'function', 'roles allowed'],
  },
  input: {
    zh: ['字段', '类型', '必填', '含义'],
    en: ['field', 'type', 'needed', 'meaning'],
  },
  output: { zh: ['字段', '类型', '含义'], en: ['field', 'type', 'meaning'] },
} as const;

const NEEDED: Record<Exclude<Use, 'none'>, Bilingual> = {
  needed: { zh: '是', en: 'yes' },
  optional: { zh: '可为空', en: 'may be empty' },
};

/** Types as the editor of schemas names them. */
const TYPES: Record<ContractField['kind'], Bilingual> = {
  text: { zh: '文本', en: 'text 「文本」' },
  number: { zh: '数字', en: 'number 「数字」' },
  boolean: { zh: '布尔值', en: 'boolean 「布尔值」' },
  object: { zh: '对象', en: 'object 「对象」' },
  list: { zh: '数组', en: 'array 「数组」' },
  any: { zh: '对象', en: 'object 「对象」' },
};

/** The number 0 or a text: a schema of WeDa has one type a field, so pages go by `resultCode`. */
const MIXED = 'errCode';

function isOfEvery({ name }: ContractField): boolean {
  return name in headMeanings;
}

function methodsIn(language: Language, contracts: readonly DescribedContract[]): string {
  const contractOf = (name: string) => {
    const found = contracts.find((each) => each.name === name);
    if (!found) throw new Error(`${name} is described nowhere`);
    return found;
  };
  const every = contractOf('queryOrder').answer.filter((field) => isOfEvery(field));
  const methods = wedaMethods.flatMap((method) => {
    const contract = contractOf(method.function);
    const first = wedaMethods.find((each) => each.function === method.function);
    const own = contract.answer.filter((field) => !isOfEvery(field));
    const output =
      first === method || first === undefined
        ? [TEXTS.output[language], outputTable(language, own)]
        : [`${TEXTS.same[language]} \`${first.id}\``];
    return [...methodIn(language, method, contract), ...output];
  });
  const head = [`### ${TEXTS.always[language]}`, outputTable(language, every)];
  return [...head, ...methods].join('\n\n');
}

/** Writes what a method is and takes. */
function methodIn(
  language: Language,
  method: WedaMethod,
  { name, inputs }: DescribedContract,
): string[] {
  const facts = [
    `\`${method.id}\``,
    method.name[language],
    method.intent[language],
    KINDS[method.kind][language],
    `\`${name}\``,
    ROLES[method.role][language],
  ];
  const rows = inputs.flat().flatMap((field) => {
    const row = inputRow(language, method, field);
    return row ? [row] : [];
  });
  return [
    `### ${method.id}`,
    tableOf(HEADS.facts[language], [facts]),
    TEXTS.input[language],
    tableOf(HEADS.input[language], rows),
    TEXTS.sample[language],
    `\`\`\`json\n${JSON.stringify(method.sample)}\n\`\`\``,
  ];
}

/** Writes a declared field of an input; of one within another its outer field decides. */
function inputRow(
  language: Language,
  { id, fields }: WedaMethod,
  field: ContractField,
): string[] | undefined {
  const use = fields[field.name.split('.')[0] ?? ''];
  if (use === undefined)
    throw new Error(`infra/docs/weda/methods.ts: what of ${id}.${field.name}?`);
  if (use === 'none') return undefined;
  return [
    `\`${field.name}\``,
    TYPES[field.kind][language],
    NEEDED[use][language],
    meaningOf(language, field),
  ];
}

function outputTable(language: Language, fields: readonly ContractField[]): string {
  const rows = fields
    .filter(({ name }) => name !== MIXED)
    .map((field) => [`\`${field.name}\``, TYPES[field.kind][language], meaningOf(language, field)]);
  return tableOf(HEADS.output[language], rows);
}

function meaningOf(language: Language, { meaning, words }: ContractField): string {
  const [colon, next] = language === 'zh' ? ['：', '；'] : [': ', '; '];
  const named = words.map((word) => {
    const text = word.meaning?.[language];
    return text === undefined ? `\`${word.word}\`` : `\`${word.word}\` ${text}`;
  });
  return [meaning[language], ...(named.length > 0 ? [named.join(next)] : [])].join(colon);
}
