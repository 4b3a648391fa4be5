import { readFileSync } from 'node:fs';
import type { LocalCloud } from '../../../emulator/main.ts';
import { buildMerchantFile } from '../../../infra/build/build.ts';
import { pageOf } from '../../../infra/lint/pages/page.ts';

/** An answer of whatever was called: code before and after a move, of no type. */
export type Answer = Record<string, unknown> & { payment?: { package: string } };

/** Reads the blocks of JavaScript of a page, in order, as they stand there. */
export function codeOn(path: string): string[] {
  const { blocks } = pageOf({ path, text: readFileSync(path, 'utf8') });
  return blocks.filter(({ info }) => info === 'js').map(({ text }) => text);
}

/** Reads the files that a page says to copy beside a function. */
export async function filesToCopy(): Promise<Record<string, string>> {
  const merchant = await buildMerchantFile(process.cwd());
  return {
    'wxpay.cjs': readFileSync('examples/moving/wxpay.cjs', 'utf8'),
    'merchant.js': readFileSync(merchant, 'utf8'),
  };
}

/** Reads what stands for code that cannot be had here; see there. */
export const peers = () => ({ 'peers.cjs': readFileSync('tests/docs/moving/peers.cjs', 'utf8') });

/** Makes the settings of a merchant who reaches WeChat Pay by himself, with an old notify address. */
export function oldEnvironment(cloud: LocalCloud): Record<string, string> {
  const ours = Object.entries(cloud.environment()).filter(([key]) =>
    /^WXPAY_(?:APPID|MCHID|SERIAL_NO|PRIVATE_KEY|API_V3_KEY|API_URL)$/.test(key),
  );
  return { ...Object.fromEntries(ours), OLD_NOTIFY_URL: 'https://old.example.com/notify' };
}

/** A payer's phone, and what may be asked of the local cloud beside it. */
export function shopIn(cloud: LocalCloud) {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${cloud.url}/_local/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  return {
    ask,
    /** Calls a function from the mini program. */
    async call(name: string, data: object, openid = 'oPayer'): Promise<Answer> {
      const outcome = await ask<{ result?: Answer }>('POST', 'call', { name, data, openid });
      if (!outcome.result) throw new Error(`${name}: ${JSON.stringify(outcome)}`);
      return outcome.result;
    },
    /** Does what `wx.requestPayment({...payment})` and the payer do. */
    async pay(payment: { package?: unknown } | undefined): Promise<string> {
      const prepayId = String(payment?.package).replace('prepay_id=', '');
      const paid = await ask<{ errMsg: string }>('POST', `cashier/${prepayId}`, { action: 'pay' });
      return paid.errMsg;
    },
    /** Lets time pass, with all that falls due; no timer fires by itself. */
    pass: (advance: string) => ask<object>('POST', 'clock', { advance, timers: 'none' }),
    documents: (collection: string) => ask<Answer[]>('GET', `documents/${collection}?limit=1000`),
    /** Reads WeChat Pay's own truth. */
    truth: (outTradeNo: string) => ask<Answer>('GET', `wechatpay/orders/${outTradeNo}`),
  };
}
