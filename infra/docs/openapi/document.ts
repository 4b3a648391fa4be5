/** Assembles the OpenAPI document of the functions that a merchant's server calls over CloudBase's HTTP API. */
import { describeContracts } from '../../../emulator/control/contracts/contracts.ts';
import {
  inputSchema,
  type Schema,
  textOf,
} from '../../../emulator/control/contracts/inputSchema.ts';
import { answerOf } from '../../../shared/contract/answer.ts';
import { callersOf, type FunctionName } from '../../../shared/contract/callers.ts';
import { contracts } from '../../../shared/contract/contracts.ts';
import { answerMeanings, headMeanings } from '../../../shared/contract/meanings/answers.ts';
import { type Example, examples } from './examples.ts';
import { answerSchema } from './schemas.ts';

/** The functions that take calls of a server: each is a path. */
export const apiFunctions = (Object.keys(contracts) as FunctionName[]).filter((name) =>
  callersOf[name].some((kind) => kind === 'service'),
);

const described = new Map(describeContracts().map((each) => [each.name, each]));

/** Writes the document, in OpenAPI 3.1. */
export function openApiDocument(version: string): object {
  const paths = apiFunctions.map((name) => [`/v1/functions/${name}`, { post: operationOf(name) }]);
  return {
    openapi: '3.1.0',
    info: { title: 'scf-wechatpay', version, description: ABOUT, license: LICENSE },
    servers: SERVERS,
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: API_KEY } },
      headers: { RequestId: { schema: { type: 'string' }, description: '请求编号 (its id)' } },
      responses: { GatewayError },
      schemas: { ...Object.fromEntries(apiFunctions.flatMap(schemasOf)), Refusal, GatewayFailure },
    },
  };
}

const REQUEST_ID = '5a0bfd5c-6c4f-4b0e-9a5e-5f6f7b1b2a30';
const LICENSE = { name: 'MIT', identifier: 'MIT' };

const ABOUT = `由 \`npm run docs:api\` 从 shared/contract 生成 (generated from shared/contract).

经云开发 HTTP API 调用本后端的函数。API Key 只是进门的凭证，函数看不到是谁：请求体须以 WXPAY_SERVICE_KEY 签名（shared/contract/serviceCall.ts 的 signServiceCall），5 分钟内有效。
示例中的 time 与 signature 只示意形式，\`data\` 是真实的输入。

Calls of the functions over CloudBase's HTTP API. The API Key opens the gateway and tells the function nobody's name, so the body is signed with WXPAY_SERVICE_KEY
(signServiceCall of shared/contract/serviceCall.ts), good for 5 minutes. In the examples time and signature show their form alone; \`data\` is a real input.`;

const API_KEY =
  '云开发控制台的 API Key，仅限服务端；本地云的由 npm start 打印 (an API Key of the CloudBase console, for servers alone; npm start prints that of the local cloud)';

const SERVERS = [
  {
    url: 'https://{envId}.api.tcloudbasegateway.com',
    description: 'CloudBase 云开发',
    variables: { envId: { default: 'pay-1a2b3c' } },
  },
  { url: 'http://127.0.0.1:7100', description: 'local cloud 本地云' },
];

const json = (schema: Schema, shown: object) => ({
  'application/json': { schema, examples: shown },
});
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const typeOf = (name: FunctionName) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

function operationOf(name: FunctionName): object {
  const { title, purpose, refusals } = described.get(name) ?? fail(name);
  const codes = refusals.map(({ code, meaning }) => `- \`${code}\`: ${textOf(meaning)}`);
  const type = typeOf(name);
  const answers = { oneOf: [ref(`${type}Answer`), ref('Refusal')] };
  return {
    operationId: name,
    summary: textOf(title),
    description: [textOf(purpose), '', ...codes].join('\n'),
    parameters: [QUALIFIER],
    requestBody: {
      required: true,
      content: json(
        ref(`${type}Call`),
        shownAs(name, ({ input }) => callOf(input)),
      ),
    },
    responses: {
      200: {
        description: '函数的应答，成功或拒绝 (the answer of the function, good or refused)',
        headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
        content: json(
          answers,
          shownAs(name, ({ result }) => answerOf(name, result, REQUEST_ID)),
        ),
      },
      ...GATEWAY_FAILURES,
    },
  };
}

/** The gateway answers failures with these, each by itself: generators of clients know no range and no default well. */
const GATEWAY_FAILURES = Object.fromEntries(
  [400, 401, 402, 403, 404, 413, 429, 500].map((status) => [
    status,
    { $ref: '#/components/responses/GatewayError' },
  ]),
);

const QUALIFIER = {
  name: 'X-Qualifier',
  in: 'header',
  schema: { type: 'string' },
  description: '函数版本，省略时为正在服务的版本 (a version; the one that serves where left out)',
};

function shownAs(name: FunctionName, show: (example: Example) => object): object {
  const shown = (examples[name] ?? []).map((example) => [
    example.name,
    { summary: textOf(example.summary), value: show(example) },
  ]);
  return Object.fromEntries(shown);
}

/** Shows the form of a signed call. */
function callOf(input: object): object {
  const place = { envId: 'pay-1a2b3c', appid: 'wx1234567890abcdef', time: 1_796_000_000_000 };
  return { signed: { ...place, data: JSON.stringify(input), signature: '0'.repeat(64) } };
}

function schemasOf(name: FunctionName): [string, Schema][] {
  const type = typeOf(name);
  const { inputs } = described.get(name) ?? fail(name);
  return [
    [`${type}Call`, callSchema(`${type}Input`)],
    [`${type}Input`, inputSchema(contracts[name].input, inputs)],
    [`${type}Answer`, goodAnswer(name)],
  ];
}

/** Describes a signed call, whose `data` is the text of an input. */
function callSchema(input: string): Schema {
  const text = (description: string): Schema => ({ type: 'string', description });
  const data = text(
    '输入的 JSON 文本，与签名时逐字节相同 (the input as JSON text, byte for byte as it was signed)',
  );
  const signed: Schema = {
    type: 'object',
    properties: {
      envId: text('云开发环境 ID (the CloudBase environment)'),
      appid: text('小程序 AppID (the mini program)'),
      time: {
        type: 'integer',
        description: '签名时刻，毫秒 (when it was signed, in milliseconds)',
      },
      data: { ...data, contentMediaType: 'application/json', contentSchema: ref(input) },
      signature: {
        ...text(
          'HMAC-SHA256，十六进制：函数名、envId、appid、time、data 各一行 (in hex, of name, envId, appid, time and data, a line each)',
        ),
        pattern: '^[0-9a-f]{64}$',
      },
    },
    required: ['envId', 'appid', 'time', 'data', 'signature'],
    additionalProperties: false,
  };
  const properties = { signed };
  return { type: 'object', properties, required: ['signed'], additionalProperties: false };
}

const { errCodeDes, advice, field, ...always } = headMeanings;

function goodAnswer(name: FunctionName): Schema {
  const schema = answerSchema({ ...always, ...answerMeanings[name] });
  const errCode: Schema = { type: 'integer', enum: [0], description: '成功 (done)' };
  return { ...schema, properties: { ...schema.properties, errCode } };
}

/** Every refusal begins so; some have more fields, which the message names. */
const Refusal: Schema = {
  ...answerSchema({
    ...always,
    errCodeDes: { ...errCodeDes, isAlways: true },
    advice: { ...advice, isAlways: true },
    field,
  }),
  additionalProperties: true,
};

const GatewayFailure: Schema = {
  type: 'object',
  properties: {
    code: { type: 'string', description: '错误码 (which failure it is)' },
    message: { type: 'string' },
    requestId: { type: 'string' },
  },
  required: ['code', 'message', 'requestId'],
};

const GatewayError = {
  description:
    '网关的拒绝，函数未运行或没有应答；以 code 为准 (refused by the gateway, or the function did not answer; go by the code)',
  headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
  content: json(ref('GatewayFailure'), {
    missingKey: { summary: '没有 API Key (no API Key)', value: failureOf('MISSING_CREDENTIALS') },
    noFunction: { summary: '没有这个函数 (no function)', value: failureOf('FUNCTION_NOT_FOUND') },
    noObject: { summary: '请求体不是对象 (no object)', value: failureOf('FUNCTION_PARAM_INVALID') },
  }),
};

function failureOf(code: string): object {
  return { code, message: '…', requestId: REQUEST_ID };
}

function fail(name: string): never {
  throw new Error(`${name} is described nowhere`);
}
