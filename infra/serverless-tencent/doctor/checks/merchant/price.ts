import type { Facts } from '../../facts/facts.ts';
import { type Settings, settingsOf } from '../../facts/settings.ts';
import { broken, type Finding, ok, unknown, warn } from '../../findings/finding.ts';

/** Checks who names the price of an order (WXPAY_PRICE_SOURCE). */
export function checkPrice(facts: Facts): Finding[] {
  return settingsOf(facts).flatMap((settings) => checkPriceSource(settings));
}

function checkPriceSource(settings: Settings): Finding[] {
  const { where, functions, isWhole } = settings;
  const check = 'price.source';
  const fn = functions.find(({ name }) => name === 'unifiedOrder');
  if (!fn) return [];
  if (fn.environment.WXPAY_PRICE_SOURCE === 'client') {
    return [
      warn(
        check,
        `${where}: 价格由手机端决定，任何人都可以改价 (WXPAY_PRICE_SOURCE=client: anybody can change the price)`,
        '改为 quote（询价函数），或由服务端签名调用下单并删除 WXPAY_PRICE_SOURCE；client 仅供迁移 (quote by a function, or let your server place orders by signed calls and unset it: client is for moving over only)',
      ),
    ];
  }
  if (fn.environment.WXPAY_PRICE_SOURCE === 'quote') return checkQuote(fn.environment, settings);
  if (fn.environment.WXPAY_SERVICE_KEY) {
    return [ok(check, `${where}: 价格由服务端签名调用决定 (signed service calls name the price)`)];
  }
  const what = `${where}: 没有 WXPAY_SERVICE_KEY，无人可以下单 (without it nobody can place an order)`;
  const fix =
    '在 provider.environment 设置 WXPAY_SERVICE_KEY，至少 32 个随机字符，与你的服务端相同 (set it there: 32 random characters or more, the same on your server)';
  return [isWhole ? broken(check, what, fix) : unknown(check, what, fix)];
}

/** Checks that quotes can be signed. */
function checkQuote(
  { WXPAY_EVENTS_KEY: key }: Readonly<Record<string, string>>,
  { where, isWhole }: Settings,
): Finding[] {
  const check = 'price.source';
  if (key) return [ok(check, `${where}: 价格由询价函数决定 (your quote function names the price)`)];
  const what = `${where}: WXPAY_PRICE_SOURCE=quote 而没有 WXPAY_EVENTS_KEY，询价无法签名，unifiedOrder 不能启动 (quotes cannot be signed: unifiedOrder does not start)`;
  const fix =
    '设置 WXPAY_EVENTS_KEY，与询价函数相同 (set it, the same as in the function that quotes)';
  return [isWhole ? broken(check, what, fix) : unknown(check, what, fix)];
}
