/** Measures text as WeChat does, in bytes of UTF-8. Pure. */

const utf8 = new TextEncoder();

/** Matches what WeChat does not store: characters of four bytes, lone surrogates, and the keycap of an emoji. */
const UNSTORABLE = /[\u{10000}-\u{10FFFF}\uD800-\uDFFF]|\u20E3/gu;
/** Matches what nobody sees, and what joins or colours emoji; of U+2800 Unicode says no more than that it is blank. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}|\u2800/gu;
const SPACES = /[\p{Cc}\s]+/gu;

/** Cleans a text for display to what WeChat stores: no emoji, no control or unseen characters, clipped to so many bytes. */
export function cleanText(text: string, bytesMax: number): string {
  const clean = text.replace(UNSTORABLE, '').replace(UNSEEN, '').replace(SPACES, ' ').trim();
  return clipToBytes(clean, bytesMax).trim();
}

/** Counts the bytes of a text in UTF-8: a Chinese character has three. */
export function byteLength(text: string): number {
  return utf8.encode(text).length;
}

/** Clips a text to so many bytes, at a whole character; one that fits comes back as it is. */
export function clipToBytes(text: string, bytesMax: number): string {
  const { read } = utf8.encodeInto(text, new Uint8Array(bytesMax));
  return text.slice(0, read);
}
