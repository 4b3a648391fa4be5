import type { LocalCloud } from '../../emulator/main.ts';
import type { NewEntry } from '../../emulator/world/timeline/entry.ts';

/** Lists what a payer’s act brings about, as the local cloud records it. */
const EFFECTS: readonly ((order: string) => NewEntry)[] = [
  (order) => ({ what: 'cloudbase.insertDocument', subject: `orders/${order}`, ms: 1.2 }),
  (order) => ({ what: 'wechatpay.jsapi', subject: order, ms: 3.4, detail: { status: 200 } }),
  (order) => ({ what: 'cloudbase.modifyDocument', subject: `orders/${order}`, ms: 0.9 }),
  (order) => ({
    what: 'function.call',
    subject: 'unifiedOrder',
    ms: 31.5,
    detail: { invoker: 'client', outTradeNo: order },
  }),
  (order) => ({ what: 'wechatpay.notify', subject: order, ms: 22, detail: { status: 200 } }),
  (order) => ({ what: 'cloudbase.modifyDocument', subject: `orders/${order}`, ms: 1.1 }),
  (order) => ({
    what: 'function.call',
    subject: 'payCallback',
    ms: 19.8,
    detail: { invoker: 'http', outTradeNo: order },
  }),
  (order) => ({ what: 'wechatpay.query', subject: order, ms: 2, detail: { fault: 'slow' } }),
  () => ({ what: 'cloudbase.invokeFunction', subject: 'fulfilOrder', ms: 12 }),
];

/** Names the order of the nth act. */
export const orderAt = (n: number): string => `BENCH${String(n).padStart(7, '0')}`;

/** Records acts of payers, each with what follows from it, until there are so many entries. */
export function fillTimeline({ world: { causes, timeline } }: LocalCloud, entries: number): void {
  for (let n = 0; n * (EFFECTS.length + 1) < entries; n += 1) {
    const act = causes.open({ startsChain: true });
    timeline.add({ what: 'phone.call', subject: 'unifiedOrder', key: act.key });
    causes.within(act, () => {
      for (const effect of EFFECTS) timeline.add(effect(orderAt(n)));
    });
  }
}
