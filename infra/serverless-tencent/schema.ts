/**
 * The schema of `provider: { name: tencent }` in `serverless.yml`, for the framework's own check:
 * with `configValidationMode: error` a typo is refused with its path. What a schema cannot say is
 * checked by service.ts.
 */
const text = { type: 'string', minLength: 1 };
/** Any value: a type here would make a text of what is none, before service/texts.ts looks. */
const values = {
  type: 'object',
  propertyNames: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
};
const seconds = { type: 'integer', minimum: 1, maximum: 900 };
const megabytes = { type: 'integer', minimum: 64, maximum: 3072 };

const index = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    keys: { type: 'object', minProperties: 1, additionalProperties: { enum: [1, -1] } },
    unique: { type: 'boolean' },
    sparse: { type: 'boolean' },
  },
  required: ['name', 'keys'],
  additionalProperties: false,
};

/** The runtimes of CloudBase. Source: docs.cloudbase.net/cloud-function/runtime-support. */
const RUNTIMES = ['Nodejs20.19', 'Nodejs22.21', 'Nodejs24.11', 'Nodejs26.1'];

/** The schema for `defineProvider`. */
export const providerSchema = {
  provider: {
    properties: {
      engine: { enum: ['api', 'components'] },
      envId: { type: 'string', pattern: '^([a-z0-9][a-z0-9-]{1,63})?$' },
      region: { enum: ['ap-shanghai', 'ap-guangzhou', 'ap-beijing', 'ap-singapore'] },
      runtime: { enum: RUNTIMES },
      timeout: seconds,
      memorySize: megabytes,
      domain: { type: 'string', pattern: '^[A-Za-z0-9.-]+$' },
      storage: { enum: ['private', 'keep'] },
      codeCache: { type: 'boolean' },
      environment: values,
    },
    required: ['envId', 'region', 'runtime'],
  },
  function: {
    properties: {
      handler: { type: 'string', pattern: '^functions/[A-Za-z][A-Za-z0-9_-]*/index\\.main$' },
      timeout: seconds,
      memorySize: megabytes,
      access: { enum: ['client', 'none'] },
      environment: values,
    },
    required: ['handler'],
  },
  functionEvents: {
    timer: {
      type: 'object',
      properties: {
        name: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,59}$' },
        cron: text,
        enabled: { type: 'boolean' },
      },
      required: ['name', 'cron'],
      additionalProperties: false,
    },
    http: {
      type: 'object',
      properties: {
        path: { type: 'string', pattern: '^(?=.{2,100}$)(?:/[A-Za-z0-9_-]+)+$' },
        qps: { type: 'integer', minimum: 1, maximum: 10_000 },
      },
      required: ['path'],
      additionalProperties: false,
    },
  },
};

/** The schema for `defineTopLevelProperty('collections')`: the merchant's own collections. */
export const collectionsSchema = {
  type: 'object',
  propertyNames: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,95}$' },
  additionalProperties: {
    type: 'object',
    properties: {
      acl: { enum: ['READONLY', 'PRIVATE', 'ADMINWRITE', 'ADMINONLY'] },
      indexes: { type: 'array', items: index },
    },
    required: ['acl'],
    additionalProperties: false,
  },
};
