import { useState } from 'react';
import type { AnswerOf } from '../../../../control/api/controlApi.ts';
import { ask } from '../../../client/client.ts';
import { useResource } from '../../../client/resource.ts';
import { Button } from '../../../parts/Button.tsx';
import { Empty } from '../../../parts/Empty.tsx';
import { Unread } from '../../../parts/text/Unread.tsx';
import { useWorld } from '../../../state/world.ts';
import { useText } from '../../../text/dictionary.ts';
import { fenIn } from '../../../text/forms.ts';
import type { Phone } from '../phone.ts';
import { type Goods, type PriceSource, place } from '../purchase.ts';
import { Price } from './Price.tsx';
import { type Quote, useQuotes } from './quotes.ts';

/** The shop of the mini program: what the merchant's price book has on sale. */
export function Shop({ device }: { device: Phone }) {
  const { phone } = useText();
  const sale = useResource('shop', () => ask('GET /_local/shop'));
  const facts = useWorld();
  const { data: goods } = sale;
  const { data: world } = facts;
  const priceSource = world?.priceSource;
  const isQuoted = priceSource === 'quote' && world?.deploy.state !== 'running';
  const quotes = useQuotes(isQuoted && goods ? goods : []);
  if (!goods || !priceSource) {
    return (
      <div className="shop">
        <Unread of={goods ? facts : sale} />
      </div>
    );
  }
  const isShut = device.screen.kind !== 'shop';
  const buy = (what: Goods) =>
    device.order(what.productId, (fee = what.price) => place({ ...what, price: fee }, priceSource));
  return (
    <div className="shop" inert={device.screen.kind === 'sheet'}>
      <ul className="goods">
        {goods.map((each) => (
          <Line
            key={each.productId}
            of={each}
            quote={priceSource === 'quote' ? quotes[each.productId] : priced(each)}
            device={device}
            buy={buy}
          />
        ))}
      </ul>
      {goods.length === 0 && priceSource === 'quote' && world && <NoGoods world={world} />}
      {priceSource !== 'quote' && <Custom buy={buy} isShut={isShut} />}
      <p className="faint shop-note">{phone.priceBy[priceSource satisfies PriceSource]}</p>
    </div>
  );
}

/** Says why nothing is on sale: until the functions are deployed there is no price book yet. */
function NoGoods({ world }: { world: World }) {
  const { phone, functions } = useText();
  if (world.deploy.state === 'running') {
    return <Empty icon="wait" title={functions.deploying} hint={phone.afterDeploy} />;
  }
  if (world.functions.length === 0) {
    return <Empty icon="functions" title={functions.none} hint={functions.noneHint} />;
  }
  return <Empty icon="bag" title={phone.emptyShop} hint={phone.emptyShopHint} />;
}

/** Where nobody quotes, the price book says the price. */
function priced({ name, price }: Goods): Quote {
  return { kind: 'quoted', body: name, totalFee: price };
}

type World = AnswerOf<'GET /_local/world'>;

interface LineProps {
  of: Goods;
  quote: Quote | undefined;
  device: Phone;
  buy(goods: Goods): Promise<void>;
}

function Line({ of: each, quote, device, buy }: LineProps) {
  const { phone } = useText();
  const fee = quote?.kind === 'quoted' ? quote.totalFee : undefined;
  const isShut = device.screen.kind !== 'shop' || fee === undefined;
  return (
    <li>
      <Picture of={each} />
      <span className="goods-name">{each.name}</span>
      <Price quote={quote} fee={fee} />
      <Button
        kind="main"
        act={() => buy({ ...each, price: fee ?? each.price })}
        isDisabled={isShut}
        title={fee === undefined ? phone.noPrice : undefined}
        label={`${phone.buy} ${each.name}`}
      >
        {isWaiting(device, each.productId) ? phone.buying : phone.buy}
      </Button>
    </li>
  );
}

function isWaiting({ screen }: Phone, productId: string): boolean {
  return screen.kind === 'placing' && screen.what === productId;
}

const HUES = 12;

/** A picture that goods of one id always have. */
function Picture({ of: { productId, name } }: { of: Goods }) {
  const sum = [...productId].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return (
    <span className={`picture hue-${sum % HUES}`} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  );
}

/** An amount of one's own, where the phone or the merchant's server names the price. */
function Custom({ buy, isShut }: { buy(goods: Goods): Promise<void>; isShut: boolean }) {
  const { phone } = useText();
  const [name, setName] = useState('试付');
  const [amount, setAmount] = useState('0.01');
  const price = fenIn(amount) ?? 0;
  return (
    <fieldset className="custom">
      <legend>{phone.custom.title}</legend>
      <label>
        {phone.custom.body}
        <input value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      <label>
        {phone.custom.amount}
        <input
          inputMode="decimal"
          value={amount}
          aria-invalid={price < 1}
          onChange={({ target }) => setAmount(target.value)}
        />
      </label>
      {price < 1 && <p className="field-error">{phone.custom.wrong}</p>}
      <Button
        kind="main"
        act={() => buy({ productId: 'custom', name, price })}
        isDisabled={isShut || price < 1}
      >
        {phone.buy}
      </Button>
    </fieldset>
  );
}
