import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  directKeys,
  type EnvironmentKey,
  hasDirectLink,
} from '../../shared/contract/environment.ts';
import { wrongWith } from '../serverless-tencent/settings/settingFaults.ts';
import { similarKey } from '../serverless-tencent/settings/similarKey.ts';
import type { AskLine } from '../terminal.ts';
import { isJson, settingsInJson } from './cloudbaserc.ts';
import { readEnvFile, writeEnvFile } from './envFile.ts';
import { renameSettings } from './payCommon.ts';
import { type Question, questions, readValue, unasked } from './questions.ts';

/** `npm run init` works with these. */
export interface InitDeps {
  /** The project's folder. */
  root: string;
  /** Asks the person at the terminal; undefined where nobody sits there. */
  ask: AskLine | undefined;
  write(text: string): void;
}

/** A command line or an answer that is refused, with a message for a person. */
export class InitRefusal extends Error {
  override readonly name = 'InitRefusal';
}

const NOTHING_READ =
  '没有读出内容：粘贴密钥须从 -----BEGIN 到 -----END，文件中的多行须用双引号括起 (nothing could be read: a pasted key goes from BEGIN to END, and in quotes where a file has it)';

const USAGE = `npm run init [-- --stage NAME] [--from FILE]
  逐项询问并写入 .env（--stage 则为 .env.NAME）；--from 从文件读取答案，每行 KEY=值
  (asks for each setting and writes .env, with --stage .env.NAME; --from reads the answers of a file, KEY=value a line)
`;

/** Runs `npm run init`: answers, of a person or a file, become an `.env` file. */
export async function runInit(args: string[], deps: InitDeps): Promise<void> {
  const options = optionsOf(args);
  if (options.help) return deps.write(USAGE);
  const name = options.stage === undefined ? '.env' : `.env.${options.stage}`;
  const path = join(deps.root, name);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const before = readEnvFile(text);
  const { values, report } = options.from
    ? answersIn(resolve(deps.root, options.from), before)
    : { values: await askAll(deps, before), report: '' };
  writeFileSync(path, writeEnvFile(text, [...questions, ...unasked], values), { mode: 0o600 });
  const notNeeded: readonly string[] = hasDirectLink(values) ? [] : directKeys;
  const missing = questions.filter(
    ({ key, isOptional }) => !isOptional && !values[key] && !notNeeded.includes(key),
  );
  deps.write(
    `${report}已写入 (written): ${name}，请勿提交 (never commit it)\n${missing
      .map(({ key, text: what }) => `  还缺 (missing) ${key}: ${what}\n`)
      .join(
        '',
      )}下一步 (next): npm run doctor${options.stage ? ` -- --stage ${options.stage}` : ''}\n`,
  );
}

/** A stage is a part of a file's name. */
const STAGE = /^[\w-]+$/;

function optionsOf(args: string[]): { stage?: string; from?: string; help?: boolean } {
  const options = parseOptions(args);
  if (options.stage === undefined || STAGE.test(options.stage)) return options;
  throw new InitRefusal(
    `--stage ${options.stage || '""'}: 应为字母、数字、下划线或连字符 (letters, digits, _ or -)\n${USAGE}`,
  );
}

function parseOptions(args: string[]): { stage?: string; from?: string; help?: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        stage: { type: 'string' },
        from: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new InitRefusal(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** Reads the answers of a file; paths in it are relative to it. All that is wrong is named at once. */
function answersIn(
  file: string,
  before: Record<string, string>,
): { values: Record<string, string>; report: string } {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new InitRefusal(`--from ${file}: 没有这个文件 (no such file)`);
  }
  const { answers, names, report, ...renamed } = renameSettings(settingsIn(file));
  const given = unasked.filter(({ key }) => answers[key]);
  const read = [...questions, ...given].map((question) => {
    const answer = answers[question.key] || before[question.key] || question.usual?.() || '';
    return [question.key, readAnswer(question, answer, dirname(file))] as const;
  });
  const nameOf = (key: string) => (names[key] ? `${names[key]} → ${key}` : key);
  const faults = [
    ...renamed.faults,
    ...read.flatMap(([key, { fault }]) => (fault ? [`${nameOf(key)}: ${fault}`] : [])),
    ...unknownKeys(settingsOf(answers)),
  ];
  if (faults.length > 0)
    throw new InitRefusal(`未写入 (nothing was written):\n${faults.join('\n')}`);
  return { values: Object.fromEntries(read.map(([key, { value }]) => [key, value])), report };
}

function settingsIn(file: string): Record<string, string> {
  const text = readFileSync(file, 'utf8');
  if (!isJson(text)) return readEnvFile(text);
  const read = settingsInJson(text);
  if (read.kind === 'settings') return read.settings;
  throw new InitRefusal(`--from ${file}: ${read.fault}`);
}

/**
 * Names the settings of a file. Where a key in several lines lacks its quotes, the last of its lines
 * reads as a setting of its own, and may not be printed: base64 has no underscore, our settings have.
 */
function settingsOf(answers: Readonly<Record<string, string>>): string[] {
  const isCut = Object.values(answers).some((value) => /^-----BEGIN (?!.*-----END )/s.test(value));
  return Object.keys(answers).filter((key) => !isCut || key.includes('_'));
}

/** Names the keys of a file that nothing reads, each with the one that may be meant. */
function unknownKeys(keys: readonly string[]): string[] {
  const known = [...questions, ...unasked].map(({ key }) => key);
  return keys
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = similarKey(key, known);
      const hint = meant ? `，是否 ${meant}？(did you mean ${meant}?)` : '';
      return `${key}: 没有这个变量 (there is no such variable)${hint}`;
    });
}

async function askAll(
  { root, ask, write }: InitDeps,
  before: Record<string, string>,
): Promise<Record<string, string>> {
  if (!ask) throw new InitRefusal(`没有终端可以询问 (no terminal to ask)\n${USAGE}`);
  write(
    '直接回车保留方括号中的值，没有就留空 (Enter keeps what is in brackets, or leaves it empty)\n\n',
  );
  const values: Record<string, string> = {};
  for (const question of questions) {
    values[question.key] = await askUntilRight(question, before[question.key] ?? '', {
      ask: (text) => askWhole({ ask, write }, text),
      write,
      root,
    });
  }
  return values;
}

/** Asks once; of a key or a certificate, all lines up to its end are the answer. */
async function askWhole(
  { ask, write }: { ask: AskLine } & Pick<InitDeps, 'write'>,
  question: string,
): Promise<string> {
  let answer = await lineOf(ask, question);
  if (!answer.includes('-----BEGIN ') || answer.includes('-----END ')) return answer;
  write('  直到 -----END 一行 (up to the line of -----END)\n');
  while (!answer.includes('-----END ')) answer += `\n${await lineOf(ask, '')}`;
  return answer;
}

async function lineOf(ask: AskLine, question: string): Promise<string> {
  const line = await ask(question);
  if (line === undefined) throw new InitRefusal('\n未写入 (nothing was written)');
  return line;
}

async function askUntilRight(
  question: Question,
  before: string,
  { ask, write, root }: { ask: (text: string) => Promise<string> } & Omit<InitDeps, 'ask'>,
): Promise<string> {
  const isKept = before !== '' && readAnswer(question, before, root).fault === undefined;
  const usual = isKept ? before : (question.usual?.() ?? '');
  const secret = !isKept ? '新的随机值 (a new random one)' : '不变 (kept)';
  const shown = question.isSecret ? secret : usual;
  for (;;) {
    write(`${question.text}\n`);
    const answer = await ask(`  ${question.key}${usual === '' ? '' : ` [${shown}]`}: `);
    const { value, fault } = readAnswer(question, answer.trim() || usual, root);
    if (fault === undefined) return value;
    write(`  ✘ ${fault}\n`);
  }
}

/**
 * Reads one answer; what is wrong with it is said in the words of `doctor`. One that nothing is read
 * from is wrong, so that it replaces nothing.
 */
function readAnswer(question: Question, answer: string, folder: string) {
  try {
    const value = readValue(question, answer, folder);
    if (value === '' && answer !== '') return { value, fault: NOTHING_READ };
    const isOurs = question.key.startsWith('WXPAY_');
    const fault = isOurs ? wrongWith(question.key as EnvironmentKey, value) : undefined;
    return { value, fault };
  } catch (error) {
    return { value: '', fault: unreadableText(error) };
  }
}

/** Says why an answer cannot be read: the file, or what stands in it. */
function unreadableText(error: unknown): string {
  const isOfFile = !(error instanceof Error) || 'syscall' in error;
  return isOfFile ? '文件无法读取 (the file cannot be read)' : error.message;
}
