/** Makes a number that no order or refund has, out of one that exists; as long as `max` at most. */
export function unknownNumber(number: string, max: number): string {
  return `NOBODY${number}`.slice(0, max);
}
