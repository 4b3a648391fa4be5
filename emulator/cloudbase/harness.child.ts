import { startHarness } from './harness.ts';

// A CloudBase in a process of its own, to be killed: tells its parent the environment of the SDKs.
const { environment } = await startHarness(process.argv[2]);
process.send?.(environment);
