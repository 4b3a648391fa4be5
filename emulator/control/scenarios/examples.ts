import type { Scenario, ScenarioStep } from '../api/worlds/scenarios.ts';
import { reference } from './variables.ts';

/** A scenario that comes with the local cloud, with what it shows. */
export interface Example {
  title: { zh: string; en: string };
  scenario: Scenario;
}

const FEE = 1999;
const WORKED = { http: 200, 'result.errCode': 0 };
const ORDER = reference('outTradeNo');

const PLACE_AND_PAY: readonly ScenarioStep[] = [
  {
    call: 'POST /_local/call',
    // The merchant's server places the order, whoever names the prices of phones.
    body: {
      name: 'unifiedOrder',
      data: { outTradeNo: ORDER, body: '咖啡', totalFee: FEE, openid: 'oLocalUser' },
      service: true,
    },
    answered: WORKED,
    save: { prepayId: 'result.prepayId' },
  },
  {
    call: `POST /_local/cashier/${reference('prepayId')}`,
    body: { action: 'pay' },
    answered: { http: 200, errMsg: 'requestPayment:ok' },
  },
];
const LOST = [{ at: 'wechatpay.notify', kind: 'lost_request' }];

/** Lists the examples. */
export const EXAMPLES: readonly Example[] = [
  {
    title: { zh: '买、付、退', en: 'Buy, pay, refund' },
    scenario: {
      format: 'scf-wechatpay scenario',
      version: 1,
      name: 'buy-pay-refund',
      numbers: ['outTradeNo', 'outRefundNo'],
      steps: [
        ...PLACE_AND_PAY,
        passing('PT5S', 'none'),
        standing({ 'row.standing': 'paid', 'row.confirmedBy': 'callback' }),
        {
          call: 'POST /_local/call',
          body: {
            name: 'refund',
            data: { outTradeNo: ORDER, outRefundNo: reference('outRefundNo'), refundFee: FEE },
            service: true,
          },
          answered: WORKED,
        },
        passing('PT15S', 'none'),
        standing({ 'row.standing': 'refunded', 'row.refundedFee': FEE }),
      ],
    },
  },
  {
    title: { zh: '回调丢失后由定时器找回', en: 'A lost callback, found by the timer' },
    scenario: {
      format: 'scf-wechatpay scenario',
      version: 1,
      name: 'callback-lost',
      numbers: ['outTradeNo'],
      steps: [
        { call: 'POST /_local/faults', body: { on: LOST }, answered: { http: 200 } },
        ...PLACE_AND_PAY,
        passing('PT10S', 'none'),
        standing({ 'row.standing': 'paying', 'wechat.trade_state': 'SUCCESS' }),
        passing('PT6M', 'last'),
        standing({ 'row.standing': 'paid', confirmedIn: 'closeStaleOrders' }),
        { call: 'POST /_local/faults', body: { off: LOST }, answered: { http: 200 } },
      ],
    },
  },
];

function passing(advance: string, timers: 'none' | 'last'): ScenarioStep {
  return { call: 'POST /_local/clock', body: { advance, timers }, answered: { http: 200 } };
}

/** Looks at the order, which must stand so. */
function standing(as: Record<string, string | number>): ScenarioStep {
  return { call: `GET /_local/orders/${ORDER}`, answered: { http: 200, ...as } };
}
