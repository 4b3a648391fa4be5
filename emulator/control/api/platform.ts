import * as z from 'zod/mini';
import type { Call } from './call.ts';

const KEYS = z.strictObject({
  to: z.enum(['new_certificate', 'old_certificate', 'public_key_only', 'both']),
});

/** The switches of CloudBase, where sources differ. */
export const CLOUD_SWITCHES = {
  devtoolsTimers: z.optional(z.boolean()),
  devtoolsTrigger: z.optional(z.enum(['tcb', 'timer'])),
  bothTimers: z.optional(z.boolean()),
  callbackTokens: z.optional(z.boolean()),
  serverApiTokens: z.optional(z.boolean()),
  emptyVariables: z.optional(z.boolean()),
  afterAnswer: z.optional(z.enum(['frozen', 'ended', 'running'])),
  deadConnections: z.optional(z.enum(['closed', 'reset'])),
  startedCalls: z.optional(z.enum(['go_on', 'lost'])),
  httpApiSource: z.optional(z.enum(['none', 'web_client', 'scf'])),
  httpApiBody: z.optional(z.enum(['6MB', '100KB'])),
};

/** The switches of WeChat Pay, where sources differ. */
export const WECHAT_SWITCHES = {
  timeExpire: z.optional(z.enum(['moved', 'refused'])),
  answerProbes: z.optional(z.boolean()),
  clockAheadMs: z.optional(z.int()),
};
const SWITCHES = z.strictObject({ ...CLOUD_SWITCHES, ...WECHAT_SWITCHES });

/** Takes those of the given fields that have one of these names. */
export function given(fields: object, names: object): object {
  const pairs = Object.entries(fields).filter(([name]) => Object.hasOwn(names, name));
  return Object.fromEntries(pairs.filter(([, to]) => to !== undefined));
}

/** The calls that change the platforms around the functions under them. */
export const platformCalls = {
  'POST /_local/platform': {
    summary: '更换微信侧的平台证书或只用公钥 (change WeChat’s own certificate, or public key only)',
    body: KEYS,
    answer: z.looseObject({}),
  },
  'PUT /_local/platform': {
    summary:
      '资料不一致处平台怎样表现：哪些定时器触发、形状如何，谁有云调用令牌，没有的变量是否为空串，微信怎样对待 time_expire、是否探测应答验签，返回之后实例与它发起的调用怎样，HTTP API 的来源与请求体上限 (how the platforms behave where sources differ: which timers fire and how they look, who gets a token for cloud calls, empty variables, time_expire out of bounds, probes on answers, an instance after its answer, the calls that it began, the source and the largest body of the HTTP API)',
    body: SWITCHES,
    answer: z.looseObject({}),
  },
} as const satisfies Record<string, Call>;
