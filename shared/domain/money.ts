/** Money in fen (分), 1/100 yuan: a safe integer, never a float. */
export type Fen = number & { readonly __brand: 'Fen' };

/** Makes an amount of a whole number of fen, 0 or more; anything else throws a RangeError. */
export function fen(value: number): Fen {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`not a whole, non-negative amount of fen: ${value}`);
  }
  return value as Fen;
}

const YUAN = /^(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/;

/** Reads an amount as bills and screens print it (`12.3` is 1230 fen); undefined when it is none. */
export function fenFromYuan(yuan: string): Fen | undefined {
  const match = YUAN.exec(yuan);
  if (!match) return undefined;
  return fen(Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`));
}

/** Prints an amount as bills do: yuan with two decimals, `0.01`. */
export function yuanFromFen(amount: Fen): string {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
