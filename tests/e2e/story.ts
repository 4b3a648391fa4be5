import { beforeEach } from 'vitest';
import type { Stage } from './stage.ts';

const LINES_MAX = 60;

/** One entry of a stage's timeline; see emulator/world/timeline.ts. */
interface Entry {
  at: string;
  what: string;
  subject?: string;
  detail?: Record<string, unknown>;
}

/** Prints, for each test of a suite that fails, what happened on its stage, in order. */
export function printStoryOnFailure(stage: () => Stage): void {
  beforeEach(({ task, onTestFailed }) => {
    onTestFailed(async () => {
      const lines = await storyOf(stage());
      process.stderr.write(`\n  经过 (what happened): ${task.name}\n${lines.join('\n')}\n`);
    });
  });
}

/** The last lines of what happened since the reset, then each stored order with its events. */
export async function storyOf(stage: Stage): Promise<string[]> {
  const traces = await stage.traces();
  const entries = traces
    .filter(({ place }) => place === 'timeline')
    .map(({ text }) => entryOf(text));
  const documents = traces.filter(({ place }) => place === 'document').map(({ text }) => text);
  const left = entries.length > LINES_MAX ? [`    … ${entries.length - LINES_MAX} before`] : [];
  return [
    ...left,
    ...entries.slice(-LINES_MAX).map(lineOf),
    ...documents.slice(-5).map((text) => `    stored ${text.slice(0, 1500)}`),
  ];
}

function entryOf(text: string): Entry {
  return JSON.parse(text) as Entry;
}

function lineOf({ at, what, subject = '', detail: { log: _log, ...facts } = {} }: Entry): string {
  const words = Object.keys(facts).length === 0 ? '' : JSON.stringify(facts);
  return `    ${at.slice(0, 23)} ${what.padEnd(26)} ${subject} ${words}`.trimEnd();
}
