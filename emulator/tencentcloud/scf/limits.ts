/** SCF admits functions within these limits. Sources: 583/11637; tencentcloud-sdk-nodejs. */
import { missingParameter, notSimulated, refuse } from '../errors.ts';

const NAME_FORM = /^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$/;
const HANDLER_PART = '[A-Za-z](?:[A-Za-z0-9_-]{0,58}[A-Za-z])';
const HANDLER_FORM = new RegExp(`^(${HANDLER_PART})\\.(${HANDLER_PART})$`);
const DESCRIPTION_FORM = /^[A-Za-z0-9 ,.\n，。\p{Script=Han}]{0,1000}$/u;
const VARIABLE_FORM = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const SYSTEM_VARIABLES = /^(SCF|QCLOUD|TENCENTCLOUD)_/;
const ENVIRONMENT_BYTES_MAX = 4096;
/** Source: docs.cloudbase.net/cloud-function/runtime-support. */
const NODE_RUNTIMES = ['Nodejs24.11', 'Nodejs22.21', 'Nodejs20.19', 'Nodejs18.15', 'Nodejs16.13'];
const OTHER_RUNTIMES = /^(Python|Php|Go|Java|Nodejs|CustomRuntime)/;

/** Refuses what is no name for a function. */
export function checkName(name: string): void {
  if (NAME_FORM.test(name)) return;
  throw refuse(
    'InvalidParameter.FunctionName',
    `函数名 ${name} 不合法：2–60 个字母、数字、- 或 _，以字母开头，不以 - _ 结尾 ` +
      '(2 to 60 letters, digits, - or _, a letter first, no - or _ last)',
  );
}

/** Names the file that a handler such as `index.main` lies in: `index.js`. */
export function fileOfHandler(handler: string): string {
  const [, file, exported] = HANDLER_FORM.exec(handler) ?? [];
  if (file === undefined) {
    throw refuse(
      'InvalidParameterValue.Handler',
      `Handler ${handler} 应形如 index.main (a handler looks like index.main)`,
    );
  }
  if (exported !== 'main') {
    throw notSimulated('InvalidParameterValue.Handler', `Handler ${handler}: use ${file}.main`);
  }
  return `${file}.js`;
}

/** Refuses a runtime that there is not, and one that is not run here. */
export function checkRuntime(runtime: string): void {
  if (NODE_RUNTIMES.includes(runtime)) return;
  if (OTHER_RUNTIMES.test(runtime)) throw notSimulated('InvalidParameterValue.Runtime', runtime);
  const known = NODE_RUNTIMES.join(', ');
  throw refuse(
    'InvalidParameterValue.Runtime',
    `Runtime ${runtime} 不存在，可用 ${known} (there is no such runtime; there are ${known})`,
  );
}

/** Refuses a memory size in MB that is none of 64, 128, 256, …, 3072. */
export function checkMemory(memoryMb: number): void {
  if (memoryMb > 3072) {
    throw refuse('LimitExceeded.Memory', '内存最大 3072 MB (at most 3072 MB of memory)');
  }
  if (memoryMb === 64 || (memoryMb >= 128 && memoryMb % 128 === 0)) return;
  throw refuse(
    'InvalidParameterValue.MemorySize',
    'MemorySize 应为 64，或 128 至 3072 之间 128 的倍数 (64, or a multiple of 128 up to 3072)',
  );
}

/** Refuses a time-out outside 1 to 900 seconds. */
export function checkTimeout(timeoutS: number): void {
  if (timeoutS >= 1 && timeoutS <= 900) return;
  throw refuse('LimitExceeded.Timeout', 'Timeout 应为 1–900 秒 (from 1 to 900 seconds)');
}

/** Refuses a description of a function or version that holds more than plain words. */
export function checkDescription(description: string): void {
  if (DESCRIPTION_FORM.test(description)) return;
  throw refuse(
    'InvalidParameterValue.Description',
    '描述最多 1000 个字母、数字、空格、逗号、换行、句号或中文 ' +
      '(at most 1000 letters, digits, spaces, commas, newlines, periods, Chinese)',
  );
}

/** Refuses environment variables that SCF would. The message names keys, never values. */
export function checkEnvironment(variables: [key: string, value: string][]): void {
  for (const [key, value] of variables) {
    if (SYSTEM_VARIABLES.test(key)) {
      throw refuse(
        'InvalidParameterValue.EnvironmentSystemProtect',
        `环境变量 ${key} 为系统保留 (variables SCF_, QCLOUD_ and TENCENTCLOUD_ are the system’s)`,
      );
    }
    if (!VARIABLE_FORM.test(key) || value === '') {
      throw refuse(
        'InvalidParameterValue.Environment',
        `环境变量 ${key} 的名称不合法或值为空 (a variable with an odd name or an empty value)`,
      );
    }
  }
  checkEnvironmentSize(variables);
}

function checkEnvironmentSize(variables: [key: string, value: string][]): void {
  const bytes = variables.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (bytes > ENVIRONMENT_BYTES_MAX) {
    throw refuse(
      'InvalidParameterValue.EnvironmentExceededLimit',
      `环境变量共 ${bytes} 字节，最多 4096 (the environment has ${bytes} bytes, at most 4096)`,
    );
  }
  if (new Set(variables.map(([key]) => key)).size < variables.length) {
    throw refuse('InvalidParameterValue.Environment', '环境变量重复 (a variable is given twice)');
  }
}

/** Reads a text of `TRUE` or `FALSE`, as scf writes its switches. */
export function isTrue(text: string | undefined, name: string): boolean {
  if (text === undefined || text === 'FALSE') return false;
  if (text === 'TRUE') return true;
  throw refuse('InvalidParameterValue.Param', `${name} 应为 TRUE 或 FALSE (TRUE or FALSE)`);
}

/**
 * Requires a value; refuses with `MissingParameter.Runtime`, `MissingParameter.Code` or the plain
 * code.
 */
export function required<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  if (name === 'Runtime' || name === 'Code') {
    throw refuse(`MissingParameter.${name}`, missingParameter(name).message);
  }
  throw missingParameter(name);
}
