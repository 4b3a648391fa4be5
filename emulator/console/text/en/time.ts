import type { time as chinese } from '../zh/time.ts';

/** Words of the page about time, in English. */
export const time: typeof chinese = {
  title: 'Time',
  intro: 'Time jumps only while no function runs; what falls due on the way happens in its order.',
  goTo: 'Go to an instant',
  instant: 'Beijing time',
  go: 'Go there',
  wrong: 'Time never runs back',
  noInstant: 'Not an instant',
  form: (now) => `Written as ${now}`,
  timers: 'Timers',
  noTimers: 'No function with a timer is deployed',
  noTimersHint: 'Once one is, its timers are listed here.',
  nextRun: 'Next run',
  runNow: 'Run now',
  ran: (ms) => `Ran in ${ms} ms`,
  failed: (code) => `Ended with ${code}`,
  coming: 'What comes next',
  nothing: 'Nothing is planned',
  nothingHint:
    'After an order, a payment or a refund, WeChat’s notifications and the money on its way are listed here.',
  kinds: {
    timer: 'Timer',
    'wechatpay.notify': 'WeChat’s payment notification',
    'wechatpay.refundNotify': 'WeChat’s refund notification',
    'wechatpay.money': 'The payer’s money arrives',
    'wechatpay.refundMoney': 'The refund arrives',
  },
  inTime: (text) => `in ${text}`,
  now: 'now',
};
