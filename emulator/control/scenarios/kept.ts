import type { AnswerOf } from '../api/controlApi.ts';
import type { Scenario } from '../api/worlds/scenarios.ts';
import { nameTaken, openShelf, type Place, type Shelf } from '../worlds/shelf.ts';
import { EXAMPLES } from './examples.ts';
import { decodeScenario, encodeScenario } from './scenarioFile.ts';

type Line = AnswerOf<'GET /_local/scenarios'>['scenarios'][number];

/** Scenarios as files, the examples among them. */
export interface KeptScenarios {
  /** Lists the examples, then what was recorded or imported; one that cannot be read says why. */
  list(): Promise<Line[]>;
  read(name: string): Promise<Scenario>;
  /** Refuses a name that is taken, an example's in any case. */
  refuseTaken(place: Place): Promise<void>;
  keep(scenario: Scenario): Promise<Line>;
  remove(name: string): Promise<void>;
}

/** Opens the scenarios of a folder. */
export function openKept(folder: string): KeptScenarios {
  const shelf = openShelf(folder, '.scenario.json');
  const exampleOf = (name: string) => EXAMPLES.find(({ scenario }) => scenario.name === name);
  return {
    list: async () => {
      const names = (await shelf.names()).sort();
      return [...exampleLines(), ...(await Promise.all(names.map((name) => lineOf(shelf, name))))];
    },
    read: async (name) => exampleOf(name)?.scenario ?? decodeScenario(await shelf.read(name)),
    refuseTaken: async (place) => {
      if (exampleOf(place.name)) throw nameTaken();
      await shelf.refuseTaken(place);
    },
    keep: async (scenario) => {
      await shelf.keep(scenario.name, Buffer.from(encodeScenario(scenario)));
      return { name: scenario.name, steps: scenario.steps.length };
    },
    remove: shelf.remove,
  };
}

function exampleLines(): Line[] {
  return EXAMPLES.map(({ title, scenario: { name, steps } }) => ({
    name,
    title,
    steps: steps.length,
  }));
}

async function lineOf(shelf: Shelf, name: string): Promise<Line> {
  try {
    return { name, steps: decodeScenario(await shelf.read(name)).steps.length };
  } catch (error) {
    return { name, steps: 0, fault: error instanceof Error ? error.message : String(error) };
  }
}
