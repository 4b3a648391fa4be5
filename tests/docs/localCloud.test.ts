import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { USUAL_SWITCHES } from '../../emulator/runner/invocations/switches.ts';
import { MAGIC_AMOUNTS } from '../../emulator/wechatpay/orders/magicAmounts.ts';
import { USUAL_WECHAT_SWITCHES } from '../../emulator/wechatpay/wire/switches.ts';
import { FAULT_KINDS } from '../../emulator/world/faults.ts';
import { rowsOf } from '../../infra/lint/tables.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
});
afterAll(() => cloud.close());

describe.each(['docs/zh/local-cloud.md', 'docs/en/local-cloud.md'])('%s', (path) => {
  const rows = rowsOf(readFileSync(path, 'utf8'));
  const firstCells = rows.map(({ cells: [first = ''] }) => first);
  const named = (pattern: RegExp) => firstCells.flatMap((cell) => cell.match(pattern) ?? []).sort();

  test('has the calls of the control API, all of them and no other', async () => {
    const answer = await fetch(`${cloud.url}/_local/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const calls = Object.entries(paths).flatMap(([route, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`),
    );
    const documented = named(/(?:GET|POST|PUT) \/_local\/[\w/{}]+/g);
    expect([...documented, 'GET /_local/openapi.json'].sort()).toEqual(calls.sort());
  });

  test('has the kinds of faults', () => {
    expect(named(/^`[a-z]+(?:_[a-z]+)?`$/g)).toEqual(
      expect.arrayContaining(FAULT_KINDS.map((kind) => `\`${kind}\``)),
    );
  });

  test('has the switches of the platform, and what they usually are', () => {
    const usual = Object.entries({ ...USUAL_SWITCHES, ...USUAL_WECHAT_SWITCHES });
    for (const [name, value] of usual) {
      const row = rows.find(({ cells }) => cells[0] === `\`${name}\``);
      expect(row?.cells[2], name).toBe(`\`${value}\``);
    }
  });

  test('has the amounts with an end of their own', () => {
    const yuan = Object.keys(MAGIC_AMOUNTS).map((fen) => (Number(fen) / 100).toFixed(2));
    expect(named(/1\.3\d/g)).toEqual(yuan);
  });
});
