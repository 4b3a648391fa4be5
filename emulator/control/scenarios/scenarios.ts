import type { AnswerOf } from '../api/controlApi.ts';
import type { Play, Scenario } from '../api/worlds/scenarios.ts';
import type { ControlDeps } from '../deps.ts';
import { RefusalError } from '../errors.ts';
import type { Place } from '../worlds/shelf.ts';
import { type KeptScenarios, openKept } from './kept.ts';
import { type CallControl, playScenario } from './player.ts';
import type { Recorder } from './recorder.ts';
import { decodeScenario } from './scenarioFile.ts';

type Standing = AnswerOf<'GET /_local/scenarios'>;

/** Scenarios as a developer treats them: recorded, played, kept as files. */
export interface Scenarios extends Pick<KeptScenarios, 'read' | 'remove'> {
  standing(): Promise<Standing>;
  record(place: Place): Promise<Standing>;
  stop(name: string): Promise<Scenario>;
  play(scenario: Scenario): Promise<Play>;
  keep(place: Place, file: Uint8Array): ReturnType<KeptScenarios['keep']>;
}

/** Opens the scenarios of a local cloud; they are played through the control API itself. */
export function createScenarios(
  deps: ControlDeps,
  recorder: Recorder,
  callControl: CallControl,
): Scenarios {
  const kept = openKept(deps.scenariosFolder);
  const player = createPlayer({ ...deps, callControl });
  const refuseBusy = () => {
    if (recorder.current()) throw busy('RECORDING', '正在录制 (one is being recorded)');
    if (player.current()) throw busy('PLAYING', '正在播放 (one is being played)');
  };
  const standing = async () => {
    const recording = recorder.current();
    const playing = player.current();
    const scenarios = await kept.list();
    return { ...(recording && { recording }), ...(playing && { playing }), scenarios };
  };
  return {
    standing,
    record: async (place) => {
      await kept.refuseTaken(place);
      refuseBusy();
      recorder.start(place.name);
      return standing();
    },
    stop: async (name) => {
      if (recorder.current()?.name !== name) throw busy('NOT_RECORDING', '没有在录制 (it is not)');
      const scenario = recorder.stop();
      if (!scenario) throw busy('NO_STEPS', '一步也没有录到，未保存 (no step came: none is kept)');
      await kept.keep(scenario);
      return scenario;
    },
    play: async (scenario) => {
      refuseBusy();
      return player.play(scenario);
    },
    read: kept.read,
    keep: async (place, file) => {
      const scenario = decodeScenario(file);
      await kept.refuseTaken(place);
      return kept.keep({ ...scenario, name: place.name });
    },
    remove: async (name) => {
      if (recorder.current()?.name === name) recorder.stop();
      else await kept.remove(name);
    },
  };
}

/** Builds a player that tells how far it is. */
function createPlayer(deps: ControlDeps & { callControl: CallControl }) {
  let playing: Standing['playing'];
  return {
    current: () => playing,
    play: async (scenario: Scenario): Promise<Play> => {
      const { name, steps } = scenario;
      const progress = (done: number) => {
        playing = { name, done, steps: steps.length };
      };
      progress(0);
      try {
        return await playScenario({ ...deps, progress }, scenario);
      } finally {
        playing = undefined;
      }
    },
  };
}

function busy(code: string, message: string): RefusalError {
  return new RefusalError(409, code, message, 'name');
}
