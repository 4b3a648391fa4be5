import { expect, test } from 'vitest';
import type { Cloud } from '../../cloud/cloud.ts';
import { readWechatTimer } from './wechatTimer.ts';

const NOW_MS = Date.parse('2026-11-25T10:00:30+08:00');

async function readFrom(lines: object[] | undefined) {
  const asked: object[] = [];
  const tcb = async (action: string, request: object) => {
    asked.push({ action, ...request });
    const Results = lines?.map((line) => ({ Content: JSON.stringify(line) }));
    return { LogResults: { Results } };
  };
  return { found: await readWechatTimer({ tcb } as unknown as Cloud, 'env-1', NOW_MS), asked };
}

const lineOf = (source: string) => ({
  function_name: 'closeStaleOrders',
  log: JSON.stringify({ function: 'closeStaleOrders', caller: 'timer', source }),
});

test.each([
  ['a run of WeChat’s timer among SCF’s', [lineOf('timer'), lineOf('wx_trigger')], true],
  ['runs of SCF’s alone', [lineOf('timer')], false],
  ['no line', [], false],
  ['no list', undefined, false],
])('%s in the log: %#', async (_what, lines, found) => {
  const read = await readFrom(lines);
  expect(read.found).toEqual({ hasRun: found });
  expect(read.asked).toMatchObject([
    {
      action: 'SearchClsLog',
      StartTime: '2026-11-25 09:50:30',
      EndTime: '2026-11-25 10:00:30',
      QueryString: 'function_name:closeStaleOrders',
    },
  ]);
});
