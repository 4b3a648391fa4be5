import { createHash, randomBytes } from 'node:crypto';
import { type CodeCache, cachedZip, makerZip, readMade } from '../../build/codeCache/packages.ts';
import { CloudError } from '../cloud/cloudError.ts';
import type { FunctionVersion } from './functionState.ts';
import {
  addressOf,
  type FunctionDeployment,
  markUnfinished,
  updateCode,
  updateConfiguration,
} from './functionSteps.ts';
import type { Step } from './resource.ts';

/** A cache is tried so often in one deploy; then the function is deployed without one. */
const ATTEMPTS_MAX = 3;

/** One deploy's way to the code cache of a function. */
export interface CacheAttempts {
  left: number;
  /** A cache that is there is to be made anew. */
  isRenewalDue: boolean;
  /** The last failure, for the person who deploys. */
  failure?: string;
}

/** Begins the attempts of one deploy. */
export function beginAttempts({ service, options }: FunctionDeployment): CacheAttempts {
  return { left: service.codeCache ? ATTEMPTS_MAX : 0, isRenewalDue: options.renewCache };
}

/** Tells whether a description is that of code with a cache; `plain` is that of the code alone. */
export function hasCache(description: string, plain: string): boolean {
  return description.startsWith(`${plain}, cache `);
}

/**
 * Makes the code cache by the runtime that will use it: `$LATEST`, which no caller gets, becomes the maker, is called
 * once, and becomes the code with its cache. Until that stands its description is nobody's, so that a deploy that dies
 * here is begun anew.
 */
export function makeCodeCache(
  deployment: FunctionDeployment,
  desired: FunctionVersion,
  attempts: CacheAttempts,
): Step {
  const { fn, code } = deployment;
  const make = async () => {
    const secret = randomBytes(32).toString('hex');
    await updateCode(deployment, makerZip(code.bundle, secret)).run();
    const cache = await callMaker(deployment, secret);
    await updateCode(deployment, cachedZip(code.bundle, cache)).run();
    const description = `${desired.description}, cache ${idOf(cache)}`;
    await updateConfiguration(deployment, { ...desired, description }, []).run();
    attempts.isRenewalDue = false;
  };
  return {
    subject: `function ${fn.name}`,
    action: '更新代码与代码缓存，随后发布 (code with its code cache, published next)',
    run: async () => {
      await markUnfinished(deployment, desired).run();
      await make().catch((error) => countFailure(error, attempts));
    },
  };
}

async function callMaker(deployment: FunctionDeployment, secret: string): Promise<CodeCache> {
  const { Result } = await deployment.cloud.scf('InvokeFunction', {
    ...addressOf(deployment),
    Qualifier: '$LATEST',
    Event: JSON.stringify({ secret }),
  });
  const made = Result?.ErrMsg ? undefined : readMade(parse(Result?.RetMsg), deployment.code.bundle);
  if (made) return made;
  const message = Result?.ErrMsg || '回答不是代码缓存 (its answer is no code cache)';
  throw new CloudError('scf.InvokeFunction', { code: 'State.CodeCache', message });
}

function parse(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Throws a failure such that the function is looked at again; without a cache once all attempts are used. */
function countFailure(error: unknown, attempts: CacheAttempts): never {
  if (!(error instanceof CloudError)) throw error;
  attempts.left -= 1;
  attempts.failure = error.message;
  if (error.retry !== 'never') throw error;
  attempts.left = 0;
  throw new CloudError(error.action, { code: 'State.CodeCache', message: error.message });
}

/** Names a cache in a description: by it a new one differs from that which callers have. */
function idOf({ bytes }: CodeCache): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
