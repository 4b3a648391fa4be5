import { expect, test } from 'vitest';
import { CloudError, type Retry } from './cloudError.ts';

const failed = (code: string) => new CloudError('scf.GetFunction', { code, message: 'why' });

// The cloud's word, and what it leads to.
test.each<[string, Retry]>([
  ['RequestLimitExceeded', 'same_request'],
  ['RequestLimitExceeded.UinLimitExceeded', 'same_request'],
  ['LimitExceeded.Request', 'same_request'],
  ['LimitExceeded.Concurrent', 'same_request'],
  ['FailedOperation.FunctionStatusError', 'same_request'],
  ['FailedOperation.FunctionNameStatusError', 'same_request'],
  ['FailedOperation.FunctionVersionStatusNotActive', 'same_request'],
  ['FailedOperation.UpdateFunctionCode', 'same_request'],
  ['FailedOperation.PublishVersion', 'same_request'],
  ['FailedOperation.OperationConflict', 'same_request'],
  ['ResourceInUse.IndexCreating', 'same_request'],
  ['ResourceInUse.FsACLJobUnDone', 'same_request'],
  ['ECONNRESET', 'query_first'],
  ['ECONNABORTED', 'query_first'],
  ['ETIMEDOUT', 'query_first'],
  ['EPIPE', 'query_first'],
  ['NetworkError', 'query_first'],
  ['HTTP_500', 'query_first'],
  ['HTTP_503', 'query_first'],
  ['InternalError', 'query_first'],
  ['InternalError.Exception', 'query_first'],
  ['ResourceInUse', 'query_first'],
  ['ResourceInUse.Function', 'query_first'],
  ['ResourceUnavailable.ResourceExist', 'query_first'],
  ['ResourceNotFound.Function', 'query_first'],
  ['ResourceNotFound.EnvNotExist', 'query_first'],
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
])('%s is reported with what to do: %s', (code, hint) => {
  const [first, second = ''] = failed(code).message.split('\n');
  expect(first).toBe(`scf.GetFunction: ${code} why`);
  expect(second).toContain(hint);
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
