import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

test('a start loads no library before it has looked for the settings', () => {
  const script = `
    const Plugin = require('./infra/serverless-tencent/index.cjs');
    require('./infra/serverless-tencent/context/begin.ts');
    const loaded = Object.keys(require.cache).map((file) => file.replace(/.*node_modules\\//, ''));
    const libraries = loaded.filter((file) => /^(zod|fflate|tencentcloud-sdk-nodejs)\\//.test(file));
    console.log(JSON.stringify({ name: Plugin.getProviderName(), libraries }));`;
  const printed = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual({ name: 'tencent', libraries: [] });
});

/** Runs a script whose output nobody reads, and which prints line after line. */
async function runUnread(stream: 'stdout' | 'stderr', call: string) {
  const script = `
    require('tsx/cjs');
    ${call};
    let lines = 0;
    process.stdin.once('data', () => setInterval(() => {
      process.${stream}.write('a line\\n');
      lines += 1;
      if (lines === 1000) process.exit(3);
    }, 1));`;
  const child = spawn(process.execPath, ['-e', script]);
  child[stream].destroy();
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  child.stdin.write('go');
  const [code] = await once(child, 'close');
  return { code, complaints };
}

test.each(['stdout', 'stderr'] as const)(
  'whoever reads no further of %s ends nothing midway, and the exit code stays',
  async (stream) => {
    const outlive = "require('./infra/terminal.ts').outliveReaders()";
    expect(await runUnread(stream, outlive)).toEqual({ code: 3, complaints: '' });
  },
);

test('whoever reads no further of what goes on ends it in silence', async () => {
  const end = "require('./infra/terminal.ts').outliveReaders(() => process.exit(0))";
  expect(await runUnread('stdout', end)).toEqual({ code: 0, complaints: '' });
});
