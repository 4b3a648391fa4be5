/** The first page of the local cloud: a shop, a cashier, the order, the clock, what happens. */
import { api } from './api.js';
import {
  beijing,
  deployText,
  fulfilmentText,
  stateText,
  timeOfDay,
  wayText,
  yuan,
} from './text.js';

/** Goods as the page shows them; `functions/quoteOrder` says what they cost, by the price book in `products`. */
const goods = [
  { productId: 'latte', body: '拿铁咖啡 latte', totalFee: 1990 },
  { productId: 'oolong', body: '乌龙茶 oolong', totalFee: 800 },
  { productId: 'sticker', body: '一分钱贴纸 sticker', totalFee: 1 },
  { productId: 'cake', body: '生日蛋糕 cake', totalFee: 26_800 },
];
const EVENTS_MAX = 200;
const ASK_AFTER_MS = 800;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(string | Node)} children
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * A button that shows what went wrong, and cannot be pressed twice at once.
 * @param {string} label
 * @param {() => Promise<unknown>} act
 */
function button(label, act, attributes = {}) {
  const made = /** @type {HTMLButtonElement} */ (
    element('button', { type: 'button', ...attributes }, label)
  );
  made.addEventListener('click', () => void attempt(act, made));
  return made;
}

/**
 * @param {() => Promise<unknown>} act
 * @param {HTMLButtonElement} [pressed]
 */
async function attempt(act, pressed) {
  const notice = byId('notice');
  notice.hidden = true;
  if (pressed) pressed.disabled = true;
  try {
    await act();
  } catch (error) {
    notice.textContent = error instanceof Error ? error.message : String(error);
    notice.hidden = false;
  } finally {
    if (pressed) pressed.disabled = false;
    await refresh();
  }
}

/** The order that is shown. @type {string | undefined} */
let current;

/** @param {{ body: string, totalFee: number, productId?: string, outTradeNo?: string }} item */
async function buy(item) {
  const { productId, outTradeNo, totalFee } = item;
  const purchaseId = window.crypto.randomUUID();
  const order = outTradeNo ? { outTradeNo } : { request: { productId, count: 1, purchaseId } };
  const placed = await api.place({ ...order, totalFee });
  current = placed.outTradeNo;
  await refresh();
  const prepayId = placed.payment.package.replace('prepay_id=', '');
  const answer = await cashier(item, prepayId);
  if (!answer) return;
  // As a mini program does: whatever wx.requestPayment answers, the server is asked a moment later.
  await new Promise((resolve) => window.setTimeout(resolve, ASK_AFTER_MS));
  await api.query(placed.outTradeNo);
  if (answer.reason) throw new Error(answer.errMsg);
}

/**
 * Opens the sheet and settles with what wx.requestPayment answers.
 * @param {{ body: string, totalFee: number }} item
 * @param {string} prepayId
 */
async function cashier(item, prepayId) {
  const sheet = /** @type {HTMLDialogElement} */ (byId('cashier'));
  byId('cashier-body').textContent = item.body;
  byId('cashier-amount').textContent = yuan(item.totalFee);
  sheet.returnValue = 'cancel';
  sheet.showModal();
  await new Promise((resolve) => sheet.addEventListener('close', resolve, { once: true }));
  return api.cashier(prepayId, sheet.returnValue || 'cancel');
}

/** @param {any} stored */
const stateOf = (stored) => (stored.order.quarantine ? 'quarantined' : stored.state);

/** @param {any} stored @param {any} truth */
function orderView(stored, truth) {
  const { _id: outTradeNo, order } = stored;
  const { receipt } = order.status ?? order;
  const rows = [
    ['单号 number', outTradeNo],
    ['商品 goods', `${order.body ?? ''} ${yuan(order.totalFee)}`],
    ['微信 WeChat', truth?.trade_state ?? '没有此单 unknown'],
    ['确认方式 confirmed by', receipt ? wayText(receipt.confirmedBy) : '—'],
    ['下次查询 next check', stored.checkAt ? beijing(stored.checkAt) : '—'],
    ['截止 expires', order.expiresAt ? beijing(order.expiresAt) : '—'],
    ['履约 fulfilment', fulfilmentText(stored)],
    ['事件 events', order.events.map((/** @type {any} */ event) => event.type).join(', ') || '—'],
  ];
  const state = stateOf(stored);
  const list = element('dl', {}, element('dt', {}, '状态 state'));
  list.append(element('dd', { class: 'state', 'data-state': state }, stateText(state)));
  for (const [name, value] of rows) list.append(element('dt', {}, name), element('dd', {}, value));
  const item = { body: order.body, totalFee: order.totalFee, outTradeNo };
  const buttons = element('p', { class: 'buttons' });
  const open = state === 'created' || state === 'paying';
  if (open) buttons.append(button('去支付 pay', () => buy(item)));
  buttons.append(button('查询 query', () => api.query(outTradeNo)));
  if (open) buttons.append(button('关闭 close', () => api.close(outTradeNo)));
  return [list, buttons];
}

/** @param {any[]} orders */
function recentView(orders) {
  return orders.map((stored) => {
    const show = async () => {
      current = stored._id;
    };
    const label = button(stored._id, show, { class: 'link' });
    return element('li', { class: 'row' }, label, element('span', {}, stateText(stateOf(stored))));
  });
}

/** @type {{ realMs: number, nowMs: number } | undefined} */
let clock;

async function refresh() {
  try {
    const deploy = await api.deploy();
    const isOver = !byId('deploy').hidden && deployText(deploy) === '';
    byId('deploy').textContent = deployText(deploy);
    byId('deploy').hidden = deployText(deploy) === '';
    // What could not be bought meanwhile can be now.
    if (isOver) byId('notice').hidden = true;
    const [orders, time, loses] = await Promise.all([
      api.orders(),
      api.clock(),
      api.losesCallbacks(),
    ]);
    current ??= orders[0]?._id;
    const shown = orders.find((/** @type {any} */ stored) => stored._id === current) ?? orders[0];
    const truth = shown ? await api.truth(shown._id) : undefined;
    if (shown) byId('order').replaceChildren(...orderView(shown, truth));
    byId('recent').replaceChildren(...recentView(orders));
    clock = { realMs: Date.now(), nowMs: Date.parse(time.now) };
    const { nextTimer } = time;
    byId('next').textContent = nextTimer ? `${nextTimer.name} → ${beijing(nextTimer.at)}` : '';
    /** @type {HTMLInputElement} */ (byId('lose')).checked = loses;
  } catch (error) {
    const notice = byId('notice');
    notice.textContent = error instanceof Error ? error.message : String(error);
    notice.hidden = false;
  }
}

/** The short facts of an entry; logs and ids are for `/_local/events`. @param {object} detail */
function factsOf(detail) {
  return Object.entries(detail)
    .filter(([name, value]) => name !== 'requestId' && typeof value !== 'object')
    .map(([name, value]) => `${name}=${value}`);
}

function followEvents() {
  const source = new EventSource('/_local/events');
  const list = byId('events');
  let soon = 0;
  source.addEventListener('message', ({ data }) => {
    const { at, what, subject, detail } = JSON.parse(data);
    const facts = [what, subject, ...factsOf(detail ?? {})].filter(Boolean).join(' ');
    const line = element('li', {}, element('time', {}, timeOfDay(at)), facts);
    list.prepend(line);
    while (list.childElementCount > EVENTS_MAX) list.lastElementChild?.remove();
    clearTimeout(soon);
    soon = window.setTimeout(refresh, 150);
  });
}

function start() {
  for (const item of goods) {
    const label = element('span', {}, `${item.body}  ${yuan(item.totalFee)}`);
    byId('goods').append(
      element(
        'li',
        {},
        label,
        button('购买 buy', () => buy(item)),
      ),
    );
  }
  const sheet = /** @type {HTMLDialogElement} */ (byId('cashier'));
  for (const choice of sheet.querySelectorAll('button')) {
    choice.addEventListener('click', () => sheet.close(choice.dataset.action));
  }
  for (const move of document.querySelectorAll('button[data-advance]')) {
    const advance = /** @type {HTMLElement} */ (move).dataset.advance;
    move.addEventListener('click', () => void attempt(() => api.move({ advance })));
  }
  byId('next-timer').addEventListener('click', () => {
    void attempt(async () => {
      const { nextTimer } = await api.clock();
      await api.move({ to: nextTimer.at, timers: 'all' });
    });
  });
  byId('lose').addEventListener('change', ({ target }) => {
    const { checked } = /** @type {HTMLInputElement} */ (target);
    void attempt(() => api.loseCallbacks(checked));
  });
  window.setInterval(() => {
    if (clock) byId('now').textContent = beijing(clock.nowMs + Date.now() - clock.realMs);
  }, 500);
  followEvents();
  void refresh();
}

start();
