import { WECHAT_CALLS_MAX } from '../../domain/limits.ts';
import { failure } from '../../gateway/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallWatch } from '../../ports/gateway.ts';
import type { LogFields } from '../../ports/log.ts';
import type { FunctionInvocation } from '../invocation/invocation.ts';

/**
 * Watches the requests of one invocation to WeChat Pay: each has a line of its own, with WeChat's serial number
 * of the answer. Beyond {@link WECHAT_CALLS_MAX} none is sent, but for timers, which have a pace and a breaker.
 */
export function createCallWatch(
  { form, log }: Pick<FunctionInvocation, 'form' | 'log'>,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
): CallWatch {
  let made = 0;
  return {
    check: () => {
      if (form === 'timer' || made < WECHAT_CALLS_MAX) return;
      throw failure('CALLS_SPENT', 'same_request');
    },
    begin: ({ operation, ...subject }) => {
      made += 1;
      const startedMs = monotonicMs();
      return ({ requestId, status, errCode }) =>
        log.line({
          level: errCode === undefined ? 'info' : 'warn',
          wechat: operation,
          ...given({ ...subject, status, errCode, wechatRequestId: requestId }),
          ms: Math.round(monotonicMs() - startedMs),
        });
    },
  };
}

function given(fields: { [name in keyof LogFields]?: unknown }): Partial<LogFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
