import * as z from 'zod/mini';
import type { Call } from '../call.ts';

const MEANING = z.object({ zh: z.string(), en: z.string() });
const SETTING = z.object({
  name: z.string(),
  /** Explains it, Chinese, then English; left out for a variable of the merchant's own. */
  meaning: z.optional(z.string()),
  isSet: z.boolean(),
  /** Whether the function that reads it takes the value; left out where it is not set, or not ours. */
  isWellFormed: z.optional(z.boolean()),
  /** Left out where it is a secret or a person: it never leaves the cloud. */
  value: z.optional(z.string()),
});
const INSTANCE = z.object({ pid: z.int(), isBusy: z.boolean(), invocations: z.int() });
const FUNCTION = z.object({
  name: z.string(),
  /** Left out for a function of the merchant's own. */
  title: z.optional(MEANING),
  purpose: z.optional(MEANING),
  /** Whether the API page has it. */
  hasContract: z.boolean(),
  /** `Active`, `Updating`, `UpdateFailed`, …, as the cloud says it. */
  status: z.string(),
  version: z.string(),
  /** sha256 of the zip, hex. */
  code: z.string(),
  zipBytes: z.int(),
  /** Left out where it cannot be run. */
  bundleBytes: z.optional(z.int()),
  /** The file in the project that it is built from; left out where it is not there. */
  source: z.optional(z.string()),
  deployedAt: z.string(),
  runtime: z.string(),
  memoryMb: z.int(),
  timeoutMs: z.int(),
  timers: z.array(z.object({ name: z.string(), cron: z.string() })),
  routes: z.array(z.string()),
  settings: z.array(SETTING),
  instances: z.array(INSTANCE),
  /** Since the start, or since the world was emptied. */
  calls: z.int(),
  errors: z.int(),
  lastColdStartMs: z.optional(z.number()),
});
const FINDING = z.object({
  level: z.enum(['ok', 'warn', 'broken', 'unknown']),
  /** `group.subject` */
  check: z.string(),
  /** Chinese, then English. */
  what: z.string(),
  fix: z.optional(z.string()),
});

export type DeployedFunctionView = z.infer<typeof FUNCTION>;
export type FunctionSetting = z.infer<typeof SETTING>;
export type Finding = z.infer<typeof FINDING>;

/** The calls about what is deployed. */
export const functionCalls = {
  'GET /_local/functions': {
    summary:
      '已部署的函数：版本、代码、触发器、变量（密钥只说是否设置、格式是否正确）、实例、调用与错误次数 (what is deployed: version, code, triggers, settings with secrets masked, instances, calls and errors)',
    answer: z.array(FUNCTION),
  },
  'POST /_local/functions/{function}/restart': {
    summary:
      '结束函数的实例，运行中的在应答后结束；下次调用为冷启动 (end its instances, busy ones after their answer: the next call is a cold start)',
    answer: z.object({ ended: z.int() }),
  },
  'POST /_local/doctor': {
    summary:
      '对本地云运行 serverless doctor run，答以各项结论与改法 (run the doctor against this cloud: its findings, each with its fix)',
    answer: z.object({ findings: z.array(FINDING) }),
  },
} as const satisfies Record<string, Call>;
