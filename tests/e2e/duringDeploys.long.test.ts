import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { buildFunctions } from '../../infra/build/build.ts';
import { zipOf } from '../../infra/build/zip.ts';
import { deployAll } from '../../infra/serverless-tencent/deployment.ts';
import { projectDeployment, stamped } from '../support/projectDeployment.ts';
import { openOverTheWire } from './overTheWire.ts';
import { scenarios } from './scenarios.ts';

let deploys = 0;

/** Deploys one function after another, again and again, each time as other code. */
function deployOnAndOn(cloud: LocalCloud): () => Promise<void> {
  let running = true;
  const silent = { begins: () => {}, done: () => {} };
  const loop = async () => {
    const built = await buildFunctions(process.cwd());
    const code = new Map(built.map((one) => [one.name, zipOf(one.code)]));
    const deployment = await projectDeployment(cloud, code);
    while (running) {
      const { name, code: bundle } = built[deploys % built.length] as (typeof built)[number];
      code.set(name, stamped(bundle, `deploy ${deploys}`));
      await deployAll(deployment, silent);
      deploys += 1;
      await wait(100);
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
  expect(deploys).toBeGreaterThan(20);
});

afterAll(() => {
  console.log(`${deploys} deploys of changed functions went on beside the scenarios`);
});
