import { expect, test } from 'vitest';
import { CloudError, type Retry } from './cloudError.ts';

const failed = (code: string) => new CloudError('scf.GetFunction', { code, message: 'why' });

// The cloud's word, and what it leads to.
test.each<[string, Retry]>([
  ['RequestLimitExceeded', 'wait'],
  ['RequestLimitExceeded.UinLimitExceeded', 'wait'],
  ['LimitExceeded.Request', 'wait'],
  ['LimitExceeded.Concurrent', 'wait'],
  ['FailedOperation.FunctionStatusError', 'wait'],
  ['FailedOperation.FunctionNameStatusError', 'wait'],
  ['FailedOperation.FunctionVersionStatusNotActive', 'wait'],
  ['FailedOperation.UpdateFunctionCode', 'wait'],
  ['FailedOperation.PublishVersion', 'wait'],
  ['FailedOperation.OperationConflict', 'wait'],
  ['ResourceInUse.IndexCreating', 'wait'],
  ['ResourceInUse.FsACLJobUnDone', 'wait'],
  ['ECONNRESET', 'look'],
  ['ECONNABORTED', 'look'],
  ['ETIMEDOUT', 'look'],
  ['EPIPE', 'look'],
  ['NetworkError', 'look'],
  ['HTTP_500', 'look'],
  ['HTTP_503', 'look'],
  ['InternalError', 'look'],
  ['InternalError.Exception', 'look'],
  ['ResourceInUse', 'look'],
  ['ResourceInUse.Function', 'look'],
  ['ResourceUnavailable.ResourceExist', 'look'],
  ['ResourceNotFound.Function', 'look'],
  ['ResourceNotFound.EnvNotExist', 'look'],
  ['ECONNREFUSED', 'never'],
  ['ENOTFOUND', 'never'],
  ['EAI_AGAIN', 'never'],
  ['HTTP_403', 'never'],
  ['AuthFailure.SignatureFailure', 'never'],
  ['UnauthorizedOperation', 'never'],
  ['InvalidParameterValue.Runtime', 'never'],
  ['LimitExceeded.Function', 'never'],
  ['FailedOperation.CreateTrigger', 'never'],
  ['UnsupportedRegion', 'never'],
  ['', 'never'],
])('after %s: %s', (code, retry) => {
  expect(failed(code).retry).toBe(retry);
});

// The cloud's word, and what a person is told to do.
test.each([
  ['AuthFailure.SignatureExpire', 'clock'],
  ['AuthFailure.SecretIdNotFound', 'TENCENTCLOUD_SECRET_ID'],
  ['AuthFailure.SignatureFailure', 'TENCENTCLOUD_SECRET_KEY'],
  ['UnauthorizedOperation.CamNoAuth', 'QcloudSCFFullAccess'],
  ['ResourceNotFound.EnvNotExist', 'TCB_ENV_ID'],
  ['ENOTFOUND', '无法连接腾讯云'],
  ['ECONNREFUSED', 'TENCENTCLOUD_ENDPOINT'],
  ['LimitExceeded.Function', '超出配额'],
])('%s is told with what to do: %s', (code, help) => {
  const [first, second = ''] = failed(code).message.split('\n');
  expect(first).toBe(`scf.GetFunction: ${code} why`);
  expect(second).toContain(help);
});

test('what needs no advice has none', () => {
  expect(failed('InternalError').message).toBe('scf.GetFunction: InternalError why');
});

test('it names the call, the word and the request', () => {
  const failure = { code: 'InternalError', message: 'why', requestId: 'r-1' };
  const error = new CloudError('tcb.CreateTable', failure);
  expect(error).toMatchObject({
    action: 'tcb.CreateTable',
    code: 'InternalError',
    requestId: 'r-1',
  });
  expect(String(error)).toBe('CloudError: tcb.CreateTable: InternalError why (RequestId r-1)');
  expect(failed('InternalError').requestId).toBeUndefined();
});
