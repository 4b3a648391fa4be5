import type { phone as chinese } from '../zh/phone.ts';

/** The words of a scene: its name, and how it ends. */
type Scenes = Record<Exclude<keyof typeof chinese.scenes, Plain>, readonly [string, string]>;
type Plain = 'title' | 'intro' | 'needsSheet';

/** Words of the phone, the shop in it, and the scenes that can be played, in English. */
export const phone: Omit<typeof chinese, 'scenes'> & { scenes: Record<Plain, string> & Scenes } = {
  title: 'Phone and shop',
  intro: 'Order and pay as a payer does, and watch what both sides make of it.',
  frame: 'Mini program',
  shop: 'Corner shop',
  priceBy: {
    quote: 'The merchant’s quoteOrder names the price',
    client: 'The phone names the price, for trying out only',
    service: 'The merchant’s server names the price',
  },
  buy: 'Buy',
  buying: 'Placing the order…',
  quoting: 'Asking the price…',
  noPrice: 'Without a price nothing can be ordered',
  afterDeploy: 'Once it has ended, goods appear here.',
  emptyShop: 'The price book “products” has nothing on sale',
  emptyShopHint:
    'Put { name, price, onSale: true } into the collection “products”, and it appears here.',
  custom: {
    title: 'An amount of your own',
    body: 'Goods',
    amount: 'Amount (yuan)',
    wrong: 'Give an amount of at least 0.01',
  },
  sheet: {
    title: 'WeChat Pay',
    method: 'Method',
    wallet: 'Balance',
    confirm: 'Pay',
    cancel: 'Cancel',
    password: 'Enter the payment password',
    passwordHint: 'Any 6 digits; 000000 is a wrong one',
    wrongPassword: 'Wrong password, try again',
    digit: (digit) => `Digit ${digit}`,
    erase: 'Erase',
    typed: (count) => `${count} digits typed`,
  },
  result: {
    paid: 'Paid',
    unsure: 'Result not yet known',
    unsureHint: 'What counts is the server’s queryOrder; this page follows it.',
    cancelled: 'Payment cancelled',
    failed: 'Not paid',
    closed: 'The order is closed',
    refunded: 'Refunded',
    noAnswer: 'The mini program got no answer',
    gone: 'The mini program was closed',
    reopen: 'Open it again',
    back: 'Back to the shop',
    again: 'Go on paying',
    answer: 'Answer of wx.requestPayment',
    server: 'Answer of queryOrder',
  },
  refused: {
    title: 'The order was not placed',
    noPrevious: 'There is nothing to pay.',
    closeUnpaid: 'Close the unpaid orders, and order again a minute later',
    wait: (at) => `Move time to ${at}, and order again`,
    atPrice: (price) => `Buy at the new price, ${price}`,
  },
  scenes: {
    title: 'Scenes at the cashier',
    intro: 'Once an order is placed, choose how its payment ends.',
    needsSheet: 'Buy something first; the scenes open with the sheet.',
    pay: ['Pay', 'The user pays: requestPayment:ok'],
    cancel: ['Cancel', 'The user closes the sheet: fail cancel'],
    balance: ['No balance', 'The card has too little, the payment fails'],
    lostAnswer: [
      'Network lost after paying',
      'WeChat took the money, the mini program gets fail cancel',
    ],
    killedAfter: ['Killed after paying', 'WeChat took the money, no answer arrives'],
    killedBefore: ['Killed before paying', 'Nothing is paid, no answer arrives'],
    twice: ['Tapped twice', 'WeChat refuses the second, one payment is made'],
    lastSecond: ['In the last second', 'Moves time to a second before the end, then pays'],
    parameter: ['Wrong parameter', 'The package is wrong or too old'],
    situation: ['Wrong situation', 'The trade type is not for mini programs'],
    banned: ['Banned', 'Seen on iOS above all'],
  },
  order: 'Order at hand',
  noOrder: 'No order yet',
  noOrderHint:
    'Buy something on the phone: here you see its state, what both sides say, and what comes next.',
  happened: 'What happened',
  nothingYet: 'No events yet',
  onlyThis: 'This order only',
};
