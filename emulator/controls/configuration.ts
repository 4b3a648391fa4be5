import type { ControlDeps } from '../control/deps.ts';
import { merchantSettings } from '../environment.ts';
import type { MerchantFacts } from '../wechatpay/merchantFacts.ts';
import type { WeChatPay } from '../wechatpay/wechatpay.ts';
import type { World } from '../world/world.ts';

/** The merchant that the functions are configured for, and which of WeChat's keys they trust. */
export interface Configuration
  extends Pick<ControlDeps, 'reconfigure' | 'trusts' | 'configured' | 'keysCame'> {
  merchant(): MerchantFacts;
}

/** Without the public key, functions download WeChat's certificates. */
const NO_PUBLIC_KEY = { WXPAY_PUBLIC_KEY_ID: '', WXPAY_PUBLIC_KEY: '' };

/** Opens the configuration that is given to functions in place of the deployed one, by `configure`. */
export function openConfiguration(
  { data }: World,
  wechat: Pick<WeChatPay, 'merchant'>,
  configure: (settings: Record<string, string>) => void,
): Configuration {
  const came = data.table<boolean>('came_with_world');
  let merchant: MerchantFacts = wechat.merchant();
  let link: Parameters<ControlDeps['reconfigure']>[1];
  let trusted: ReturnType<ControlDeps['trusts']> = 'publicKey';
  const give = () => {
    const keys = trusted === 'publicKey' ? {} : NO_PUBLIC_KEY;
    configure({ ...merchantSettings(merchant, link), ...keys });
  };
  // What was deployed has the keys from before a world was loaded.
  if (came.get('keys')) give();
  return {
    merchant: () => merchant,
    configured: () => ({ mchid: merchant.mchid, ...(link === undefined ? {} : { link }) }),
    keysCame: () => came.put('keys', true),
    reconfigure: (next, nextLink) => {
      merchant = next as MerchantFacts;
      link = nextLink;
      trusted = 'publicKey';
      give();
    },
    trusts: (to = trusted) => {
      if (to !== trusted) {
        trusted = to;
        give();
      }
      return trusted;
    },
  };
}
