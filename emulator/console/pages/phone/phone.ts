import { useCallback, useState } from 'react';
import { refresh } from '../../client/resource.ts';
import type { Sheet } from './purchase.ts';
import { SCENES, type SceneEnd, type SceneName } from './scenes.ts';

/** The phone shows one of these. */
export type Screen =
  | { kind: 'shop' }
  | { kind: 'placing'; what: string }
  /** `again` orders the same, at another price where one is given. */
  | { kind: 'refused'; error: unknown; again(totalFee?: number): Promise<void> }
  | { kind: 'sheet'; sheet: Sheet }
  /** The mini program was ended: it knows nothing of the payment. */
  | { kind: 'gone'; sheet: Sheet }
  | { kind: 'result'; sheet: Sheet; end: SceneEnd };

/** Places an order at the price that was shown, or at the one given. */
type Place = (totalFee?: number) => Promise<Sheet>;

/** The phone, and what a person does with it. */
export interface Phone {
  screen: Screen;
  /** Orders something; `what` says which button waits. */
  order(what: string, place: Place): Promise<void>;
  play(scene: SceneName): Promise<void>;
  reopen(): void;
  backToShop(): void;
}

/** Uses a phone; it tells which order it has placed. */
export function usePhone(placed: (outTradeNo: string) => void): Phone {
  const [screen, setScreen] = useState<Screen>({ kind: 'shop' });
  const order = useCallback(
    async (what: string, place: Place, totalFee?: number) => {
      setScreen({ kind: 'placing', what });
      try {
        const sheet = await place(totalFee);
        placed(sheet.outTradeNo);
        setScreen({ kind: 'sheet', sheet });
      } catch (error) {
        // Whatever was shown before is another order: the phone says that this one is none.
        const again = (fee?: number) => order(what, place, fee);
        setScreen({ kind: 'refused', error, again });
      }
      await refresh();
    },
    [placed],
  );
  const play = useCallback(
    async (name: SceneName) => {
      if (screen.kind !== 'sheet') return;
      const { sheet } = screen;
      const end = await SCENES[name](sheet);
      setScreen(end.answer ? { kind: 'result', sheet, end } : { kind: 'gone', sheet });
    },
    [screen],
  );
  const reopen = () => {
    if (screen.kind === 'gone') setScreen({ kind: 'result', sheet: screen.sheet, end: {} });
  };
  return { screen, order, play, reopen, backToShop: () => setScreen({ kind: 'shop' }) };
}
