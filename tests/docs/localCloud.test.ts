import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRESETS } from '../../emulator/control/faults/presets.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { tools } from '../../emulator/mcp/tools.ts';
import { USUAL_SWITCHES } from '../../emulator/runner/invocations/switches.ts';
import { MAGIC_AMOUNTS } from '../../emulator/wechatpay/orders/magicAmounts.ts';
import { USUAL_WECHAT_SWITCHES } from '../../emulator/wechatpay/wire/switches.ts';
import { FAULT_KINDS, type Fault } from '../../emulator/world/faults.ts';
import { quotedIn, rowsOf } from '../../infra/lint/tables.ts';
import { emptyLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
});
afterAll(() => cloud.close());

/** Reads the places of a row: `wechatpay.notify`, `.refundNotify` are both of wechatpay. */
function placesIn([first = '', second = '']: readonly string[]): Fault[] {
  let service = '';
  return quotedIn(`${first} ${second}`)
    .filter((name) => /^(?:[a-z]+)?\.\w+$|^[a-z]+\.\w+$/.test(name))
    .map((name) => {
      if (!name.startsWith('.')) service = name.split('.')[0] ?? '';
      return { at: name.startsWith('.') ? `${service}${name}` : name, kind: 'slow' };
    });
}

/** Reads the codes of a kind; one is known where some place knows it. */
function codesIn([first = '', second = '']: readonly string[]): Fault[] {
  const kind = first.replaceAll('`', '') as Fault['kind'];
  return quotedIn(second)
    .filter((code) => /^[A-Z_0-9]+$/.test(code))
    .map((code) => ({ at: '', kind, code }));
}

const PLACES = ['query', 'jsapi', 'notify', 'refundNotify', 'refund'].map(
  (at) => `wechatpay.${at}`,
);

/** Answers which part of a fault the local cloud refuses; of a code only where every place does. */
async function refusedFieldOf(fault: Fault): Promise<string | undefined> {
  const places = fault.at === '' ? [...PLACES, 'cloudbase.getDocument'] : [fault.at];
  const fields = await Promise.all(
    places.map(async (at) => {
      const answer = await fetch(`${cloud.url}/_local/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ ...fault, at }]),
      });
      const { error } = (await answer.json()) as { error?: { field: string } };
      return error?.field;
    }),
  );
  return fields.includes(undefined) ? undefined : fields[0];
}

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
    const documented = named(/(?:GET|POST|PUT|DELETE) \/_local\/[\w/{}]+/g);
    expect([...documented, 'GET /_local/openapi.json'].sort()).toEqual(calls.sort());
  });

  test('has the tools of coding agents, all of them and no other', () => {
    const isOfTools = (cell: string) => /`list_goods`|`[a-z]+_(?:\w+)`, |`[a-z]+_\w+`、/.test(cell);
    expect(firstCells.filter(isOfTools).flatMap(quotedIn).sort()).toEqual(
      Object.keys(tools).sort(),
    );
  });

  test('has the kinds of faults', () => {
    expect(named(/^`[a-z]+(?:_[a-z]+)?`$/g)).toEqual(
      expect.arrayContaining(FAULT_KINDS.map((kind) => `\`${kind}\``)),
    );
  });

  test('has the scenes', () => {
    const scenes = named(/^`[a-z]+[A-Z]?\w*`(?= \p{Script=Han}|$)/gu);
    expect(scenes).toEqual(expect.arrayContaining(PRESETS.map(({ name }) => `\`${name}\``)));
  });

  const PLACE =
    /`(?:wechatpay\.(?:jsapi|notify|cashier)|cloudbase\.insertDocument|scf\.CreateFunction)`/;
  test.each([
    { part: 'at', of: PLACE, read: placesIn },
    { part: 'code', of: /^`(?:error|error_after|mutated)`$/, read: codesIn },
  ])('names faults whose $part the local cloud knows', async ({ part, of, read }) => {
    const found = rows.filter(({ cells: [first = ''] }) => of.test(first));
    const faults = found.flatMap(({ cells }) => read(cells));
    expect(faults.length).toBeGreaterThan(15);
    for (const fault of faults) {
      expect([fault, await refusedFieldOf(fault)]).not.toEqual([fault, `0.${part}`]);
    }
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
