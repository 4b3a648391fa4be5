import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EnvFileFault, envFileFaults } from '../settings/envFile.ts';
import type { CommandContext } from './framework.ts';

/** Finds what the file of settings that the framework read has lost. */
export function readEnvFileFaults({ framework, env }: CommandContext): EnvFileFault[] {
  // A local cloud has settings of its own.
  if (env.TENCENTCLOUD_ENDPOINT) return [];
  const names = [`.env.${framework.service.provider.stage ?? 'dev'}`, '.env'];
  const name = names.find((one) => existsSync(join(framework.serviceDir, one)));
  if (name === undefined) return [];
  return envFileFaults({ name, bytes: readFileSync(join(framework.serviceDir, name)) }, env);
}
