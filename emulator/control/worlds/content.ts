import * as z from 'zod/mini';
import type { SavedParts } from '../../world/service.ts';
import type { Entry } from '../../world/timeline/entry.ts';
import type { World } from '../../world/world.ts';
import { controlApi } from '../api/controlApi.ts';
import { CLOUD_SWITCHES, given, WECHAT_SWITCHES } from '../api/platform.ts';
import type { ControlDeps } from '../deps.ts';
import { checkFaults } from '../faults/check.ts';
import { pageOf } from '../orders/page.ts';
import { rowOf } from '../orders/row.ts';
import { fulfilledIn, storedOrders } from '../orders/stored.ts';
import { TIME_MAX_MS } from '../time.ts';
import { broken, otherVersion, type SavedWorld } from './worldFile.ts';

/** The cloud has this in memory alone: the present, switches, and what services remember. */
const MEMORY = z.strictObject({
  nowMs: z.int().check(z.nonnegative(), z.maximum(TIME_MAX_MS)),
  merchant: z.strictObject({
    mchid: z.string(),
    link: z.optional(z.enum(['apiV3', 'cloudPay'])),
    trusts: z.enum(['publicKey', 'certificates']),
  }),
  faults: controlApi['PUT /_local/faults'].body,
  switches: controlApi['PUT /_local/platform'].body,
  timeline: controlApi['GET /_local/events'].answer,
  services: z.record(z.string(), z.unknown()),
});
type Memory = z.infer<typeof MEMORY>;

/** A plan is found by a time that is a number. */
const AGENDA_ROWS = z.array(z.tuple([z.string(), z.string(), z.int(), z.string()]));
const PLANS = z.array(z.nullable(z.record(z.string(), z.union([z.string(), z.int()]))));

/** Takes a world as it stands; only while nothing is under way. */
export function takeWorld(deps: ControlDeps): SavedWorld {
  const { data, clock } = deps.world;
  const tables = Object.keys(tablesOf(deps));
  const orders = storedOrders(deps.cloudbase).length;
  return {
    head: {
      format: 'scf-wechatpay world',
      version: 1,
      savedAt: new Date(clock.nowMs() - clock.offsetMs()).toISOString(),
      now: clock.now().toISOString(),
      orders,
      columns: Object.fromEntries(tables.map((table) => [table, data.columns(table)])),
    },
    memory: { ...memoryOf(deps), timeline: shownTimeline(deps) },
    rows: new Map(tables.map((table) => [table, data.rows(table)])),
  };
}

/** Lists what happened as every answer tells it: without the secrets that a function printed or failed with. */
function shownTimeline({ world, mask }: ControlDeps): Entry[] {
  const entries = world.timeline.recent();
  const details = entries.map(({ detail }) => detail ?? {});
  const shown: (typeof details)[number][] = JSON.parse(mask(JSON.stringify(details)));
  return entries.map((entry, at) => {
    const detail = entry.detail && shown[at];
    return detail ? { ...entry, detail } : entry;
  });
}

/**
 * Puts a saved world in the place of the one that is there, whole or not at all: where any part of it makes no sense,
 * what was there stays and the world is refused. Only while nothing is under way.
 */
export function putWorld(deps: ControlDeps, saved: SavedWorld): void {
  const memory = checkedMemory(deps, saved);
  const { data, timeline } = deps.world;
  const before = memoryOf(deps);
  try {
    data.atomically(() => {
      for (const [table, how] of Object.entries(tablesOf(deps))) {
        data.fill(table, saved.rows.get(table) ?? [], how);
      }
      AGENDA_ROWS.parse(data.rows('agenda'));
      remember(deps, memory);
      check(deps);
    });
  } catch (error) {
    remember(deps, before);
    throw broken(error instanceof Error ? error.message : String(error));
  }
  timeline.replace(memory.timeline as Entry[]);
}

/** Checks that a saved world has the tables and the memory of this cloud's; refuses it otherwise. */
export function checkedMemory(deps: ControlDeps, { head, memory }: SavedWorld): Memory {
  for (const table of Object.keys(tablesOf(deps))) {
    const isSame = String(head.columns[table]) === String(deps.world.data.columns(table));
    if (!isSame) throw otherVersion(table);
  }
  const parsed = MEMORY.safeParse(memory);
  if (parsed.success) return parsed.data;
  throw broken(parsed.error.issues[0]?.path.join('.') ?? 'memory');
}

/** Refuses a world of which the control API could not tell. */
function check({ world, cloudbase }: ControlDeps): void {
  PLANS.parse(world.agenda.list().map(({ data }) => data));
  const fulfilled = fulfilledIn(cloudbase);
  const rows = storedOrders(cloudbase).map((stored) => rowOf(stored, fulfilled));
  controlApi['GET /_local/orders'].answer.parse(pageOf(rows, {}));
  z.array(controlApi['GET /_local/orders/{outTradeNo}'].answer.shape.row).parse(rows);
}

function tablesOf(deps: ControlDeps): SavedParts['tables'] {
  const all = partsOf(deps).map(({ tables }) => Object.entries(tables));
  return { agenda: 'replaced', ...Object.fromEntries(all.flat()) };
}

function partsOf({ services }: ControlDeps): SavedParts[] {
  return services.flatMap(({ saved }) => saved ?? []);
}

function memoryOf(deps: ControlDeps): Memory {
  const { world, wechat, runner, configured, trusts } = deps;
  const remembered = partsOf(deps).flatMap(({ name, memory }) =>
    memory ? [[name, memory()]] : [],
  );
  return {
    nowMs: world.clock.nowMs(),
    merchant: { ...configured(), trusts: trusts() },
    faults: world.faults.list(),
    switches: { ...runner.tokens.switches({}), ...wechat.switches({}) },
    timeline: world.timeline.recent(),
    services: Object.fromEntries(remembered),
  };
}

function remember(deps: ControlDeps, memory: Memory): void {
  const { world, wechat, runner, services, reconfigure, trusts } = deps;
  const { mchid, link } = memory.merchant;
  const faults = memory.faults as ReturnType<World['faults']['list']>;
  checkFaults(
    faults,
    services.flatMap(({ faultPlaces = [] }) => faultPlaces),
  );
  world.clock.set(memory.nowMs);
  world.faults.set(faults);
  runner.tokens.switches(given(memory.switches, CLOUD_SWITCHES));
  wechat.switches(given(memory.switches, WECHAT_SWITCHES));
  for (const { name, reopen } of partsOf(deps)) reopen(memory.services[name]);
  const merchant = wechat.merchants().find((each) => each.mchid === mchid);
  if (!merchant) throw new Error(`no merchant ${mchid}`);
  reconfigure(merchant, link);
  trusts(memory.merchant.trusts);
}
