/** Sources that are measured by the same tests, without those inside that have a line of their own. */
export interface Room {
  path: string;
  /** The tests that are to see a change; those beside the sources unless given. */
  tests?: string;
  /** The score in percent below which the run fails; absent where it is only reported. */
  scoreMin?: number;
}

export const ROOMS: readonly Room[] = [
  { path: 'shared/domain', scoreMin: 90 },
  // The rules of the store are the same in memory, where a thousand tests take a second.
  { path: 'shared/store', scoreMin: 90, tests: 'shared/store/!(cloudbase).test.ts' },
  { path: 'shared/store/cloudbase.ts', tests: 'shared/store/cloudbase.test.ts' },
  { path: 'shared/gateway/apiV3/crypto', scoreMin: 90 },
  { path: 'shared/usecases', scoreMin: 85 },
  { path: 'shared/gateway/apiV3' },
  { path: 'shared/gateway/cloudPay' },
];

/** Finds the rooms to measure: all, or one for each path that is given, a folder or a file. */
export function roomsOf(paths: readonly string[]): Room[] {
  if (paths.length === 0) return [...ROOMS];
  return paths.map((given) => {
    const path = given.replace(/\/$/, '');
    const around = ROOMS.filter((room) => `${path}/`.startsWith(`${room.path}/`));
    const room = around.sort((a, b) => b.path.length - a.path.length).at(0);
    if (!room)
      throw new Error(`${given} is in none of ${ROOMS.map((each) => each.path).join(', ')}`);
    return { ...room, path, tests: testsOf(room) };
  });
}

/** Gives the pattern of the tests of a room. */
export function testsOf({ path, tests = `${path}/**/*.test.ts` }: Room): string {
  return tests;
}

/** Lists what is mutated in a room, as Stryker's patterns. */
export function patternsOf({ path }: Room): string[] {
  const inside = ROOMS.filter((room) => room.path.startsWith(`${path}/`)).map((room) => room.path);
  const whole = (place: string) => (place.endsWith('.ts') ? place : `${place}/**/*.ts`);
  return [whole(path), '!**/*.{test,contract}.ts', ...inside.map((place) => `!${whole(place)}`)];
}
