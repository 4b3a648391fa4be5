import { deployByComponents, removeByComponents } from './commands/components.ts';
import { deploy, deployAndWatch, deployFunction, plan } from './commands/deploy.ts';
import { runDoctor } from './commands/doctor.ts';
import { printInfo } from './commands/info.ts';
import { invoke } from './commands/invoke.ts';
import { invokeLocal } from './commands/invokeLocal.ts';
import { printLogs } from './commands/logs.ts';
import {
  type FunctionPackage,
  packageAll,
  packagesOf,
  writeSizeReport,
} from './commands/package.ts';
import { remove } from './commands/remove.ts';
import { refuseRollback, rollbackFunction } from './commands/rollback.ts';
import { type SavedFiles, watchSources } from './commands/watch.ts';
import { refuseCommand } from './components/refuse.ts';
import type { Hooks } from './context/events.ts';
import type { CommandContext } from './context/framework.ts';
import type { TextsAtStart } from './context/textsAtStart.ts';

type HooksByEvent = Readonly<Record<string, () => Promise<void>>>;

/**
 * Chooses each hook of the plugin by the engine that `serverless.yml` names: `api` has all;
 * `components` has its own two, packages as `api` does, and refuses every other command by name.
 */
export function chooseHooks(
  context: CommandContext,
  api: HooksByEvent,
  components: HooksByEvent,
): HooksByEvent {
  const usesComponents = () => context.framework.service.provider.engine === 'components';
  const hooks = Object.entries(api).map(([event, runByApi]) => {
    const command = event.split(':').slice(0, -1).join(' ');
    const runByComponents = event.includes('package:') ? runByApi : components[event];
    return [
      event,
      async () => {
        if (!usesComponents()) return runByApi();
        return runByComponents ? runByComponents() : refuseCommand(command);
      },
    ];
  });
  return Object.fromEntries(hooks);
}

/** Lists what runs at each lifecycle event, by the engine that `serverless.yml` names. */
export function hooksFor(context: CommandContext, texts: TextsAtStart): HooksByEvent {
  let packages: readonly FunctionPackage[] = [];
  let savedFiles: SavedFiles | undefined;
  const api: Hooks = {
    'before:package:createDeploymentArtifacts': async () => {
      // What is saved from here on is deployed after the rest.
      if (context.options.watch === true) savedFiles = await watchSources(texts.root);
      packages = await packageAll(context);
    },
    'package:finalize': async () => context.utils.log.notice(writeSizeReport(packages)),
    'deploy:deploy': () => {
      if (context.options['dry-run'] === true) return plan(context, packages);
      return savedFiles
        ? deployAndWatch(context, { savedFiles, texts, packages })
        : deploy(context, packages);
    },
    'deploy:function:deploy': () => deployFunction(context),
    'plan:plan': async () => plan(context, await packagesOf(context)),
    'doctor:run:check': () => runDoctor(context),
    'info:info': () => printInfo(context),
    'invoke:invoke': () => invoke(context),
    'invoke:local:invoke': () => invokeLocal(context),
    'logs:logs': () => printLogs(context),
    'rollback:function:rollback': () => rollbackFunction(context),
    'rollback:rollback': refuseRollback,
    'remove:remove': () => remove(context),
  };
  return chooseHooks(context, api, {
    'deploy:deploy': () => deployByComponents(context, packages),
    'remove:remove': () => removeByComponents(context),
  });
}
