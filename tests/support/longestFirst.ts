import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, so that none of them begins last and ends alone on one core. Those that
 * it lacks run after them, in vitest's own order.
 */
const LONGEST = [
  'tests/e2e/overTheWire.long.test.ts',
  'tests/docs/commands.long.test.ts',
  'tests/e2e/readings.long.test.ts',
  'tests/e2e/wireReadings.long.test.ts',
  'tests/e2e/duringDeploys.long.test.ts',
  'tests/console/house.long.test.ts',
  'tests/deploy/commandLine.long.test.ts',
  'tests/console/phone.long.test.ts',
  'tests/console/timeline.long.test.ts',
  'tests/console/faults.long.test.ts',
  'tests/console/copies.long.test.ts',
  'tests/deploy/components.long.test.ts',
  'tests/e2e/unreliableMerchant.long.test.ts',
  'tests/deploy/interrupted.long.test.ts',
  'tests/deploy/commandLine.test.ts',
  'tests/deploy/watch.test.ts',
  'tests/deploy/interrupted.test.ts',
  'emulator/cli.test.ts',
];

/** Starts the longest files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return rank < 0 ? LONGEST.length : rank;
    };
    return others.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
