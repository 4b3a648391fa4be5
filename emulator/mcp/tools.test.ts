import { describe, expect, test } from 'vitest';
import type * as z from 'zod/mini';
import type { Call } from '../control/api/call.ts';
import { controlApi } from '../control/api/controlApi.ts';
import { toolInput, toolRequest } from './toolInput.ts';
import { type Tool, tools } from './tools.ts';

const named = Object.entries(tools).map(([name, tool]) => ({ name, tool }));
const partOf = ({ call }: Tool, part: 'query' | 'body') => (controlApi[call] as Call)[part];
const fieldsOf = (part: z.ZodMiniType | undefined) =>
  Object.keys((part as z.ZodMiniObject | undefined)?.def.shape ?? {});

describe.each(named)('$name', ({ tool }) => {
  const ofCall = [
    ...[...tool.call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    ...fieldsOf(partOf(tool, 'query')),
    ...fieldsOf(partOf(tool, 'body')),
  ];
  const left = [...(tool.without ?? []), ...Object.keys(tool.fixed ?? {})];

  test('has the fields of its call, each once, but for those that it leaves out', () => {
    expect(new Set(ofCall).size).toBe(ofCall.length);
    expect(left.filter((name) => !ofCall.includes(name))).toEqual([]);
    const fields = Object.keys(toolInput(tool).properties);
    expect(fields.sort()).toEqual(ofCall.filter((name) => !left.includes(`${name}`)).sort());
    expect(fieldsOf(partOf(tool, 'query'))).toEqual(
      expect.arrayContaining(Object.keys(tool.usual ?? {})),
    );
  });

  test('offers nothing that is masked or secret', () => {
    expect(Object.keys(toolInput(tool).properties)).not.toContain('reveal');
    expect(tool.call).not.toMatch(/signature|platform|merchant|documents|snapshots\/\{name\}$/);
  });

  test('is described in both languages', () => {
    expect(tool.zh).toMatch(/\p{Script=Han}/u);
    expect(tool.en).not.toMatch(/\p{Script=Han}/u);
  });
});

test('a function’s input stands there with what each field means', () => {
  const { data } = toolInput(tools.place_order as Tool).properties;
  expect(data).toMatchObject({
    additionalProperties: false,
    properties: { outTradeNo: { type: 'string', description: expect.stringContaining('6-32') } },
  });
});

test.each([
  ['get_order', { outTradeNo: 'a/b?c' }, 'GET orders/a%2Fb%3Fc'],
  ['list_events', { order: '+1' }, 'GET events?limit=50&order=%2B1'],
  ['list_events', { limit: 7 }, 'GET events?limit=7'],
  ['refund', { data: {} }, 'POST call {"data":{},"name":"refund","service":true}'],
  ['repeat_callback', { outTradeNo: 'A1' }, 'POST wechatpay/orders/A1/notifications'],
])('%s %j is %s', (name, given, sent) => {
  const { method, path, body } = toolRequest(tools[name] as Tool, given);
  expect([method, path, body].filter((part) => part !== undefined).join(' ')).toBe(sent);
});

test.each(['', '.', '..', undefined])('%j is no part of a path', (outTradeNo) => {
  expect(() => toolRequest(tools.get_order as Tool, { outTradeNo })).toThrow(/^outTradeNo/);
});
