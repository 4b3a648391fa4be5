/**
 * The callback of a payment is lost, and the timer finds the payment. The local cloud's control API
 * plays WeChat Pay, the payer and the clock. Run it: npm run local -- exec npx tsx examples/lostCallback.ts
 */
async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${process.env.LOCAL_URL}/_local/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

type Placed = { result: { prepayId: string } };
type Stored = { state: string; order: { status: { receipt?: { confirmedBy: string } } } };

const order = { outTradeNo: 'LOST0001', body: '咖啡', totalFee: 1990, openid: 'oLocalUser' };
const tellOrder = async (when: string) => {
  const [stored] = await control<Stored[]>('GET', 'documents/orders?limit=10000');
  const confirmedBy = stored?.order.status.receipt?.confirmedBy ?? 'nothing yet';
  process.stdout.write(`${when}: ${stored?.state}, confirmed by ${confirmedBy}\n`);
};

const call = { name: 'unifiedOrder', data: order, service: true };
const { result } = await control<Placed>('POST', 'call', call);
await control('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request' }]);
await control('POST', `cashier/${result.prepayId}`, { action: 'pay' });
// Without the fault the callback would have come by then.
await control('POST', 'clock', { advance: 'PT10S', timers: 'none' });
await tellOrder('callback lost');
await control('POST', 'clock', { advance: 'PT1M' });
await tellOrder('a minute later');
