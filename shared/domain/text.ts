/** Measures text as WeChat does, in bytes of UTF-8. Pure. */

const BYTES_BY_CODE_POINT: readonly (readonly [below: number, bytes: number])[] = [
  [0x80, 1],
  [0x800, 2],
  [0x10000, 3],
  [0x110000, 4],
];

function bytesOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  return BYTES_BY_CODE_POINT.find(([below]) => codePoint < below)?.[1] ?? 4;
}

/** Counts the bytes of a text in UTF-8: a Chinese character has three. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character);
  return bytes;
}

/** Clips a text to so many bytes, at a whole character; one that fits comes back as it is. */
export function clipToBytes(text: string, bytesMax: number): string {
  let bytes = 0;
  let clipped = '';
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > bytesMax) return clipped;
    clipped += character;
  }
  return text;
}
