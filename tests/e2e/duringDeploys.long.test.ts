import { afterAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { buildFunctions } from '../../infra/build/build.ts';
import { deployAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { builtCode, projectDeployment, stampCode } from '../support/deploy/projectDeployment.ts';
import { openOverTheWire } from './overTheWire.ts';
import { scenarios } from './scenarios.ts';

/** So many calls lie between two deploys: they go on beside the scenarios, never in their place. */
const CALLS_BETWEEN = 10;

let deploys = 0;
let ended: () => void = () => {};
let begin: () => void = () => {};

/** Deploys one function after another, again and again, each time as other code. */
function deployOnAndOn(cloud: LocalCloud): () => Promise<void> {
  let running = true;
  let calls = 0;
  cloud.world.timeline.follow(({ what }) => {
    if (what !== 'function.call') return;
    calls += 1;
    if (calls % CALLS_BETWEEN === 0) begin();
  });
  const silent = { onStart: () => {}, onDone: () => {} };
  const loop = async () => {
    const built = await buildFunctions(process.cwd());
    const code = new Map(await builtCode());
    const deployment = await projectDeployment(cloud, code);
    while (running) {
      const { name, code: bundle } = built[deploys % built.length] as (typeof built)[number];
      code.set(name, stampCode(bundle, `deploy ${deploys}`));
      await deployAll(deployment, silent);
      deploys += 1;
      ended();
      if (!running) return;
      await new Promise<void>((resolve) => {
        begin = resolve;
      });
    }
  };
  const done = loop();
  return async () => {
    running = false;
    begin();
    await done;
  };
}

/** A stage on which every scenario sees the end of a deploy, however slow the machine is. */
async function openDuringDeploys() {
  const stage = await openOverTheWire(deployOnAndOn);
  const reset = async () => {
    await new Promise<void>((resolve) => {
      ended = resolve;
      begin();
    });
    await stage.reset();
  };
  return { ...stage, reset };
}

scenarios('a payment while its functions are being deployed', openDuringDeploys);

test('there were deploys all the while', () => {
  expect(deploys).toBeGreaterThan(35);
});

afterAll(() => {
  console.log(`${deploys} deploys of changed functions went on beside the scenarios`);
});
