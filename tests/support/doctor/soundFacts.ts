import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { known, notRead } from '../../../infra/serverless-tencent/doctor/facts/fact.ts';
import type { Facts } from '../../../infra/serverless-tencent/doctor/facts/facts.ts';
import { readService, type Service } from '../../../infra/serverless-tencent/service/service.ts';

/** 10:00:30 of a Wednesday in Beijing. */
const NOW_MS = Date.parse('2026-11-25T10:00:30+08:00');
const DOMAIN = 'pay.example.com';

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
const wechat = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Key pairs of the merchant and of WeChat Pay, made for this process. */
export const pairs = { merchant, wechat };

/** Writes a key as an environment variable has it. */
export function pemOf(key: KeyObject): string {
  const type = key.type === 'private' ? 'pkcs8' : 'spki';
  return String(key.export({ format: 'pem', type: type as 'spki' }));
}

/** Makes every setting as it should be. */
export const soundSettings: Readonly<Record<string, string>> = {
  WXPAY_MCHID: '1900000109',
  WXPAY_APPID: 'wx1234567890abcdef',
  WXPAY_SERIAL_NO: '0A5F1C72',
  WXPAY_PRIVATE_KEY: pemOf(merchant.privateKey),
  WXPAY_API_V3_KEY: randomBytes(16).toString('hex'),
  WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000001092026112400000000',
  WXPAY_PUBLIC_KEY: pemOf(wechat.publicKey),
  WXPAY_NOTIFY_URL: `https://${DOMAIN}/pay/notify`,
  WXPAY_SERVICE_KEY: randomBytes(32).toString('hex'),
};

/** Reads the project's own service, in an environment of which nothing else is set. */
export function soundService(): Service {
  const yml = parse(readFileSync('serverless.yml', 'utf8')) as {
    provider: object;
    functions: object;
  };
  const provider = { ...yml.provider, envId: 'pay-1a2b3c', region: 'ap-shanghai', environment: {} };
  return readService({ service: 'shop', provider, functions: yml.functions });
}

/** Makes the facts of a deployment in which nothing is wrong, from which tests begin. */
export function soundFacts(service = soundService()): Facts {
  return {
    nowMs: NOW_MS,
    service,
    variables: ['PATH', 'TCB_ENV_ID', 'TENCENTCLOUD_RUNENV'],
    envFile: [],
    access: known({ isLocal: false }),
    environment: known({
      kind: 'found',
      environment: {
        status: 'NORMAL',
        region: service.region,
        bucket: 'bucket',
        database: { status: 'RUNNING', instanceId: 'tnt-1' },
      },
    }),
    clock: known(300),
    ...soundFunctions(service),
    ...soundRoutesAndRules(service),
    storage: known('PRIVATE'),
    collections: soundCollections(service),
    bill: known({ code: '0', requestId: 'r-1' }),
    merchantCert: notRead('未提供 (not given)'),
  };
}

function soundFunctions({
  functions,
  runtime,
}: Service): Pick<Facts, 'functions' | 'timers' | 'wechatTimer'> {
  const states = functions.map(({ name, environmentKeys: keys, timeoutS, memoryMb }) => {
    const environment = Object.fromEntries(
      Object.entries(soundSettings).filter(([key]) => keys?.includes(key)),
    );
    const latest = {
      description: 'shop, code 1',
      handler: 'index.main',
      clsTopicId: '',
      runtime,
      timeoutS,
      memoryMb,
      environment,
    };
    const state = {
      status: 'Active',
      statusText: '',
      versions: ['1', '2'],
      serving: '2',
      latest,
      served: latest,
      newest: { version: '2', content: latest },
    };
    return [name, known(state)] as const;
  });
  return {
    functions: Object.fromEntries(states),
    timers: Object.fromEntries(functions.map(({ name, timers }) => [name, known(timers)])),
    wechatTimer: known({ hasRun: false }),
  };
}

function soundRoutesAndRules({ functions }: Service): Pick<Facts, 'domain' | 'callback' | 'rules'> {
  const routes = functions.flatMap(({ name, routes: desired }) =>
    desired.map((route) => ({ ...route, name, enabled: true, asksLogin: false })),
  );
  const rules = functions.map(
    ({ name, clientMayCall }) => [name, { invoke: clientMayCall && 'auth != null' }] as const,
  );
  const refused = { code: 'FAIL', message: 'header_missing:wechatpay-timestamp' };
  return {
    domain: known({ domain: DOMAIN, isDefault: false, routes }),
    callback: known({ status: 400, ...refused }),
    rules: known({ '*': { invoke: 'auth != null' }, ...Object.fromEntries(rules) }),
  };
}

function soundCollections({ collections }: Service): Facts['collections'] {
  const all = Object.entries(collections).map(([name, { acl, indexes }]) => {
    const states = indexes.map((index) => ({
      name: index.name,
      keys: Object.entries(index.keys)
        .map(([key, direction]) => `${key}:${direction}`)
        .join(),
      unique: index.unique ?? false,
    }));
    return [name, known({ acl, indexes: states })] as const;
  });
  return Object.fromEntries(all);
}
