import { type Fault, isSameFault } from '../../world/faults.ts';
import type { AnswerOf } from '../api/controlApi.ts';
import type { ControlDeps } from '../deps.ts';
import { notFound } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { checkFaults } from './check.ts';
import { PRESETS, type Preset } from './presets.ts';

/** Lists the routes about what goes wrong. */
export function faultRoutes(deps: ControlDeps): Route[] {
  const { faults } = deps.world;
  const places = () => deps.services.flatMap(({ faultPlaces = [] }) => faultPlaces);
  return [
    route('GET /_local/faults', () => faults.list()),
    route('PUT /_local/faults', ({ body }) => {
      checkFaults(body as Fault[], places());
      faults.set(body as Fault[]);
      return faults.list();
    }),
    route('POST /_local/faults', ({ body: { on = [], off = [] } }) => {
      checkFaults(on as Fault[], places(), 'on.');
      faults.switchOff(off as Fault[]);
      faults.switchOn(on as Fault[]);
      return faults.list();
    }),
    route('GET /_local/faults/places', () =>
      places().map(({ at, kinds }) => ({ at, kinds: kinds.map((each) => ({ ...each })) })),
    ),
    route('GET /_local/faults/presets', () => presetsNow(deps)),
    route('POST /_local/faults/presets/{name}', ({ path: { name }, body: { to } }) => {
      const preset = PRESETS.find((each) => each.name === name) ?? notFound('name');
      SWITCHES[to](deps, preset);
      return presetsNow(deps);
    }),
  ];
}

const SWITCHES: Record<'on' | 'off', (deps: ControlDeps, preset: Preset) => void> = {
  on: ({ world, wechat, trusts }, { faults, rotates }) => {
    world.faults.switchOn(faults);
    if (!rotates) return;
    wechat.switchPlatform('both');
    wechat.switchPlatform('new_certificate');
    trusts('certificates');
  },
  off: ({ world, trusts }, { faults, rotates }) => {
    world.faults.switchOff(faults);
    if (rotates) trusts('publicKey');
  },
};

/** A preset is on while all its switches are there, and one of them at least has not been used up. */
function presetsNow({ world, trusts }: ControlDeps): AnswerOf<'GET /_local/faults/presets'> {
  const switched = world.faults.list();
  return PRESETS.map(({ rotates, ...preset }) => {
    const found = preset.faults.map((fault) => switched.find((each) => isSameFault(each, fault)));
    const isLeft = found.every(Boolean) && found.some((fault) => fault?.times !== 0);
    return { ...preset, isOn: rotates ? trusts() === 'certificates' : isLeft };
  });
}
