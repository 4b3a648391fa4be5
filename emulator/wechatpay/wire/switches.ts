/**
 * WeChat Pay behaves as these say where its pages and what was seen of it differ: each reading can be
 * switched on.
 */
export interface WeChatSwitches {
  /**
   * A `time_expire` under a minute ahead, or beyond the maximum, is moved to that bound, so that an order can be
   * paid longer than was asked; or it is refused, as older pages have it. Source: D4012791877.
   */
  timeExpire: 'moved' | 'refused';
  /** Every fifth answer of APIv3 is a signature probe: the true answer, wrongly signed. Source: `D4013053249`. */
  answerProbes: boolean;
  /** WeChat's clock is so far ahead of the functions', in milliseconds; less than nothing: behind. */
  clockAheadMs: number;
}

/** WeChat Pay begins so where nothing else is said. */
export const USUAL_WECHAT_SWITCHES: WeChatSwitches = {
  timeExpire: 'moved',
  answerProbes: false,
  clockAheadMs: 0,
};
