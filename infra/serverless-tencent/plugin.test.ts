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

test('whoever reads no further ends it in silence', async () => {
  const script = `
    require('tsx/cjs');
    require('./infra/serverless-tencent/context/terminal.ts').endWithReader();
    process.stdin.once('data', () => setInterval(() => console.log('a line'), 1));`;
  const child = spawn(process.execPath, ['-e', script]);
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  child.stdin.write('go');
  const [code] = await once(child, 'close');
  expect([code, complaints]).toEqual([0, '']);
});
