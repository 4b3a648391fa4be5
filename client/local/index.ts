import type { CreateLocalHost, LocalOptions } from './types.ts';

type Wx = Required<Pick<LocalOptions, 'request' | 'showActionSheet'>>;
declare const wx: Wx;

/** The payer's choices, and what each does at the simulated WeChat Pay; to leave the sheet is to cancel. */
const CHOICES = ['付款', '余额不足', '取消'];
const CANCEL = { action: 'cancel' };
const ACTIONS: readonly object[] = [
  { action: 'pay' },
  { action: 'fail', outcome: 'balance' },
  CANCEL,
];
const HEADER = { 'content-type': 'application/json', accept: 'application/json' };
const PREPAY = 'prepay_id=';

/**
 * Replaces the cloud and the cashier where a mini program runs in WeChat DevTools without either:
 *
 *     const client = createPayClient(isLocal ? localHost() : {});
 */
export const localHost: CreateLocalHost = ({
  origin = 'http://127.0.0.1:7100',
  openid = 'oDevTools',
  request = (options: Parameters<Wx['request']>[0]) => wx.request(options),
  showActionSheet = (options: Parameters<Wx['showActionSheet']>[0]) => wx.showActionSheet(options),
} = {}) => {
  type Taken = (answer: Record<string, unknown>) => void;
  const post = (path: string, data: object, taken: Taken, fail: (error: unknown) => void) =>
    request({
      url: `${origin}/_local/${path}`,
      method: 'POST',
      header: HEADER,
      data,
      success: ({ statusCode, data: answer }) => {
        // The developer's own mistake, which no payer is told.
        if (statusCode > 399) console.error(`${origin} 本地云拒绝 (refused): ${text(answer)}`);
        taken(Object(answer));
      },
      fail,
    });
  return {
    callFunction: ({ name, data, success, fail }) => {
      const isLost = (error: unknown) =>
        fail({ errCode: -1, errMsg: `request:fail ${text(error)}` });
      const taken: Taken = ({ result, error, requestId }) => {
        if (result !== undefined)
          success({ result, requestID: requestId, errMsg: 'cloud.callFunction:ok' });
        // What the local cloud itself refuses has no id, and reached no function.
        else {
          const errCode = requestId === undefined ? -501000 : -504002;
          fail({ errCode, errMsg: `cloud.callFunction:fail ${text(error)}` });
        }
      };
      void post('call', { name, data, openid }, taken, isLost);
    },
    requestPayment: ({ package: prepay, success, fail }) => {
      const isLost = (error: unknown) =>
        fail({ errMsg: `requestPayment:fail network ${text(error)}` });
      const taken: Taken = (answer) => {
        if (answer.errMsg === 'requestPayment:ok') success(answer);
        else if (typeof answer.errMsg === 'string') fail(answer);
        else isLost(answer);
      };
      const act = (action: object) =>
        post(`cashier/${prepay.slice(PREPAY.length)}`, { ...action, openid }, taken, isLost);
      showActionSheet({
        itemList: CHOICES,
        success: ({ tapIndex }) => void act(ACTIONS[tapIndex] ?? CANCEL),
        fail: () => void act(CANCEL),
      });
    },
  };
};

function text(error: unknown): string {
  return JSON.stringify(error) ?? '';
}
