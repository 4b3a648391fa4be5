/** A folder whose tests are measured by mutants, without the rooms inside it that have a line of their own. */
export interface Room {
  folder: string;
  /** The score in percent below which the run fails; absent where it is only reported. */
  scoreMin?: number;
}

export const ROOMS: readonly Room[] = [
  { folder: 'shared/domain', scoreMin: 90 },
  { folder: 'shared/store', scoreMin: 90 },
  { folder: 'shared/gateway/apiV3/crypto', scoreMin: 90 },
  { folder: 'shared/usecases', scoreMin: 85 },
  { folder: 'shared/gateway/apiV3' },
];

/** Finds the rooms to measure: all, or one for each path that is given, a folder or a file. */
export function roomsOf(paths: readonly string[]): { room: Room; path: string }[] {
  if (paths.length === 0) return ROOMS.map((room) => ({ room, path: room.folder }));
  return paths.map((given) => {
    const path = given.replace(/\/$/, '');
    const around = ROOMS.filter(({ folder }) => `${path}/`.startsWith(`${folder}/`));
    const room = around.sort((a, b) => b.folder.length - a.folder.length).at(0);
    if (!room) throw new Error(`${given} is in none of ${ROOMS.map((r) => r.folder).join(', ')}`);
    return { room, path };
  });
}

/** Lists what is mutated under a path of a room, as Stryker's patterns. */
export function patternsOf({ room, path }: { room: Room; path: string }): string[] {
  const own = ROOMS.filter(({ folder }) => folder !== room.folder && folder.startsWith(`${path}/`));
  return [
    path.endsWith('.ts') ? path : `${path}/**/*.ts`,
    '!**/*.{test,contract}.ts',
    ...own.map(({ folder }) => `!${folder}/**`),
  ];
}
