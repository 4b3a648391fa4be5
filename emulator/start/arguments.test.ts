import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';

const start = {
  kind: 'start',
  port: 7100,
  fresh: false,
  yes: false,
  data: '.local',
  asItIs: false,
  devtools: false,
};

test.each([
  [['start'], start],
  [['start', '--port', '0', '--data', 'x'], { ...start, port: 0, data: 'x' }],
  [['start', '--fresh', '--no-deploy'], { ...start, fresh: true, asItIs: true }],
  [['start', '--host', '0.0.0.0'], { ...start, host: '0.0.0.0' }],
  [['start', '--host', '::1', '--devtools'], { ...start, host: '::1', devtools: true }],
  [['exec', 'node', '--fresh'], { kind: 'exec', program: 'node', args: ['--fresh'] }],
  [
    ['snapshot', 'export', '早上', 'a.gz', '--port', '7200'],
    { kind: 'snapshot', act: 'export', name: '早上', file: 'a.gz', replace: false, port: 7200 },
  ],
  [
    ['snapshot', 'list'],
    { kind: 'snapshot', act: 'list', name: '', file: undefined, replace: false, port: undefined },
  ],
  [['play'], { kind: 'play', scenario: undefined, port: undefined }],
  [['play', 'a.json', '--port', '7200'], { kind: 'play', scenario: 'a.json', port: 7200 }],
  [
    ['record', '退款', '--replace'],
    { kind: 'record', name: '退款', stop: false, file: undefined, replace: true, port: undefined },
  ],
  [
    ['record', 'a', '--stop', 'a.json'],
    { kind: 'record', name: 'a', stop: true, file: 'a.json', replace: false, port: undefined },
  ],
  [['mcp'], { kind: 'mcp', port: undefined }],
  [['mcp', '--port', '7200'], { kind: 'mcp', port: 7200 }],
])('%j is understood', (args, understood) => {
  expect(readArguments(args, {})).toEqual(understood);
});

test('PORT of the shell is the port, unless the command line names one', () => {
  expect(readArguments(['start'], { PORT: '7200' })).toMatchObject({ port: 7200 });
  expect(readArguments(['start', '--port', '1'], { PORT: '7200' })).toMatchObject({ port: 1 });
});

test.each([
  [['start', '--help']],
  [['start', '-h']],
  [['start', '--port', '1', '-h']],
  [['--help']],
  [['exec', '-h']],
])('%j is answered with what there is', (args) => {
  const text = expect.stringMatching(/--port.*--fresh.*--data/);
  expect(readArguments(args, {})).toEqual({ kind: 'help', text });
});

test.each([
  [[], 'npm start'],
  [['begin'], 'npm start'],
  [['exec'], 'exec'],
  [['snapshot'], 'snapshot'],
  [['snapshot', 'save'], 'snapshot'],
  [['snapshot', 'burn', 'x'], 'snapshot'],
  [['snapshot', 'save', 'x', '--port', 'many'], 'many'],
  [['record'], 'record'],
  [['record', 'a', 'a.json'], 'record'],
  [['play', 'a', '--stop'], 'play'],
  [['snapshot', 'list', '--stop'], 'snapshot'],
  [['start', '--prot', '7100'], '--prot'],
  [['start', '--port', 'many'], 'many'],
  [['start', '--port', '65536'], '65536'],
  [['start', '--host', 'my.name'], 'my.name'],
  [['start', '--host', '10.0.0.1:80'], '10.0.0.1:80'],
])('%j is refused by name', (args, named) => {
  expect(readArguments(args, {})).toEqual({
    kind: 'refused',
    message: expect.stringContaining(named),
  });
});
