import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Access, readAccess } from '../../cloud/access.ts';
import { type Cloud, openCloud } from '../../cloud/cloud.ts';
import { type Session, textOption } from '../../context/framework.ts';
import { serviceOf } from '../../context/open.ts';
import { type FunctionState, readFunction } from '../../resources/functionState.ts';
import { readFunctionRules, readStorageRule } from '../../resources/permissions.ts';
import { readDomain } from '../../resources/routes.ts';
import { readTimers } from '../../resources/timers.ts';
import type { Service } from '../../service/service.ts';
import { readBill, readCollectionFacts, readEnvironmentFacts } from './cloudFacts.ts';
import { type Known, known, learn, learnFrom, notRead } from './fact.ts';
import { type Deployed, type EnvironmentFacts, type Facts, foundOf, stateOf } from './facts.ts';
import { callbackUrls, readCallback, readClock } from './networkFacts.ts';

/** Reads everything that the checks look at. What cannot be read says why, and stops nothing else. */
export async function gatherFacts(session: Session): Promise<Facts> {
  const service = serviceOf(session);
  const access = await learn(() => readAccess(session.env, service.region));
  const cloud = await learnFrom(access, (one) => openCloud(one, session.wait));
  const environment = await learnFrom(cloud, (one) => readEnvironmentFacts(one, service.envId));
  const place = placeOf(cloud, environment);
  const [clock, merchantCert, deployed, rest] = await Promise.all([
    learnFrom(access, ({ endpoint }) => readClock(session.nowMs, endpoint)),
    readMerchantCert(session),
    gatherFunctions(place, service),
    gatherSurroundings(place, service),
  ]);
  const facts = { nowMs: session.nowMs(), service, environment, clock, merchantCert };
  const asked = await gatherAnswers(session, { service, access, place, ...deployed, ...rest });
  const isLocal = await learnFrom(access, ({ endpoint }) => ({ isLocal: endpoint !== undefined }));
  return { ...facts, ...deployed, ...rest, ...asked, access: isLocal };
}

/** The cloud, and the environment in it. */
type Place = Known<{ cloud: Cloud; environment: EnvironmentFacts }>;

function placeOf(cloud: Known<Cloud>, environment: Facts['environment']): Place {
  if (cloud.is === 'unknown') return notRead('没有可用的访问密钥 (no usable key pair)');
  if (environment.is === 'unknown' || !('found' in environment.value)) {
    return notRead('环境不可读 (the environment cannot be read)');
  }
  return known({ cloud: cloud.value, environment: environment.value.found });
}

/** Reads something under each of several names, side by side. */
async function byName<T>(names: readonly string[], read: (name: string) => Promise<T>) {
  const pairs = await Promise.all(names.map(async (name) => [name, await read(name)] as const));
  return Object.fromEntries(pairs);
}

async function gatherFunctions(place: Place, { envId, functions }: Service) {
  const names = functions.map(({ name }) => name);
  return {
    functions: await byName(names, (name) =>
      learnFrom(place, ({ cloud }) => readFunction(cloud, envId, name)),
    ),
    timers: await byName(names, (name) =>
      learnFrom(place, ({ cloud }) => readTimers(cloud, { FunctionName: name, Namespace: envId })),
    ),
  };
}

async function gatherSurroundings(place: Place, service: Service) {
  const { envId } = service;
  return {
    domain: await learnFrom(place, ({ cloud }) => readDomain(cloud, service)),
    rules: await learnFrom(place, ({ cloud }) => readFunctionRules(cloud, envId)),
    storage: await learnFrom(place, ({ cloud, environment: { bucket } }) =>
      bucket === '' ? '' : readStorageRule(cloud, envId, bucket),
    ),
    collections: await byName(Object.keys(service.collections), (name) =>
      learnFrom(place, ({ cloud, environment: { database } }) =>
        readCollectionFacts(cloud, { envId, instanceId: database.instanceId }, name),
      ),
    ),
  };
}

type Gathered = Deployed & Pick<Facts, 'domain'> & { access: Known<Access>; place: Place };

/** Asks what is deployed; after all reading, since it needs to know where things lie and whose. */
async function gatherAnswers(session: Session, gathered: Gathered) {
  const { access, place, domain, service } = gathered;
  const endpoint = access.is === 'known' ? access.value.endpoint : undefined;
  const urls = await learnFrom(domain, callbackUrls);
  const told = stateOf(gathered, 'unifiedOrder')?.served.environment.WXPAY_NOTIFY_URL;
  const bill = billAsk(session, service, toAsk(gathered, 'downloadBill'));
  return {
    callback: await callbackOf(urls, { told, asked: toAsk(gathered, 'payCallback') }, endpoint),
    bill: await learnFrom(bill, (key) =>
      learnedValue(place, ({ cloud }) => readBill(cloud, service.envId, key, session.nowMs())),
    ),
  };
}

/** A function that may be called; what something else deployed gets no call from here. */
function toAsk(deployed: Deployed, name: string): Known<FunctionState> {
  const state = stateOf(deployed, name);
  if (state) return known(state);
  const fact = deployed.functions[name];
  if (fact?.is === 'unknown') return notRead(fact.why, fact.fix);
  if (foundOf(deployed, name)) {
    return notRead(
      `${name} 不是本项目部署的，未调用 (deployed by something else, so it was not called)`,
      '见 deployed.foreign (see there)',
    );
  }
  return notRead(`${name} 未部署 (it is not deployed)`, '部署后再运行 (run it after a deploy)');
}

function callbackOf(
  urls: Known<string[]>,
  { told, asked }: { told: string | undefined; asked: Known<FunctionState> },
  endpoint?: URL,
) {
  // The code of another failure would read as one of the address.
  if (urls.is === 'unknown') return notRead(urls.why, urls.fix);
  // Only an address of ours is asked; a wrong one is found by comparing.
  const url = urls.value.find((one) => one === told) ?? urls.value[0];
  if (url === undefined) {
    return notRead('没有指向 payCallback 的路由 (no route leads to payCallback)');
  }
  if (asked.is === 'unknown') return asked;
  return learn(() => readCallback(new URL(url), endpoint));
}

/** The key to ask for a bill with: the deployed one, which is there even if this shell has none. */
function billAsk(
  { env }: Session,
  { functions }: Service,
  asked: Known<FunctionState>,
): Known<string> {
  if (asked.is === 'unknown') return asked;
  const written = functions.find(({ name }) => name === 'downloadBill')?.environment;
  const key =
    asked.value.served.environment.WXPAY_SERVICE_KEY ||
    written?.WXPAY_SERVICE_KEY ||
    env.WXPAY_SERVICE_KEY;
  if (key) return known(key);
  return notRead(
    '没有 WXPAY_SERVICE_KEY，无法以服务端身份调用 (without it nobody may call as your server)',
    '设置 WXPAY_SERVICE_KEY 并部署 (set it, and deploy)',
  );
}

function learnedValue<A, T>(from: Known<A>, read: (value: A) => Promise<T>): Promise<T> {
  if (from.is === 'known') return read(from.value);
  throw new Error(from.why);
}

async function readMerchantCert(session: Session): Promise<Known<string>> {
  const file = textOption(session, 'merchant-cert');
  if (file === undefined) {
    return notRead(
      '未提供商户证书，无法核对序列号与私钥 (without the merchant certificate, serial and key cannot be compared)',
      'npm run doctor -- --merchant-cert apiclient_cert.pem',
    );
  }
  const path = resolve(session.framework.serviceDir, file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`--merchant-cert ${file}: 无法读取 (cannot be read)`, { cause });
  });
  return { is: 'known', value: text };
}
