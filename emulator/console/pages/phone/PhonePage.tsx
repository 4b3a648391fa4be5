import { useCallback } from 'react';
import { ask } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { replaceAddress, useAddress } from '../../state/address.ts';
import { useText } from '../../text/dictionary.ts';
import { OrderCard } from './OrderCard.tsx';
import { OrderEvents } from './OrderEvents.tsx';
import { PhoneFrame } from './PhoneFrame.tsx';
import { usePhone } from './phone.ts';
import { placeAgain } from './purchase.ts';
import { RecentOrders } from './RecentOrders.tsx';
import { Scenes } from './Scenes.tsx';

const RECENT_MAX = '8';

/** A phone with the shop in it, and beside it what both sides make of what happens there. */
export function PhonePage() {
  const { phone } = useText();
  const { query } = useAddress();
  const newest = useResource('recent', () =>
    ask('GET /_local/orders', { query: { limit: RECENT_MAX } }),
  );
  const recent = newest.data;
  const show = useCallback((outTradeNo: string) => {
    replaceAddress({ path: ['phone'], query: { order: outTradeNo } });
  }, []);
  const device = usePhone(show);
  const isRefused = device.screen.kind === 'refused';
  const current = query.order ?? recent?.orders[0]?.outTradeNo;
  const payAgain = (outTradeNo: string, totalFee: number) =>
    device.order(outTradeNo, () => placeAgain(outTradeNo, totalFee));
  return (
    <>
      <header className="page-head">
        <h1>{phone.title}</h1>
        <p className="faint">{phone.intro}</p>
      </header>
      <div className="phone-page">
        <PhoneFrame device={device} />
        <div className="phone-side">
          <Scenes device={device} />
          {/* An order that was refused is none: the one before it must not stand for it. */}
          <OrderCard
            outTradeNo={isRefused ? undefined : current}
            newest={newest}
            payAgain={payAgain}
          />
          <RecentOrders orders={recent?.orders ?? []} current={current} show={show} />
        </div>
        <OrderEvents outTradeNo={current} />
      </div>
    </>
  );
}
