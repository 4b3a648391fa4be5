import type { Contract } from '../contract/contract.ts';
import { readConfig } from './config.ts';
import { dropIdleConnections } from './idleConnections.ts';
import { type Main, pipeline, type UseCase } from './invocation/pipeline.ts';
import { ownCallsOf } from './selfCall.ts';
import { printLine, systemClock } from './system.ts';
import { wire } from './wiring/wiring.ts';

/**
 * Builds a deployed function on the real machine. A wrong configuration stops the cold start here,
 * naming the key, what it should hold and where to find it.
 */
export function endpoint<I>(contract: Contract<I>, run: UseCase<I>): Main {
  const config = readConfig(contract.name);
  const { apiV3 } = config;
  if (apiV3 && !apiV3.publicKey && !apiV3.platformCert) printLine(downloadNotice(contract.name));
  if (config.priceSource === 'client') printLine(priceWarning(contract.name));
  const depsOf = wire(contract.name, config);
  const callers = { ...config, ownCalls: ownCallsOf(contract.name, config) };
  const deps = { config: callers, depsOf, clock: systemClock, print: printLine };
  const main = pipeline(contract, run, deps);
  return function begin(event, context) {
    dropIdleConnections();
    return main(event, context);
  };
}

/** Warns at every cold start, so that nobody leaves this setting by accident. */
function priceWarning(name: string): string {
  const warning =
    'WXPAY_PRICE_SOURCE=client：价格和单号由手机端决定，任何人都可以改价 (anybody can change the price)';
  return JSON.stringify({ level: 'warn', function: name, warning });
}

/** Notes at every cold start that the first call of an instance waits for a download. */
function downloadNotice(name: string): string {
  const notice =
    '未设置微信支付公钥或平台证书：将下载平台证书 (neither public key nor platform certificate is set: platform certificates are downloaded)';
  return JSON.stringify({ level: 'info', function: name, notice });
}
