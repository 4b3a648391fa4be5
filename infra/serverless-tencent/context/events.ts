/** Every lifecycle event of the framework at which something of ours runs. */
export const EVENTS = [
  'before:package:createDeploymentArtifacts',
  'package:finalize',
  'deploy:deploy',
  'deploy:function:deploy',
  'plan:plan',
  'doctor:run:check',
  'info:info',
  'invoke:invoke',
  'invoke:local:invoke',
  'logs:logs',
  'rollback:function:rollback',
  'rollback:rollback',
  'remove:remove',
] as const;

/** The functions that the framework runs, by lifecycle event. */
export type Hooks = Record<(typeof EVENTS)[number], () => Promise<void>>;
