/**
 * Decodes base64 in its canonical form; undefined for any other text that reads as the same bytes, which
 * a forger could vary. Node skips foreign characters and takes `-` and `_`. Nothing was skipped where
 * the length is that of the bytes and the last four characters are those of their end, padding and spare
 * bits included; to encode all of it again would take as much memory as a whole notification.
 */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (text.length !== 4 * Math.ceil(bytes.length / 3)) return undefined;
  if (text.includes('-') || text.includes('_')) return undefined;
  const end = bytes.toString('base64', bytes.length - (bytes.length % 3 || 3));
  return text.endsWith(end) ? bytes : undefined;
}
