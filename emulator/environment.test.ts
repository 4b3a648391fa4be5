import { expect, test } from 'vitest';
import { platformSwitches, weChatSwitches } from './environment.ts';

test('how the platform behaves is set by LOCAL_…; what is not set stays as it is', () => {
  expect(platformSwitches({})).toEqual({});
  expect(platformSwitches({ LOCAL_DEVTOOLS_TIMERS: '', LOCAL_DEVTOOLS_TRIGGER: '' })).toEqual({});
  const env = {
    LOCAL_DEVTOOLS_TIMERS: '1',
    LOCAL_DEVTOOLS_TRIGGER: 'timer',
    LOCAL_BOTH_TIMERS: '1',
    LOCAL_CALLBACK_TOKENS: '1',
    LOCAL_SERVER_API_TOKENS: '0',
    LOCAL_EMPTY_VARIABLES: '1',
    LOCAL_AFTER_ANSWER: 'ended',
    LOCAL_DEAD_CONNECTIONS: 'reset',
    LOCAL_STARTED_CALLS: 'lost',
    LOCAL_HTTP_API_SOURCE: 'web_client',
    LOCAL_HTTP_API_BODY: '100KB',
  };
  expect(platformSwitches(env)).toEqual({
    devtoolsTimers: true,
    devtoolsTrigger: 'timer',
    bothTimers: true,
    callbackTokens: true,
    serverApiTokens: false,
    emptyVariables: true,
    afterAnswer: 'ended',
    deadConnections: 'reset',
    startedCalls: 'lost',
    httpApiSource: 'web_client',
    httpApiBody: '100KB',
  });
});

test('so is how WeChat Pay behaves', () => {
  expect(weChatSwitches({ LOCAL_TIME_EXPIRE: '' })).toEqual({});
  expect(weChatSwitches({ LOCAL_TIME_EXPIRE: 'refused', LOCAL_ANSWER_PROBES: '1' })).toEqual({
    timeExpire: 'refused',
    answerProbes: true,
  });
});

test.each([
  ['LOCAL_DEVTOOLS_TIMERS', 'yes'],
  ['LOCAL_DEVTOOLS_TRIGGER', 'scf'],
  ['LOCAL_SERVER_API_TOKENS', 'off'],
  ['LOCAL_HTTP_API_SOURCE', 'wx_client'],
  ['LOCAL_TIME_EXPIRE', 'ignored'],
  ['LOCAL_ANSWER_PROBES', 'often'],
])('%s=%s is refused by its name', (key, value) => {
  const read = () => [platformSwitches({ [key]: value }), weChatSwitches({ [key]: value })];
  expect(read).toThrow(`${key}=${value}`);
});
