/** Words and numbers for a person: Chinese first, English beside it. */

const states = {
  created: '已创建，等待微信应答 created',
  paying: '待支付 paying',
  paid: '已支付 paid',
  closed: '已关闭 closed',
  quarantined: '待人工处理 quarantined',
  orphan: '无主付款 orphan',
};

const deliveries = {
  waiting: '等待投递 waiting',
  delivered: '已送达 delivered',
  parked: '投递已搁置 parked',
};

const ways = { callback: '微信回调 callback', query: '主动查询 query' };

/** @param {string} state */
export const stateText = (state) => states[/** @type {keyof typeof states} */ (state)] ?? state;

/**
 * How far the merchant's function is with a payment; that it is fulfilled the sample's own collection tells.
 * @param {any} stored
 */
export const fulfilmentText = ({ order: { events }, isFulfilled }) => {
  if (isFulfilled) return '已履约 fulfilled';
  const paid = events.find(
    (/** @type {any} */ { type }) => type === 'order.paid' || type === 'order.paid_after_close',
  );
  if (!paid) return '—';
  const { state = 'waiting' } = paid.deliveries?.function ?? {};
  return deliveries[/** @type {keyof typeof deliveries} */ (state)] ?? state;
};

/** How far a deploy is, while there is something to be known. @param {{ state: string, done: number, total: number }} deploy */
export const deployText = ({ state, done, total }) => {
  const count = total === 0 ? '' : ` ${done}/${total}`;
  if (state === 'running') return `正在部署${count}，请稍候 being deployed${count}`;
  return state === 'failed' ? '部署失败，见终端 the deploy failed: see the terminal' : '';
};

/** @param {string} way */
export const wayText = (way) => ways[/** @type {keyof typeof ways} */ (way)] ?? way;

/** Fen, a whole number, as yuan. @param {number} fen */
export const yuan = (fen) => {
  const digits = String(fen).padStart(3, '0');
  return `¥${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** An instant in Beijing time. @param {string | number | Date} at */
export const beijing = (at) =>
  new Date(at).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false });

/** The time of day alone. @param {string} at */
export const timeOfDay = (at) =>
  new Date(at).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false });
