import { unzipSync } from 'fflate';
import type { Package } from '../../build/zip.ts';
import { CLOUDBASE_ROLE } from '../resources/functionSteps.ts';
import type { Service, ServiceFunction } from '../service/service.ts';

/** The two methods of the engine that are used. */
export type Method = 'deploy' | 'remove';

/** A file of the folder that the engine works in. */
export interface RenderedFile {
  /** The path relative to that folder. */
  path: string;
  content: string | Uint8Array;
}

/**
 * Renders one component instance a function: `<name>/serverless.json`, and for a deploy
 * `<name>/src/index.js`, the bundle and nothing else. A removal needs no inputs, so no setting is
 * written for it.
 */
export function renderFiles(
  method: Method,
  service: Service,
  code: ReadonlyMap<string, Package>,
): RenderedFile[] {
  return service.functions.flatMap((fn) => {
    const isDeploy = method === 'deploy';
    const instance = instanceOf(service, fn.name, isDeploy ? inputsOf(service, fn) : {});
    return [
      { path: `${fn.name}/serverless.json`, content: `${JSON.stringify(instance, null, 2)}\n` },
      ...(isDeploy ? [{ path: `${fn.name}/src/index.js`, content: bundleOf(fn, code) }] : []),
    ];
  });
}

function instanceOf({ name: app, stage }: Service, name: string, inputs: object) {
  return { app, stage, component: 'scf', name, inputs };
}

/** Makes the inputs of the component `scf`. Source: tencent-scf, its page configure. */
export function inputsOf(service: Service, fn: ServiceFunction) {
  const { region, runtime, envId } = service;
  const { name, timeoutS: timeout, memoryMb: memorySize, environment: variables, timers } = fn;
  return {
    name,
    src: './src',
    handler: 'index.main',
    runtime,
    region,
    namespace: envId,
    role: CLOUDBASE_ROLE,
    timeout,
    memorySize,
    ...(Object.keys(variables).length > 0 ? { environment: { variables } } : {}),
    ...(timers.length > 0 ? { events: timers.map(eventOf) } : {}),
  };
}

/**
 * Makes a timer's event; the name stands twice, since the documents put it among the parameters,
 * and the component reads both.
 */
function eventOf({ name, cron, enabled: enable }: ServiceFunction['timers'][number]) {
  return { timer: { name, parameters: { name, cronExpression: cron, enable } } };
}

function bundleOf({ name }: ServiceFunction, code: ReadonlyMap<string, Package>): Uint8Array {
  const zip = code.get(name);
  const bundle = zip && unzipSync(zip.bytes)['index.js'];
  if (!bundle) throw new Error(`${name}: 未打包 (it was not packaged)`);
  return bundle;
}
