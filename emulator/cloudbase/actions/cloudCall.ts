import { optionalText } from '../fields.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Action } from './action.ts';

/**
 * `wx.wxPayApi`, `wx.openApi`, `wx.api` (云调用): calls to WeChat through the platform. Refused as the
 * platform does without a token, and by a name of our own with one.
 */
export const cloudCall: Action = {
  run: ({ fields }) => {
    const api = optionalText(fields, 'apiName') ?? 'cloud call';
    if (optionalText(fields, 'wxCloudApiToken') === undefined) {
      throw refuse.malformed(`${api}:fail missing wxCloudApiToken`);
    }
    throw new Refusal('LOCAL_CLOUD_UNSUPPORTED', `${api}: the local cloud has no cloud calls yet`);
  },
};
