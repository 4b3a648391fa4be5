import { type StartArguments, USUAL } from './arguments.ts';

type Where = Pick<StartArguments, 'port' | 'data'>;

/** Writes the line that begins this very cloud anew: pasted, it hits no other one's data. */
export function beginAnewLine({ port, data }: Where): string {
  const isUsual = port === USUAL.port && data === USUAL.data;
  const folder = /^[\w./-]+$/.test(data) ? data : JSON.stringify(data);
  return `npm start -- --fresh${isUsual ? '' : ` --port ${port} --data ${folder}`}`;
}

/** Says which source prices come from, unless the shell names another. */
export function priceLine(source = 'quote'): string {
  const meanings: Readonly<Record<string, string>> = {
    quote:
      '由样例 quoteOrder 按价格本 products 定价 (by the sample quoteOrder, from the price book)',
    client: '任何人都可以改价，仅供演示 (anybody can change the price: for trying out only)',
  };
  const meaning = meanings[source];
  return `  价格来源 (price source) ${source}${meaning === undefined ? '' : `：${meaning}`}`;
}
