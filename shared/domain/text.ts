/** Measures text as WeChat does, in bytes of UTF-8. Pure. */

const utf8 = new TextEncoder();

/** Counts the bytes of a text in UTF-8: a Chinese character has three. */
export function byteLength(text: string): number {
  return utf8.encode(text).length;
}

/** Clips a text to so many bytes, at a whole character; one that fits comes back as it is. */
export function clipToBytes(text: string, bytesMax: number): string {
  const { read } = utf8.encodeInto(text, new Uint8Array(bytesMax));
  return text.slice(0, read);
}
