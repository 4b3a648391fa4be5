import type { ActiveFaults, Fault, Preset, SwitchedFault } from './faults.ts';
import { switchKey } from './faults.ts';

/** Holds what a shared address wants to be switched on. */
export interface LinkedFaults {
  presets: Preset[];
  faults: Fault[];
  /** Words that name no preset and no fault. */
  unknown: string[];
}

/** Writes what is on as words of an address: presets by name, `wechatpay.query*slow*2000ms*3x*0.5p`. */
export function linkOf({ presets, others }: ActiveFaults): string {
  return [...presets.map(({ name }) => name), ...others.map(wordOf)].join(' ');
}

/** The times that it was switched on for: those that are left, and those that happened. */
function wordOf(fault: SwitchedFault): string {
  const { at, kind, code, delayMs, times, probability, taken } = fault;
  const parts = [
    at,
    kind,
    code,
    delayMs === undefined ? undefined : `${delayMs}ms`,
    times === undefined ? undefined : `${times + taken}x`,
    probability === undefined ? undefined : `${probability}p`,
  ];
  return parts.filter((part) => part !== undefined).join('*');
}

/** Reads the words of an address, but for what is on already. */
export function missingIn(
  link: string,
  presets: readonly Preset[],
  on: readonly SwitchedFault[],
): LinkedFaults {
  const words = link.split(' ').filter(Boolean);
  const keys = new Set(on.map(switchKey));
  const faults = words.flatMap((word) => faultIn(word) ?? []);
  const named = presets.filter(({ name }) => words.includes(name));
  return {
    presets: named.filter(({ isOn }) => !isOn),
    faults: faults.filter((fault) => !keys.has(switchKey(fault))),
    unknown: words.filter((word) => !faultIn(word) && !named.some(({ name }) => name === word)),
  };
}

/** Reads one word; whether its fields are right the control API says. */
function faultIn(word: string): Fault | undefined {
  const [at = '', kind, ...rest] = word.split('*');
  if (kind === undefined) return undefined;
  const figure = (unit: string) =>
    rest.flatMap((part) => new RegExp(`^([\\d.]+)${unit}$`).exec(part)?.[1] ?? [])[0];
  const given = (name: 'delayMs' | 'times' | 'probability', text: string | undefined) =>
    text === undefined ? {} : { [name]: Number(text) };
  const code = rest.find((part) => !/^[\d.]+(?:ms|x|p)$/.test(part));
  return {
    at,
    kind: kind as Fault['kind'],
    ...(code === undefined ? {} : { code }),
    ...given('delayMs', figure('ms')),
    ...given('times', figure('x')),
    ...given('probability', figure('p')),
  };
}
