import * as z from 'zod/mini';

/** A route takes so many requests a second, unless it says otherwise. */
const DEFAULT_QPS = 100;

/** SCF wants one blank between the fields of a timer expression. */
const blanksAsOne = z.pipe(
  z.string(),
  z.transform((text: string) => text.trim().split(/\s+/).join(' ')),
);

const timer = z.object({
  name: z.string(),
  cron: blanksAsOne,
  enabled: z._default(z.boolean(), true),
});
const http = z.object({ path: z.string(), qps: z._default(z.number(), DEFAULT_QPS) });
const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const serviceFunction = z.object({
  handler: z.string(),
  timeout: z.optional(z.number()),
  memorySize: z.optional(z.number()),
  access: z.optional(z.enum(['client', 'none'])),
  environment: z._default(values, {}),
  events: z._default(z.array(z.object({ timer: z.optional(timer), http: z.optional(http) })), []),
});
const index = z.object({
  name: z.string(),
  keys: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])),
  unique: z.optional(z.boolean()),
  sparse: z.optional(z.boolean()),
});
const collection = z.object({
  acl: z.enum(['READONLY', 'PRIVATE', 'ADMINWRITE', 'ADMINONLY']),
  indexes: z._default(z.array(index), []),
});
/** Reads `serverless.yml` as it is written, and fills in the defaults of the provider. */
export const serverlessYmlSchema = z.object({
  service: z.string(),
  provider: z.object({
    stage: z._default(z.string(), 'dev'),
    region: z.string(),
    envId: z.string(),
    runtime: z.string(),
    engine: z._default(z.enum(['api', 'components']), 'api'),
    domain: z.optional(z.string()),
    storage: z._default(z.enum(['private', 'keep']), 'private'),
    codeCache: z._default(z.boolean(), false),
    timeout: z._default(z.number(), 20),
    memorySize: z._default(z.number(), 256),
    environment: z._default(values, {}),
  }),
  functions: z.record(z.string(), serviceFunction),
  collections: z._default(z.record(z.string(), collection), {}),
});

/** The value that {@link serverlessYmlSchema} reads. */
export type ServerlessYml = z.infer<typeof serverlessYmlSchema>;
/** One function of `serverless.yml`. */
export type YmlFunction = z.infer<typeof serviceFunction>;
