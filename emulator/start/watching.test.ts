import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { keepWatching } from './watching.ts';

/** Watches by processes that do nothing but live; each new one is answered in turn. */
async function watchProject(): Promise<{
  watchers: ChildProcess[];
  /** Ends the one that watches, and waits until that was answered. */
  die(): Promise<string>;
}> {
  const watchers: ChildProcess[] = [];
  const stopped = new AbortController();
  let isAnswered = (_text: string) => {};
  let isStarted = () => {};
  const deploy = async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    watchers.push(child);
    isStarted();
    return child;
  };
  const write = (text: string) => isAnswered(text);
  await keepWatching({ deploy, signal: stopped.signal, write });
  onTestFinished(() => {
    stopped.abort();
    for (const watcher of watchers) watcher.kill('SIGKILL');
  });
  const die = async () => {
    const start = new Promise<void>((resolve) => {
      isStarted = resolve;
    });
    const answer = new Promise<string>((resolve) => {
      isAnswered = resolve;
    });
    watchers.at(-1)?.kill('SIGKILL');
    const text = await answer;
    if (text.includes('started again')) await start;
    return text;
  };
  return { watchers, die };
}

test('a watcher that dies is started again, and one that dies again and again is given up, in words', async () => {
  const { watchers, die } = await watchProject();
  for (let death = 0; death < 3; death += 1) expect(await die()).toContain('started again');
  expect(await die()).toMatch(/保存不再部署.*npm start/);
  expect(watchers).toHaveLength(4);
});
