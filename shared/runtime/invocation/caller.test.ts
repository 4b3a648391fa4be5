import { expect, test } from 'vitest';
import { callerOf, hasPayToken } from './caller.ts';
import { beginInvocation } from './invocation.ts';

const admins = ['oAdmin'];

// What the platform says of a call, and who that is.
test.each([
  [{ TCB_SOURCE: 'wx_client', WX_OPENID: 'oUser' }, 'user'],
  [{ TCB_SOURCE: 'wx_devtools', WX_OPENID: 'oUser' }, 'user'],
  [{ TCB_SOURCE: 'wx_client', WX_OPENID: 'oAdmin' }, 'admin'],
  [{ TCB_SOURCE: 'wx_client,scf', WX_OPENID: 'oUser' }, 'user'],
  [{ TCB_SOURCE: 'scf,wx_client', WX_OPENID: 'oUser' }, 'other'],
  [{ TCB_SOURCE: 'wx_paycallback', WX_OPENID: 'oUser' }, 'wechat'],
  [{ TCB_SOURCE: 'wx_paycallback,scf', WX_OPENID: 'oUser' }, 'other'],
  [{ TCB_SOURCE: 'wx_client,wx_paycallback', WX_OPENID: 'oUser' }, 'user'],
  [{ TCB_SOURCE: 'wx_client' }, 'other'],
  [{ TCB_SOURCE: 'scf' }, 'other'],
  [{ TCB_SOURCE: 'wx_http' }, 'other'],
  [{ WX_OPENID: 'oUser' }, 'other'],
  [{ TRIGGER_SRC: 'timer' }, 'timer'],
  [{ TRIGGER_SRC: 'timer', TCB_SOURCE: 'wx_trigger' }, 'timer'],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger' }, 'timer'],
  [{ TCB_SOURCE: 'wx_trigger' }, 'timer'],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger', WX_OPENID: 'oUser' }, 'other'],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger,scf' }, 'other'],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_client,wx_trigger' }, 'other'],
  [{ TRIGGER_SRC: 'tcb' }, 'http'],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_http', WX_API_TOKEN: 't' }, 'other'],
  [{ TRIGGER_SRC: 'timer', WX_OPENID: 'oUser', TCB_SOURCE: 'wx_client' }, 'user'],
  [{ TRIGGER_SRC: 'timer', WX_OPENID: 'oUser' }, 'other'],
  [{}, 'http'],
  [{ TCB_HTTP_CONTEXT: '{}' }, 'http'],
  [{ TCB_SOURCE: 'a_word_for_http' }, 'http'],
  [{ TCB_SOURCE: 'cbr,scf' }, 'other'],
  [{ TCB_SOURCE: 'wx_paycallback' }, 'wechat'],
] as const)('%o is %s', (variables, kind) => {
  expect(callerOf(variables, admins).kind).toBe(kind);
});

// Where the SDK finds a token: in WX_API_TOKEN always, in the timers' own variable in their own calls.
test.each([
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_client', WX_API_TOKEN: 't' }, true],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger', WX_API_TOKEN: 't' }, true],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_http', WX_API_TOKEN: 't' }, true],
  [{ TRIGGER_SRC: 'timer', TCB_SOURCE: 'wx_trigger', WX_TRIGGER_API_TOKEN_V0: 't' }, true],
  [{ TRIGGER_SRC: 'timer', TCB_SOURCE: 'wx_trigger', WX_API_TOKEN: 't' }, true],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger', WX_TRIGGER_API_TOKEN_V0: 't' }, false],
  [{ TRIGGER_SRC: 'timer' }, false],
  [{ TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger' }, false],
  [{}, false],
])('%o has a token for cloud pay: %s', (variables, has) => {
  expect(hasPayToken(variables)).toBe(has);
});

const frame = (context: object, form: 'call' | 'http' = 'call') =>
  beginInvocation(context, form, { monotonicMs: () => 0, printLine: () => {} });

test.each([
  ['JSON', { environment: '{"WX_OPENID":"o","TCB_SOURCE":"wx_client","EMPTY":""}' }],
  ['a list', { environ: 'WX_OPENID=o;TCB_SOURCE=wx_client;EMPTY=' }],
  [
    'a list whose value goes on like another entry',
    { environ: 'WX_OPENID=o;TCB_SOURCE=wx_client;TCB_TRACE=x;WX_OPENID=oAdmin' },
  ],
  [
    'a list that names a variable twice, empty at first',
    { environ: 'WX_OPENID=o;TRIGGER_SRC=;TCB_SOURCE=wx_client;TRIGGER_SRC=timer' },
  ],
])('a call’s own variables are read from %s; empty means absent', (_form, context) => {
  expect(frame(context).variables).toEqual({ WX_OPENID: 'o', TCB_SOURCE: 'wx_client' });
});

test.each([
  {},
  { environment: 'not json' },
  { environment: 'null' },
  { environment: '{"WX_OPENID":1}' },
  { environment: 7, environ: {} },
])('%o names nobody', (context) => expect(frame(context).variables).toEqual({}));

test('what a warm instance still has in its process is never asked', () => {
  process.env.WX_OPENID = 'oLastCaller';
  try {
    expect(frame({ environment: '{}' }).variables).toEqual({});
  } finally {
    delete process.env.WX_OPENID;
  }
});

test('an answer to WeChat leaves before its 5 seconds are over', () => {
  const context = { getRemainingTimeInMillis: () => 20_000 };
  expect(frame(context).remainingMs()).toBe(20_000);
  expect(frame(context, 'http').remainingMs()).toBe(4500);
  expect(frame({}).remainingMs()).toBe(3000);
  expect(frame({ getRemainingTimeInMillis: () => Number.NaN }).remainingMs()).toBe(3000);
});

/** All that a call can lack, as a plain timer of SCF was seen to carry it. */
const empty = {
  WX_OPENID: '',
  TCB_SOURCE: '',
  WX_API_TOKEN: '',
  WX_TRIGGER_API_TOKEN_V0: '',
};

test.each([
  ['a timer of SCF', { ...empty, TRIGGER_SRC: 'timer' }, 'timer', false],
  ['an HTTP route', { ...empty, TRIGGER_SRC: '' }, 'http', false],
  [
    'a timer of WeChat',
    { ...empty, TRIGGER_SRC: 'tcb', TCB_SOURCE: 'wx_trigger', WX_API_TOKEN: 't' },
    'timer',
    true,
  ],
  [
    'a timer of WeChat in its other shape',
    { ...empty, TRIGGER_SRC: 'timer', TCB_SOURCE: 'wx_trigger', WX_TRIGGER_API_TOKEN_V0: 't' },
    'timer',
    true,
  ],
])('%s is what it is, though what it lacks is there and empty', (_what, all, kind, has) => {
  for (const context of [
    { environment: JSON.stringify(all) },
    {
      environ: Object.entries(all)
        .map((pair) => pair.join('='))
        .join(';'),
    },
  ]) {
    const { variables } = frame(context);
    expect(callerOf(variables, admins).kind).toBe(kind);
    expect(hasPayToken(variables)).toBe(has);
  }
});
