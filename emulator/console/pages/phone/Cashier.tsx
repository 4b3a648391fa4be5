import { useEffect, useRef, useState } from 'react';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useToggle } from '../../parts/toggle.ts';
import { useText } from '../../text/dictionary.ts';
import { yuan } from '../../text/forms.ts';
import type { Sheet } from './purchase.ts';
import type { SceneName } from './scenes.ts';

interface CashierProps {
  sheet: Sheet;
  play(scene: SceneName): Promise<void>;
}

/** WeChat's cashier sheet (收银台): what is to be paid, then the password. */
export function Cashier({ sheet, play }: CashierProps) {
  const { phone } = useText();
  const confirmed = useToggle();
  const element = useRef<HTMLElement>(null);
  const { run } = useAction();
  useEffect(() => element.current?.focus(), []);
  return (
    <section
      onKeyDown={({ key }) => {
        if (key === 'Escape') run(() => play('cancel'));
      }}
      className="sheet"
      role="dialog"
      aria-label={phone.sheet.title}
      ref={element}
      tabIndex={-1}
    >
      <div className="sheet-head">
        <Button kind="quiet" act={() => play('cancel')}>
          {phone.sheet.cancel}
        </Button>
        <span>{confirmed.isOn ? phone.sheet.password : phone.sheet.title}</span>
        <span />
      </div>
      <p className="sheet-body">{sheet.description}</p>
      <p className="sheet-amount figures">{yuan(sheet.totalFee)}</p>
      {confirmed.isOn ? (
        <PasswordPad pay={() => play('pay')} />
      ) : (
        <>
          <p className="sheet-method">
            <span>{phone.sheet.method}</span>
            <strong>{phone.sheet.wallet}</strong>
          </p>
          <Button kind="main" act={confirmed.turnOn}>
            {phone.sheet.confirm}
          </Button>
        </>
      )}
    </section>
  );
}

const DIGITS = 6;
const WRONG = '000000';
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0'];

/** The pad for the payer's password; every password but one is the right one. */
function PasswordPad({ pay }: { pay(): Promise<void> }) {
  const { phone } = useText();
  const { run, isBusy } = useAction();
  const [typed, setTyped] = useState('');
  const [last, setLast] = useState<'none' | 'wrong'>('none');
  const isWrong = last === 'wrong';
  const pad = useRef<HTMLFieldSetElement>(null);
  useEffect(() => pad.current?.focus(), []);
  const type = (digit: string) => {
    if (isBusy || typed.length === DIGITS) return;
    const next = typed + digit;
    setLast(next === WRONG ? 'wrong' : 'none');
    setTyped(next === WRONG ? '' : next);
    if (next.length === DIGITS && next !== WRONG) run(pay);
  };
  const erase = () => setTyped(typed.slice(0, -1));
  return (
    <fieldset
      className="pad"
      ref={pad}
      tabIndex={-1}
      aria-label={phone.sheet.password}
      onKeyDown={({ key }) => {
        if (/^\d$/.test(key)) type(key);
        if (key === 'Backspace') erase();
      }}
    >
      <p className="pad-dots" role="status" aria-label={phone.sheet.typed(typed.length)}>
        {Array.from({ length: DIGITS }, (_, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: six places, which never move
          <i key={place} className={place < typed.length ? 'full' : ''} />
        ))}
      </p>
      <p className={isWrong ? 'pad-hint wrong' : 'pad-hint'} role="status">
        {isWrong ? phone.sheet.wrongPassword : phone.sheet.passwordHint}
      </p>
      <div className="pad-keys">
        {KEYS.map((digit) =>
          digit === '' ? (
            <span key="none" />
          ) : (
            <button
              key={digit}
              type="button"
              aria-label={phone.sheet.digit(digit)}
              onClick={() => type(digit)}
            >
              {digit}
            </button>
          ),
        )}
        <button type="button" aria-label={phone.sheet.erase} onClick={erase}>
          <Icon name="erase" />
        </button>
      </div>
    </fieldset>
  );
}
