import { RefusalError, refuse } from '../errors.ts';
import { optionalText, requiredText } from '../wire/fields.ts';
import type { Action, ActionRequest } from './action.ts';

/**
 * `wx.wxPayApi` (云支付): passes a call on to WeChat Pay for whoever holds a token. What comes back is
 * handed over as it is, bytes; only a refusal of the platform itself is JSON of its own.
 */
export const payCall: Action = {
  run: async (call, { cloudPay }) => {
    const apiName = requiredText(call.fields, 'apiName');
    const token = tokenOf(call, apiName);
    if (!cloudPay) throw refuseUnsupported(apiName);
    const holder = cloudPay.holder(token);
    if (!holder) throw refuse.malformed(`${apiName}:fail invalid wxCloudApiToken`);
    const requestData = requiredText(call.fields, 'requestData');
    const answer = await cloudPay.call({ apiName, requestData, ...holder });
    if (answer.kind === 'refused') throw new RefusalError(answer.code, answer.message);
    return { kind: 'bytes', bytes: answer.bytes };
  },
};

/**
 * `wx.openApi`, `wx.api` (云调用): other calls to WeChat; not here, and refused by a name of our own.
 */
export const cloudCall: Action = {
  run: (call) => {
    const apiName = optionalText(call.fields, 'apiName') ?? 'cloud call';
    tokenOf(call, apiName);
    throw refuseUnsupported(apiName);
  },
};

function tokenOf({ fields }: ActionRequest, apiName: string): string {
  const token = optionalText(fields, 'wxCloudApiToken');
  if (token === undefined) throw refuse.malformed(`${apiName}:fail missing wxCloudApiToken`);
  return token;
}

function refuseUnsupported(apiName: string): RefusalError {
  return new RefusalError(
    'LOCAL_CLOUD_UNSUPPORTED',
    `${apiName}: the local cloud does not have it`,
  );
}
