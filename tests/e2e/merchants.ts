/** The merchants of a stage: with keys of their own, or under a service provider (服务商) whose keys sign. */
import type { MerchantFacts } from '../../emulator/wechatpay/merchantFacts.ts';
import type { WeChatPay } from '../../emulator/wechatpay/wechatpay.ts';
import type { Link } from '../../shared/domain/limits.ts';
import type { Merchant } from '../../shared/domain/order/order.ts';
import type { ApiV3Options } from '../../shared/gateway/apiV3/client.ts';
import { type MerchantMode, merchantModeOf } from '../../shared/gateway/apiV3/wire/merchantMode.ts';

/** Names what a configuration is changed to, and back. */
export interface Merchants {
  first(): MerchantFacts;
  renewed(): MerchantFacts;
  another(): MerchantFacts;
}

const FIRST = '1900000109';
const ANOTHER = '1900000777';
const PROVIDER = '1900000200';

/** Merchants with keys of their own. */
export function merchantsOf(wechat: WeChatPay): Merchants {
  return {
    first: () => wechat.merchant(),
    renewed: () => wechat.rotateMerchantKey(FIRST),
    another: () => wechat.addMerchant(ANOTHER),
  };
}

/** Merchants of one provider; new keys are the provider's. */
export function subMerchantsOf(wechat: WeChatPay): Merchants {
  const first = () => wechat.addSubMerchant(PROVIDER, FIRST);
  return {
    first,
    renewed: () => {
      wechat.rotateMerchantKey(PROVIDER);
      return first();
    },
    another: () => wechat.addSubMerchant(PROVIDER, ANOTHER),
  };
}

/** Wires a merchant: who signs, whom its orders name, the link and its verifier. */
export function wiringOf({ mchid, appid, provider }: MerchantFacts): {
  signer: string;
  merchantOn: (link: Link) => Merchant;
  link: Pick<ApiV3Options, 'subMerchant'>;
  form: MerchantMode;
} {
  const merchantOn = (link: Link) => ({ link, mchid, appid });
  if (!provider) return { signer: mchid, merchantOn, link: {}, form: merchantModeOf() };
  return {
    signer: provider.mchid,
    // As shared/runtime/wiring/wiring.ts: cloud pay has a provider of its own.
    merchantOn: (link) => ({
      ...merchantOn(link),
      ...(link === 'apiV3' ? { spMchid: provider.mchid } : {}),
    }),
    link: { subMerchant: { mchid, spAppid: provider.appid } },
    form: merchantModeOf(provider),
  };
}
