/** The recipes of signing in examples/server, by language, and which of them this machine can run. */
import { spawnSync } from 'node:child_process';

/** A recipe: how its program is run, and a command that succeeds where that can be done. */
export interface Recipe {
  language: string;
  command: readonly string[];
  probe: readonly string[];
}

export const RECIPES: readonly Recipe[] = [
  {
    language: 'Python',
    command: ['python3', 'examples/server/sign.py'],
    probe: ['python3', '--version'],
  },
  {
    language: 'Java',
    // It lives for a second: the quick compiler is enough.
    command: ['java', '-XX:TieredStopAtLevel=1', 'examples/server/Sign.java'],
    // A runtime without the compiler runs no source.
    probe: ['java', '--describe-module', 'jdk.compiler'],
  },
  { language: 'Go', command: ['go', 'run', 'examples/server/sign.go'], probe: ['go', 'version'] },
  { language: 'PHP', command: ['php', 'examples/server/sign.php'], probe: ['php', '--version'] },
];

/** Names the tests of a recipe. */
export function suiteOf({ language }: Pick<Recipe, 'language'>): string {
  return `the recipe in ${language}`;
}

/** Tells whether this machine has what a recipe needs. */
export function isAtHand({ probe: [program = '', ...args] }: Recipe): boolean {
  return spawnSync(program, args).status === 0;
}
