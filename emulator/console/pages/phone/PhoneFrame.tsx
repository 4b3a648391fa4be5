import { useNow } from '../../state/clock.ts';
import { useText } from '../../text/dictionary.ts';
import { beijing } from '../../text/forms.ts';
import { Cashier } from './Cashier.tsx';
import { NotPlaced } from './NotPlaced.tsx';
import type { Phone } from './phone.ts';
import { Gone, Result } from './Result.tsx';
import { Shop } from './shop/Shop.tsx';

/** The phone itself, with what its screen shows. */
export function PhoneFrame({ device }: { device: Phone }) {
  const { phone } = useText();
  return (
    <section className="phone" aria-label={phone.frame}>
      <StatusLine />
      <div className="phone-title">
        <span>{phone.shop}</span>
        <span className="capsule" aria-hidden="true">
          <i />
          <b />
        </span>
      </div>
      <div className="phone-screen">
        <Shown device={device} />
      </div>
    </section>
  );
}

function StatusLine() {
  const nowMs = useNow();
  return (
    <div className="phone-status" aria-hidden="true">
      <span className="figures">{nowMs === undefined ? '' : beijing(nowMs).slice(11, 16)}</span>
      <span className="phone-signal">
        <i />
        <i />
        <i />
        <i />
      </span>
    </div>
  );
}

function Shown({ device }: { device: Phone }) {
  const { screen } = device;
  switch (screen.kind) {
    case 'shop':
    case 'placing':
      return <Shop device={device} />;
    case 'sheet':
      return (
        <>
          <Shop device={device} />
          <Cashier sheet={screen.sheet} play={device.play} />
        </>
      );
    case 'refused':
      return <NotPlaced error={screen.error} again={screen.again} back={device.backToShop} />;
    case 'gone':
      return <Gone reopen={device.reopen} />;
    case 'result':
      return (
        <Result
          key={screen.sheet.outTradeNo}
          sheet={screen.sheet}
          end={screen.end}
          device={device}
        />
      );
  }
}
