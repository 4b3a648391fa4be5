import type { ControlDeps } from '../control/deps.ts';
import { merchantSettings } from '../environment.ts';
import type { MerchantFacts } from '../wechatpay/merchantFacts.ts';

/** The merchant that the functions are configured for, and which of WeChat's keys they trust. */
export interface Configuration extends Pick<ControlDeps, 'reconfigure' | 'trusts'> {
  merchant(): MerchantFacts;
}

/** Without the public key, functions download WeChat's certificates. */
const NO_PUBLIC_KEY = { WXPAY_PUBLIC_KEY_ID: '', WXPAY_PUBLIC_KEY: '' };

/** Holds the configuration that is given to functions in place of the deployed one, by `configure`. */
export function createConfiguration(
  first: MerchantFacts,
  configure: (settings: Record<string, string>) => void,
): Configuration {
  let merchant = first;
  let link: Parameters<ControlDeps['reconfigure']>[1];
  let trusted: ReturnType<ControlDeps['trusts']> = 'publicKey';
  const give = () => {
    const keys = trusted === 'publicKey' ? {} : NO_PUBLIC_KEY;
    configure({ ...merchantSettings(merchant, link), ...keys });
  };
  return {
    merchant: () => merchant,
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
