/**
 * The answer of `wx.requestPayment`: `requestPayment:ok`, `…:fail cancel`, `…:fail (reason)`, and no field besides
 * those that mini programs saw.
 */
export interface CashierAnswer {
  errMsg: string;
  errno?: number;
  err_code?: string;
  err_desc?: string;
}

/** The ways in which `wx.requestPayment` fails that are worth a mini program's own test. */
export type CashierOutcome = 'balance' | 'parameter' | 'situation' | 'banned';

/** Makes the answer to a payment that failed for this reason. */
export function failure(reason: string): CashierAnswer {
  return { errMsg: `requestPayment:fail ${reason}` };
}

/**
 * The words of each such failure, as mini programs saw them: a bank card without the money; a `package` that is
 * wrong or too old; a trade type that is not for mini programs; an app or merchant that was restricted, which is
 * seen on iOS above all (an app in which somebody pays is in the foreground). Source: `requestPayment answers`.
 */
export const OUTCOMES: Readonly<Record<CashierOutcome, CashierAnswer>> = {
  balance: failure('余额不足'),
  parameter: failure('调用支付JSAPI缺少参数：total_fee'),
  situation: {
    errMsg: 'requestPayment:fail',
    err_code: '-1',
    err_desc: 'Invalid payment situation',
  },
  banned: {
    errMsg:
      'requestPayment:fail jsapi has no permission, event=requestPayment, runningState=foreground, detail=jsapi has been banned',
    errno: 102,
  },
};
