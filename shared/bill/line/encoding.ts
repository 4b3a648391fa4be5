/** How a bill's texts are written: WeChat's own files in UTF-8, files that passed through Excel in GBK. */
export type Encoding = 'utf-8' | 'gbk';

/** A name that every bill's first line has in one encoding or the other. */
const NAME = /时间/;

/** Tells by its first line how a bill is written; undefined when it is neither. */
export function encodingOf(firstLine: Uint8Array): Encoding | undefined {
  const encodings: Encoding[] = ['utf-8', 'gbk'];
  return encodings.find((encoding) => NAME.test(new TextDecoder(encoding).decode(firstLine)));
}
