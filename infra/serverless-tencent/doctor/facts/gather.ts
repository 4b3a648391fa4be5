import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readAccess } from '../../cloud/access.ts';
import { type Cloud, openCloud } from '../../cloud/cloud.ts';
import { type CommandContext, textOption } from '../../context/framework.ts';
import { serviceOf } from '../../context/open.ts';
import { readEnvFileFaults } from '../../context/readEnvFile.ts';
import { readFunction } from '../../resources/functionState.ts';
import { readFunctionRules, readStorageRule } from '../../resources/permissions.ts';
import { readDomain } from '../../resources/routes.ts';
import { readTimers } from '../../resources/timers.ts';
import type { Service } from '../../service/service.ts';
import { gatherAnswers } from './answers.ts';
import { readCollectionFacts, readEnvironmentFacts } from './cloudFacts.ts';
import { type Fact, known, notRead, readFact, readFactFrom } from './fact.ts';
import type { Facts, OpenEnvironment } from './facts.ts';
import { readClock } from './networkFacts.ts';
import { readWechatTimer } from './wechatTimer.ts';

/**
 * Reads everything that the checks look at. A fact that cannot be read says why, and stops no
 * other.
 */
export async function gatherFacts(context: CommandContext): Promise<Facts> {
  const service = serviceOf(context);
  const access = await readFact(() => readAccess(context.env, service.region));
  const cloud = await readFactFrom(access, (value) => openCloud(value, context.wait));
  const environment = await readFactFrom(cloud, (value) =>
    readEnvironmentFacts(value, service.envId),
  );
  const opened = openEnvironment(cloud, environment);
  const [clock, merchantCert, functionFacts, resourceFacts] = await Promise.all([
    readFactFrom(access, ({ endpoint }) => readClock(context.nowMs, endpoint)),
    readMerchantCert(context),
    gatherFunctions(opened, service, context.nowMs()),
    gatherResources(opened, service),
  ]);
  const nowMs = context.nowMs();
  const deps = { service, access, opened, ...functionFacts, ...resourceFacts };
  return {
    nowMs,
    service,
    variables: Object.keys(context.env),
    envFile: readEnvFileFaults(context),
    environment,
    clock,
    merchantCert,
    ...functionFacts,
    ...resourceFacts,
    ...(await gatherAnswers(context, deps)),
    access: await readFactFrom(access, ({ endpoint }) => ({ isLocal: endpoint !== undefined })),
  };
}

function openEnvironment(
  cloud: Fact<Cloud>,
  environment: Facts['environment'],
): Fact<OpenEnvironment> {
  if (cloud.kind === 'unknown') return notRead('没有可用的访问密钥 (no usable key pair)');
  if (environment.kind === 'unknown' || environment.value.kind === 'missing') {
    return notRead('环境不可读 (the environment cannot be read)');
  }
  return known({ cloud: cloud.value, environment: environment.value.environment });
}

/** Reads something under each of several names, side by side. */
async function readByName<T>(names: readonly string[], read: (name: string) => Promise<T>) {
  const pairs = await Promise.all(names.map(async (name) => [name, await read(name)] as const));
  return Object.fromEntries(pairs);
}

async function gatherFunctions(
  opened: Fact<OpenEnvironment>,
  { envId, functions }: Service,
  nowMs: number,
) {
  const names = functions.map(({ name }) => name);
  return {
    functions: await readByName(names, (name) =>
      readFactFrom(opened, ({ cloud }) => readFunction(cloud, envId, name)),
    ),
    timers: await readByName(names, (name) =>
      readFactFrom(opened, ({ cloud }) =>
        readTimers(cloud, { FunctionName: name, Namespace: envId }),
      ),
    ),
    wechatTimer: await readFactFrom(opened, ({ cloud }) => readWechatTimer(cloud, envId, nowMs)),
  };
}

async function gatherResources(opened: Fact<OpenEnvironment>, service: Service) {
  const { envId } = service;
  return {
    domain: await readFactFrom(opened, ({ cloud }) => readDomain(cloud, service)),
    rules: await readFactFrom(opened, ({ cloud }) => readFunctionRules(cloud, envId)),
    storage: await readFactFrom(opened, ({ cloud, environment: { bucket } }) =>
      bucket === '' ? '' : readStorageRule(cloud, envId, bucket),
    ),
    collections: await readByName(Object.keys(service.collections), (name) =>
      readFactFrom(opened, ({ cloud, environment: { database } }) =>
        readCollectionFacts(cloud, { envId, instanceId: database.instanceId }, name),
      ),
    ),
  };
}

async function readMerchantCert(context: CommandContext): Promise<Fact<string>> {
  const file = textOption(context, 'merchant-cert');
  if (file === undefined) {
    return notRead(
      '未提供商户证书，无法核对序列号与私钥 (without the merchant certificate, serial and key cannot be compared)',
      'npm run doctor -- --merchant-cert apiclient_cert.pem',
    );
  }
  const path = resolve(context.framework.serviceDir, file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`--merchant-cert ${file}: 无法读取 (cannot be read)`, { cause });
  });
  return known(text);
}
