import type { Access } from '../../cloud/access.ts';
import type { CommandContext } from '../../context/framework.ts';
import type { FunctionState } from '../../resources/functionState.ts';
import { readBill, type ServiceSigner } from './cloudFacts.ts';
import { type Fact, known, notRead, readFact, readFactFrom } from './fact.ts';
import {
  anyStateOf,
  type BillAnswer,
  type CallbackAnswer,
  type DeployedFacts,
  type Facts,
  type OpenEnvironment,
  stateOf,
} from './facts.ts';
import { callbackUrls, readCallback } from './networkFacts.ts';

/** Everything that must be known before a deployed function is called. */
export interface AnswersDeps extends DeployedFacts, Pick<Facts, 'domain'> {
  access: Fact<Access>;
  opened: Fact<OpenEnvironment>;
}

/**
 * Calls what is deployed: the notify URL, and `downloadBill`. It comes after all reading, since it
 * needs to know where things are and who deployed them.
 */
export async function gatherAnswers(
  context: CommandContext,
  deps: AnswersDeps,
): Promise<Pick<Facts, 'callback' | 'bill'>> {
  return {
    callback: await gatherCallback(deps),
    bill: await gatherBill(context, deps),
  };
}

/** Finds a function that may be called; one that something else deployed may not. */
function callableFunction(deployed: DeployedFacts, name: string): Fact<FunctionState> {
  const state = stateOf(deployed, name);
  if (state) return known(state);
  const fact = deployed.functions[name];
  if (fact?.kind === 'unknown') return notRead(fact.reason, fact.fix);
  if (anyStateOf(deployed, name)) {
    return notRead(
      `${name} 不是本项目部署的，未调用 (deployed by something else, so it was not called)`,
      '见 deployed.foreign (see deployed.foreign)',
    );
  }
  return notRead(`${name} 未部署 (it is not deployed)`, '部署后再运行 (run it after a deploy)');
}

async function gatherCallback(deps: AnswersDeps): Promise<Fact<CallbackAnswer>> {
  const urls = await readFactFrom(deps.domain, callbackUrls);
  // The code of another failure would read as one of the address.
  if (urls.kind === 'unknown') return notRead(urls.reason, urls.fix);
  const configured = stateOf(deps, 'unifiedOrder')?.served.environment.WXPAY_NOTIFY_URL;
  // Only an address of ours is asked; a wrong one is found by comparing.
  const url = urls.value.find((candidate) => candidate === configured) ?? urls.value[0];
  if (url === undefined) {
    return notRead('没有指向 payCallback 的路由 (no route leads to payCallback)');
  }
  const callee = callableFunction(deps, 'payCallback');
  if (callee.kind === 'unknown') return callee;
  const endpoint = deps.access.kind === 'known' ? deps.access.value.endpoint : undefined;
  return readFact(() => readCallback(new URL(url), endpoint));
}

async function gatherBill(context: CommandContext, deps: AnswersDeps): Promise<Fact<BillAnswer>> {
  const signer = signerFrom(context, deps);
  if (signer.kind === 'unknown') return signer;
  return readFactFrom(deps.opened, ({ cloud }) =>
    readBill(cloud, deps.service.envId, signer.value, context.nowMs()),
  );
}

/** Finds key and appid to sign with: the deployed ones, which are there even if this shell has none. */
function signerFrom({ env }: CommandContext, deps: AnswersDeps): Fact<ServiceSigner> {
  const callee = callableFunction(deps, 'downloadBill');
  if (callee.kind === 'unknown') return callee;
  const desired = deps.service.functions.find(({ name }) => name === 'downloadBill')?.environment;
  const places = [callee.value.served.environment, desired, env];
  const settingOf = (name: string) => places.map((place) => place?.[name]).find(Boolean);
  const key = settingOf('WXPAY_SERVICE_KEY');
  if (key) return known({ key, appid: settingOf('WXPAY_APPID') ?? '' });
  return notRead(
    '没有 WXPAY_SERVICE_KEY，无法以服务端身份调用 (without it no call can be signed as your server)',
    '设置 WXPAY_SERVICE_KEY 并部署 (set it, and deploy)',
  );
}
