import { type Keys, Refusal } from './signature.ts';
import type { Storage } from './storage.ts';

/** The faults to be played. */
export interface Faults {
  /**
   * Instances whose deploy ends in an error; its message repeats the inputs, as careless ones do.
   */
  failing: Set<string>;
  /** Instances whose removal ends in an error. */
  stuck: Set<string>;
  /** The account lacks the platform's role. */
  withoutRole: boolean;
  /** The gateway that the role-bind host is on answers 502, and no JSON. */
  badGateway: boolean;
  /** The number of polls that a run takes before it ends. */
  polls: number;
}

/** An instance of a component, deployed. */
export interface DeployedInstance {
  app: string;
  stage: string;
  component: string;
  inputs: Record<string, unknown>;
  /** Its code, by path. */
  files: Map<string, Uint8Array>;
}

interface StoredInstance extends DeployedInstance {
  status: 'deploying' | 'removing' | 'active' | 'inactive' | 'error';
  ends: 'active' | 'inactive' | 'error';
  pollsLeft: number;
  deploymentError?: string;
}

interface Named {
  appName: string;
  stageName: string;
  instanceName: string;
}

interface Instance extends Named {
  componentName: string;
  inputs: Record<string, unknown>;
}

/** The `Body` of a call, parsed. */
export interface Body extends Named {
  instance?: Instance;
  method?: string;
  credentials?: { tencent?: { SecretId?: string; SecretKey?: string } };
}

/**
 * Opens the actions of the product `sls` that keep instances, by name; each throws a {@link
 * Refusal}.
 */
export function openInstances(storage: Storage, keys: Keys, faults: Faults) {
  const instances = new Map<string, StoredInstance>();
  const deploy = (instance: Instance): void => {
    const id = idOf(instance);
    if (!storage.isOurs(id, 'src.zip', instance.inputs.src)) {
      throw new Refusal('InvalidParameter', 'inputs.src was not uploaded here');
    }
    const isFailing = faults.failing.has(instance.instanceName);
    const failure = { deploymentError: `cannot create with ${JSON.stringify(instance.inputs)}` };
    instances.set(id, {
      app: instance.appName,
      stage: instance.stageName,
      component: instance.componentName,
      inputs: instance.inputs,
      files: storage.filesOf(id),
      pollsLeft: faults.polls,
      status: 'deploying',
      ends: isFailing ? 'error' : 'active',
      ...(isFailing ? failure : {}),
    });
  };
  const remove = (instance: Instance): void => {
    const found = instances.get(idOf(instance));
    if (!found) throw new Refusal('ResourceNotFound.Instance', 'There is no such instance.');
    const isStuck = faults.stuck.has(instance.instanceName);
    Object.assign(found, { status: 'removing', pollsLeft: faults.polls });
    Object.assign(
      found,
      isStuck ? { ends: 'error', deploymentError: 'in use' } : { ends: 'inactive' },
    );
  };
  const actions: Record<string, (body: Body) => object> = {
    GetCacheFileUrls: (body) => ({
      changesUploadUrl: storage.urlOf(idOf(body), 'changes.zip'),
      previousMapDownloadUrl: storage.urlOf(idOf(body), 'src.map'),
      srcDownloadUrl: storage.urlOf(idOf(body), 'src.zip'),
    }),
    RunComponent: ({ instance, method, credentials }) => {
      const { SecretId, SecretKey } = credentials?.tencent ?? {};
      if (SecretId !== keys.secretId || SecretKey !== keys.secretKey) {
        throw new Refusal('AuthFailure', 'The engine works with the credentials of the body.');
      }
      if (faults.withoutRole) throw new Refusal('ResourceNotFound.Role', 'Role not exist.');
      const run = { deploy, remove }[method ?? ''];
      if (!instance || !run) throw new Refusal('InvalidParameter', `method ${method}`);
      run(instance);
      return { instance: {} };
    },
    GetInstance: (body) => {
      const found = instances.get(idOf(body));
      if (!found) return { instance: { instanceStatus: 'inactive' } };
      if (found.pollsLeft === 0) found.status = found.ends;
      else found.pollsLeft -= 1;
      const { status: instanceStatus, deploymentError, inputs } = found;
      return {
        instance: { instanceStatus, deploymentError, outputs: { runtime: inputs.runtime } },
      };
    },
  };
  /** Lists the deployed instances, by name. */
  const deployed = () =>
    new Map<string, DeployedInstance>(
      [...instances]
        .filter(([, { status }]) => status === 'active')
        .map(([id, instance]) => [id.split('/').at(-1) ?? '', instance]),
    );
  return { actions, deployed };
}

function idOf({ appName, stageName, instanceName }: Named): string {
  return `${appName}/${stageName}/${instanceName}`;
}
