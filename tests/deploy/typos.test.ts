import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runServerless } from '../support/deploy/serverless.ts';
import { copyProject } from '../support/projectCopy.ts';

let copy: Awaited<ReturnType<typeof copyProject>>;
let home: string;
let yml: string;
beforeAll(async () => {
  copy = await copyProject();
  home = await mkdtemp(join(tmpdir(), 'typos-'));
  yml = await readFile(join(copy.root, 'serverless.yml'), 'utf8');
});
afterAll(async () => {
  await copy.remove();
  await rm(home, { recursive: true });
});

/**
 * Packages with a changed `serverless.yml` that must be refused; answers the output, which names
 * all mistakes.
 */
async function refusedOutput(changed: string): Promise<string> {
  await writeFile(join(copy.root, 'serverless.yml'), changed);
  const result = await runServerless(home, {}, copy.root, 'package');
  expect(result.code).toBe(1);
  return result.out;
}

test('a typo in serverless.yml is refused with its path, wherever it is', async () => {
  const out = await refusedOutput(
    `${yml
      .replace('memorySize: 256', 'memorySize: 256\n  memroySize: 256')
      .replace('timeout: 60 }', 'timeout: 60, timout: 1 }')
      .replace('qps: 100 }', 'qps: 100, method: POST }')
      .replace('path: /refund/notify,', 'path: /refund//notify/,')
      .replace("cron: '0 * * * * * *' }", "corn: '0 * * * * * *' }")}
collections:
  goods: { acl: PUBLIC }
`,
  );
  expect(out).toContain('serverless.yml 有误');
  expect(out).not.toMatch(/slss\.io|serverless\.com/);
  expect(out).toContain("at 'provider': unrecognized property 'memroySize'");
  expect(out).toContain("at 'functions.downloadBill': unrecognized property 'timout'");
  expect(out).toMatch(/at 'functions\.refundCallback\.events\.0\.http\.path': must match pattern/);
  expect(out).toContain("at 'functions.payCallback.events.0.http': unrecognized property 'method'");
  expect(out).toMatch(
    /at 'functions\.closeStaleOrders\.events\.0\.timer': unrecognized property 'corn'/,
  );
  expect(out).toMatch(/at 'collections\.goods\.acl': must be equal to one of the allowed values/);
});

test('an unquoted value that would arrive as another text is refused with its path, whatever YAML makes of it', async () => {
  const out = await refusedOutput(
    `${yml.replace(/WXPAY_ORDER_TTL: .*/, 'WXPAY_ORDER_TTL: 12345e67')}
  ship:
    handler: functions/ship/index.main
    environment:
      LEADING: 007
      HEX: 0x1F
      DATE: 2026-12-01
      SWITCH: True
      NOTHING: ~
      FALLBACK: \${env:NOT_SET_ANYWHERE, 1000}
      QUOTED: '12345e67'
      PLAIN: 600
      EMPTY:
      YES: yes
`,
  );
  const refused = [...out.matchAll(/^(\S+): 未加引号/gm)].map(([, path]) => path);
  expect(refused).toEqual([
    'provider.environment.WXPAY_ORDER_TTL',
    ...['LEADING', 'HEX', 'DATE', 'SWITCH', 'NOTHING', 'FALLBACK'].map(
      (key) => `functions.ship.environment.${key}`,
    ),
  ]);
});

test('what a schema cannot say is refused with its path too: cron, memory, time-out, unread key', async () => {
  const out = await refusedOutput(
    yml
      .replace("'0 * * * * * *'", "'*/5 * * * *'")
      .replace('memorySize: 256', 'memorySize: 200')
      .replace('timeout: 60 }', 'timeout: 2 }')
      .replace('  environment:\n', '  environment:\n    WXPAY_MCHIDD: x\n'),
  );
  expect(out).toContain('functions.closeStaleOrders.events.0.timer.cron: 应有 7 段');
  expect(out).toContain('functions.unifiedOrder.memorySize: 200');
  expect(out).toContain('functions.downloadBill.timeout: 2');
  expect(out).toContain('provider.environment.WXPAY_MCHIDD');
});
