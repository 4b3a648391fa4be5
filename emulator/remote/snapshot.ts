import { readFile, writeFile } from 'node:fs/promises';
import type { AnswerOf } from '../control/api/controlApi.ts';
import type { RunningCloud } from './cloud.ts';

type Snapshot = AnswerOf<'GET /_local/snapshots'>[number];

/** A saved world is treated in one of these ways. */
export const SNAPSHOT_ACTS = ['save', 'load', 'list', 'export', 'import', 'delete'] as const;

/** One act with the saved world of a name; `file` is the one to write or to read. */
export interface SnapshotCommand {
  act: (typeof SNAPSHOT_ACTS)[number];
  name: string;
  file?: string | undefined;
  replace: boolean;
}

/** Does something with the saved worlds of a cloud that runs; answers what a person is told. */
export async function runSnapshot(cloud: RunningCloud, command: SnapshotCommand): Promise<string> {
  const { name, file = `${name}.world.gz`, replace } = command;
  const path = `snapshots/${encodeURIComponent(name)}`;
  switch (command.act) {
    case 'list':
      return tableOf((await (await cloud.ask('GET', 'snapshots')).json()) as Snapshot[]);
    case 'save': {
      const answer = await cloud.ask('POST', 'snapshots', JSON.stringify({ name, replace }));
      return `已保存 (saved): ${lineOf((await answer.json()) as Snapshot)}\n`;
    }
    case 'load': {
      const { now } = (await (await cloud.ask('POST', `${path}/load`)).json()) as { now: string };
      return `已载入 (loaded): ${name}，时钟 (clock) ${now}\n`;
    }
    case 'export': {
      const answer = await cloud.ask('GET', path);
      await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
      return `已导出 (exported): ${file}\n`;
    }
    case 'import': {
      const query = replace ? '?replace=true' : '';
      const answer = await cloud.ask('PUT', `${path}${query}`, await readFile(file));
      return `已导入 (imported): ${lineOf((await answer.json()) as Snapshot)}\n`;
    }
    case 'delete':
      await cloud.ask('DELETE', path);
      return `已删除 (deleted): ${name}\n`;
  }
}

function tableOf(snapshots: readonly Snapshot[]): string {
  if (snapshots.length > 0) return snapshots.map((one) => `${lineOf(one)}\n`).join('');
  return '还没有保存的世界 (none is saved): npm run local -- snapshot save NAME\n';
}

function lineOf({ name, savedAt, bytes, now, orders, fault }: Snapshot): string {
  const content = fault ?? `${orders} 个订单 (orders)，时钟 (clock) ${now}`;
  return `${name}  ${savedAt}  ${bytes} B  ${content}`;
}
