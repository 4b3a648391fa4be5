/**
 * Runs the database suite of @cloudbase/node-sdk, which was written against the real cloud, against a local one:
 * `npm run conformance -- CHECKOUT`. CHECKOUT is a checkout of github.com/TencentCloudBase/node-sdk (2.8.0) with its
 * dependencies; nothing of it is part of this project. Red when fewer tests pass than did
 * (docs/measurements.md); docs/emulator.md says what is left and why.
 */
import { resolve } from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';
import { emptyLocalCloud } from '../support/localCloud.ts';

/** This many passed when it was last measured. */
const PASSED_MIN = 189;

const TEST_MS = 60_000;

/** Lets the suite's `import * as assert` be called, as its own compiler does. */
const callableAssert = {
  name: 'callable-assert',
  enforce: 'pre' as const,
  transform: (code: string) =>
    code.replaceAll("import * as assert from 'power-assert'", "import assert from 'power-assert'"),
};

async function runSuite(root: string): Promise<number> {
  const cloud = await emptyLocalCloud();
  try {
    const { LOCAL_PERMANENT_SECRET_ID, LOCAL_PERMANENT_SECRET_KEY, TCB_CONTEXT_CNFG, TCB_ENV } =
      cloud.environment();
    const suite = await startVitest(
      'test',
      [],
      {
        config: false,
        root,
        include: ['test/database/**/*.test.ts'],
        globals: true,
        watch: false,
        silent: true,
        fileParallelism: false,
        testTimeout: TEST_MS,
        hookTimeout: TEST_MS,
        env: {
          TEST_SECRET_ID: LOCAL_PERMANENT_SECRET_ID,
          TEST_SECRET_KEY: LOCAL_PERMANENT_SECRET_KEY,
          TEST_ENV: TCB_ENV,
          TCB_CONTEXT_CNFG,
          TZ: 'Asia/Shanghai', // Its dates are those of Beijing.
        },
      },
      { plugins: [callableAssert] },
    );
    const modules = suite.state.getTestModules();
    await suite.close();
    return summarise(modules);
  } finally {
    await cloud.close();
  }
}

/** Prints how many tests ended how; answers the exit code. */
function summarise(modules: readonly TestModule[]): number {
  const states = modules.flatMap(({ children }) =>
    [...children.allTests()].map((test) => test.result().state),
  );
  const count = (state: string) => states.filter((each) => each === state).length;
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map(count);
  console.log(JSON.stringify({ tests: states.length, passed, failed, skipped }));
  return (passed ?? 0) >= PASSED_MIN ? 0 : 1;
}

const [checkout] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('用法 (usage): npm run conformance -- CHECKOUT');
  process.exit(2);
}
process.exit(await runSuite(resolve(checkout)));
