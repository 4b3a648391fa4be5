import { type Keys, Refusal } from './signature.ts';
import type { Storage } from './storage.ts';

/** The faults to be played. */
export interface Faults {
  /** Instances whose deploy ends in an error; its message repeats the inputs, as careless ones do. */
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
export interface Standing {
  app: string;
  stage: string;
  component: string;
  inputs: Record<string, unknown>;
  /** Its code, by path. */
  files: Map<string, Uint8Array>;
}

interface Kept extends Standing {
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
  const kept = new Map<string, Kept>();
  const deploy = (one: Instance): void => {
    const id = idOf(one);
    if (!storage.isOurs(id, 'src.zip', one.inputs.src)) {
      throw new Refusal('InvalidParameter', 'inputs.src was not uploaded here');
    }
    const isFailing = faults.failing.has(one.instanceName);
    const said = { deploymentError: `cannot create with ${JSON.stringify(one.inputs)}` };
    kept.set(id, {
      app: one.appName,
      stage: one.stageName,
      component: one.componentName,
      inputs: one.inputs,
      files: storage.filesOf(id),
      pollsLeft: faults.polls,
      status: 'deploying',
      ends: isFailing ? 'error' : 'active',
      ...(isFailing ? said : {}),
    });
  };
  const remove = (one: Instance): void => {
    const found = kept.get(idOf(one));
    if (!found) throw new Refusal('ResourceNotFound.Instance', 'There is no such instance.');
    const isStuck = faults.stuck.has(one.instanceName);
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
      const found = kept.get(idOf(body));
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
  const standing = () =>
    new Map<string, Standing>(
      [...kept]
        .filter(([, { status }]) => status === 'active')
        .map(([id, one]) => [id.split('/').at(-1) ?? '', one]),
    );
  return { actions, standing };
}

function idOf({ appName, stageName, instanceName }: Named): string {
  return `${appName}/${stageName}/${instanceName}`;
}
