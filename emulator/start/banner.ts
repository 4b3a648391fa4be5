import { type StartArguments, USUAL } from './arguments.ts';

type Where = Pick<StartArguments, 'port' | 'data'> &
  Partial<Pick<StartArguments, 'host' | 'devtools'>>;

/** Writes the line that begins this very cloud anew: pasted, it hits no other one's data. */
export function beginAnewLine(where: Where): string {
  return `npm start -- --fresh${optionsOf(where).replace(' --', '')}`;
}

function optionsOf({ port, data, host, devtools = false }: Where): string {
  const folder = /^[\w./-]+$/.test(data) ? data : JSON.stringify(data);
  const isUsual = port === USUAL.port && data === USUAL.data;
  const options = [
    ...(isUsual ? [] : [`--port ${port} --data ${folder}`]),
    ...(host === undefined ? [] : [`--host ${host}`]),
    ...(devtools ? ['--devtools'] : []),
  ];
  return options.length === 0 ? '' : ` -- ${options.join(' ')}`;
}

/** Where the local cloud is reached, and the key that its HTTP API asks for. */
interface Reached {
  url: string;
  notifyUrl: string;
  apiKey: string;
  remoteUrls: readonly string[];
}

/** Writes what a person needs once the local cloud is up. */
export function readyText(
  { url, notifyUrl, apiKey, remoteUrls, ...asked }: StartArguments & Reached,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const deployed = asked.asItIs
    ? '未部署，运行上次部署的函数 (not deployed: what was deployed before)'
    : '保存代码后自动部署该函数 (a function is deployed again when its code is saved)';
  return `
  本地云已启动 (the local cloud is up)

    页面 (page)      ${url}/
${remoteUrls.map((each) => `    其他设备 (other devices)  ${each}/\n`).join('')}    控制 (control)   ${url}/_local/openapi.json
    HTTP API         ${url}/v1/functions/{name}  Authorization: Bearer ${apiKey}
    回调 (notify)    ${notifyUrl}
    数据 (data)      ${asked.data}/  重新开始 (begin anew): ${beginAnewLine(asked)}

${priceLine(env.WXPAY_PRICE_SOURCE)}
  ${deployed}
  停止 (stop): Ctrl+C
`;
}

/** Says, as the local cloud stops, that nothing is lost, and how it goes on. */
export function savedLine(where: Where): string {
  return `已停止，数据已保存在 ${where.data}/ ，再次启动即继续 (stopped; the data are saved): npm start${optionsOf(where)}`;
}

function priceLine(source = 'quote'): string {
  const meanings: Readonly<Record<string, string>> = {
    quote:
      '由样例 quoteOrder 按价格本 products 定价 (by the sample quoteOrder, from the price book)',
    client: '任何人都可以改价，仅供演示 (anybody can change the price: for trying out only)',
  };
  const meaning = meanings[source];
  return `  价格来源 (price source) ${source}${meaning === undefined ? '' : `：${meaning}`}`;
}
