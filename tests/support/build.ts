import { buildFunctions } from '../../infra/build/build.ts';

/** Builds the functions once, before any test: all that deploy in their own process deploy these. */
export async function setup(): Promise<void> {
  await buildFunctions(process.cwd());
}
