import { afterAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { buildFunctions } from '../../infra/build/build.ts';
import { deployAll } from '../../infra/serverless-tencent/deployment.ts';
import { projectDeployment, stamped } from '../support/projectDeployment.ts';
import { openOverTheWire } from './overTheWire.ts';
import { scenarios } from './scenarios.ts';

let deploys = 0;

/** Deploys all functions again and again, each time as other code. */
function deployOnAndOn(cloud: LocalCloud): () => Promise<void> {
  let running = true;
  const silent = { begins: () => {}, done: () => {} };
  const loop = async () => {
    const built = await buildFunctions(process.cwd());
    while (running) {
      const code = new Map(
        built.map(({ name, code: bundle }) => [name, stamped(bundle, `deploy ${deploys}`)]),
      );
      await deployAll(await projectDeployment(cloud, code), silent);
      deploys += 1;
    }
  };
  const done = loop();
  return async () => {
    running = false;
    await done;
  };
}

scenarios('a payment while its functions are being deployed', () => openOverTheWire(deployOnAndOn));

test('there were deploys all the while', () => {
  expect(deploys).toBeGreaterThan(5);
});

afterAll(() => {
  console.log(`${deploys} deploys of all functions went on beside the scenarios`);
});
