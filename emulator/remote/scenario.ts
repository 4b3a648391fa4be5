import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { AnswerOf } from '../control/api/controlApi.ts';
import type { RunningCloud } from './cloud.ts';

type Play = AnswerOf<'POST /_local/scenarios/play'>;
type Scenarios = AnswerOf<'GET /_local/scenarios'>;

/** Plays a scenario: a file, else one that the cloud keeps under this name; left out, they are listed. */
export interface PlayCommand {
  scenario?: string | undefined;
}

/** Begins to record under a name, or stops: the file is written too where one is named. */
export interface RecordCommand {
  name: string;
  stop: boolean;
  file?: string | undefined;
  replace: boolean;
}

/** Plays a scenario on a cloud that runs; answers what a person is told, and whether every step went as it should. */
export async function runPlay(
  cloud: RunningCloud,
  { scenario }: PlayCommand,
): Promise<{ text: string; isWhole: boolean }> {
  if (scenario === undefined) {
    const { scenarios } = await answerOf<Scenarios>(cloud.ask('GET', 'scenarios'));
    return { text: scenarios.map(lineOf).join(''), isWhole: true };
  }
  const play = await answerOf<Play>(
    existsSync(scenario)
      ? cloud.ask('POST', 'scenarios/play', await readFile(scenario))
      : cloud.ask('POST', `${pathOf(scenario)}/play`),
  );
  return { text: textOf(play), isWhole: play.stopped === undefined };
}

/** Begins or ends a recording on a cloud that runs; answers what a person is told. */
export async function runRecord(
  cloud: RunningCloud,
  { name, stop, file, replace }: RecordCommand,
): Promise<string> {
  if (!stop) {
    await cloud.ask('POST', `${pathOf(name)}/record${replace ? '?replace=true' : ''}`);
    return `正在录制 (recording): ${name}，停止用 (stop by) npm run local -- record ${name} --stop\n`;
  }
  const text = await (await cloud.ask('POST', `${pathOf(name)}/stop`)).text();
  const { steps } = JSON.parse(text) as AnswerOf<'POST /_local/scenarios/{name}/stop'>;
  if (file !== undefined)
    await writeFile(file, `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`);
  return `已录制 (recorded): ${name}，${steps.length} 步 (steps)${file === undefined ? '' : `，${file}`}\n`;
}

function pathOf(name: string): string {
  return `scenarios/${encodeURIComponent(name)}`;
}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  return (await asked).json() as Promise<T>;
}

function lineOf({ name, title, steps, fault }: Scenarios['scenarios'][number]): string {
  const titled = title ? `  ${title.zh} (${title.en})` : '';
  return `${name}  ${fault ?? `${steps} 步 (steps)`}${titled}\n`;
}

function textOf({ name, steps, played, stopped }: Play): string {
  const done = played.map(
    ({ call, detail = '', came }, at) => `✓ ${at + 1}  ${call} ${detail}  ${essenceOf(came)}\n`,
  );
  const end = stopped
    ? `✗ ${stopped.step}  ${stopped.call} ${stopped.detail ?? ''}\n   ${stopped.reason}\n`
    : `已播放 (played): ${name}，${steps} 步 (steps)\n`;
  return `${done.join('')}${end}`;
}

function essenceOf(came: Play['played'][number]['came']): string {
  return Object.entries(came)
    .map(([place, value]) => `${place} ${value}`)
    .join('  ');
}
