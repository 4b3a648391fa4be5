import type { World } from '../../world/world.ts';
import { type PlatformSwitches, USUAL_SWITCHES } from './switches.ts';

/** The CloudPay tokens of a local cloud begin so; one that leaked is recognised by it. */
export const PAY_TOKEN_PREFIX = 'local-pay-token-';

/** This many tokens are remembered; older ones are refused like any unknown one. */
const TOKENS_MAX = 10_000;

/** A token was given for this caller. */
export interface TokenHolder {
  openid?: string;
  /** It was given to a program outside: what that calls is called for this user. */
  isScript?: true;
}

/** The tokens for cloud calls (`wxCloudApiToken`) that this cloud gave. */
export interface Tokens {
  /** Gives one for a caller; without an openid for a timer. */
  give(openid?: string): string;
  /** Gives one for a program outside, which calls functions as this user; it is never forgotten. */
  giveScript(openid: string): string;
  /** Undefined for a token that was never given here. */
  holder(token: string): TokenHolder | undefined;
  /** Changes the switches that are named; answers all. */
  switches(change?: Partial<PlatformSwitches>): PlatformSwitches;
  /** Puts the switches back as they were at first. */
  reset(): void;
}

/**
 * Builds a cloud's memory of its tokens; it ends with the process, as those do whom they are given
 * to.
 */
export function createTokens(
  { randomBytes }: World,
  first: Partial<PlatformSwitches> = {},
): Tokens {
  const issued = new Map<string, TokenHolder>();
  const begun = { ...USUAL_SWITCHES, ...first };
  let now = begun;
  const scripts = new Map<string, TokenHolder>();
  const newToken = () => PAY_TOKEN_PREFIX + randomBytes(16).toString('hex');
  return {
    give: (openid) => {
      const token = newToken();
      issued.set(token, openid === undefined ? {} : { openid });
      const [oldest] = issued.keys();
      if (issued.size > TOKENS_MAX && oldest !== undefined) issued.delete(oldest);
      return token;
    },
    giveScript: (openid) => {
      const token = newToken();
      scripts.set(token, { openid, isScript: true });
      return token;
    },
    holder: (token) => scripts.get(token) ?? issued.get(token),
    switches: (change = {}) => {
      now = { ...now, ...change };
      return now;
    },
    reset: () => {
      now = begun;
    },
  };
}
