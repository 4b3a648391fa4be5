import { PAGES } from '../pages/pages.tsx';
import type { OrderRow } from '../parts/Standing.tsx';
import { goTo } from '../state/address.ts';
import { advance, moveTo, tomorrowAtTen } from '../state/clock.ts';
import { type Preset, playPreset } from '../state/faults.ts';
import { nextTheme, otherLanguage } from '../state/settings.ts';
import type { Dictionary } from '../text/dictionary.ts';
import { yuan } from '../text/forms.ts';

/** One thing that the palette can do. */
export interface Command {
  title: string;
  act(): unknown;
}

/** Lists what can be done from every page, in one language. */
export function commandsIn(
  { house, language }: Dictionary,
  nowMs: number | undefined,
  presets: readonly Preset[],
): Command[] {
  const { clock, faults } = house;
  return [
    ...PAGES.map(({ name }) => ({ title: house.pages[name], act: () => goTo(name) })),
    { title: `${clock.jump}: ${clock.minutes(6)}`, act: () => advance('PT6M') },
    { title: `${clock.jump}: ${clock.minutes(30)}`, act: () => advance('PT30M') },
    { title: `${clock.jump}: ${clock.hour}`, act: () => advance('PT1H') },
    {
      title: `${clock.jump}: ${clock.tomorrow}`,
      act: () => moveTo(tomorrowAtTen(nowMs ?? Date.now())),
    },
    ...presets.map(({ name, title, isOn }) => ({
      title: `${isOn ? faults.off : faults.on}: ${title[language]}`,
      act: () => playPreset(name, isOn ? 'off' : 'on'),
    })),
    { title: house.themeLabel, act: nextTheme },
    { title: house.languageLabel, act: otherLanguage },
  ];
}

/** Makes the way to each of these orders a command, whose title names the order as a person knows it. */
export function ordersIn(orders: readonly OrderRow[]): Command[] {
  return orders.map(({ outTradeNo, body, totalFee }) => ({
    title: [outTradeNo, body, yuan(totalFee)].filter(Boolean).join(' · '),
    act: () => goTo('orders', outTradeNo),
  }));
}

/** Takes the commands that hold every word of what was typed. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
}
