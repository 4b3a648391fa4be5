import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { selfSigned } from '../../emulator/wechatpay/keys/certificate.ts';
import { pairs, pemOf, soundSettings } from '../../tests/support/doctor/soundFacts.ts';
import { settingFaults } from '../serverless-tencent/settings/settingFaults.ts';
import { type AskLine, askLineOn } from '../terminal.ts';
import { exampleOf } from './envFile.ts';
import { runInit } from './init.ts';
import { questions } from './questions.ts';

/** The framework's own readers of `.env`: what they make of the file is what arrives. */
const frameworks = createRequire(import.meta.resolve('serverless/package.json'));
const dotenv = frameworks('dotenv') as { parse(text: string): Record<string, string> };
const { expand } = frameworks('dotenv-expand') as {
  expand(all: { parsed: object; ignoreProcessEnv: boolean }): { parsed: Record<string, string> };
};

let root: string;
let written: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'init-'));
  written = '';
  writeFileSync(join(root, 'apiclient_key.pem'), pemOf(pairs.merchant.privateKey));
  writeFileSync(join(root, 'pub_key.pem'), pemOf(pairs.wechat.publicKey));
  const subject = { o: '微信商户系统', cn: '1900000109' };
  const certificate = selfSigned(pairs.merchant.privateKey, subject, '5157F09EFDC096DE');
  writeFileSync(join(root, 'apiclient_cert.pem'), certificate);
});

const answers = {
  TENCENTCLOUD_SECRET_ID: 'AKIDz8krbsJ5yKBZQpn7',
  TENCENTCLOUD_SECRET_KEY: 'a$b#c d',
  TCB_ENV_ID: 'pay-1a2b3c',
  WXPAY_MCHID: '1900000109',
  WXPAY_APPID: 'wx1234567890abcdef',
  WXPAY_SERIAL_NO: 'apiclient_cert.pem',
  WXPAY_PRIVATE_KEY: './apiclient_key.pem',
  WXPAY_API_V3_KEY: soundSettings.WXPAY_API_V3_KEY ?? '',
  WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000001092026112400000000',
  WXPAY_PUBLIC_KEY: 'pub_key.pem',
};

/** Runs `npm run init`; answers what it refused. */
function init(args: string[], ask?: AskLine): Promise<string> {
  const write = (text: string) => {
    written += text;
  };
  return runInit(args, { root, ask, write }).then(() => '', String);
}

function readBack(name = '.env'): Record<string, string> {
  const parsed = dotenv.parse(readFileSync(join(root, name), 'utf8'));
  return expand({ parsed, ignoreProcessEnv: true }).parsed;
}

/** Answers each question by its key, as a person at a terminal. */
const answering = (given: Record<string, string>) => async (question: string) =>
  given[/^ {2}(\w+)/.exec(question)?.[1] ?? ''] ?? '';

test('answers become an .env that the framework reads as they were meant, keys out of their files', async () => {
  expect(await init([], answering(answers))).toBe('');
  const env = readBack();
  expect(env).toMatchObject({
    TENCENTCLOUD_SECRET_KEY: 'a$b#c d',
    TCB_REGION: 'ap-shanghai',
    WXPAY_SERIAL_NO: '5157F09EFDC096DE',
  });
  expect(settingFaults(env)).toEqual([]);
  expect(env.WXPAY_SERVICE_KEY).toHaveLength(64);
  expect(statSync(join(root, '.env')).mode & 0o077).toBe(0);
  expect(written).not.toContain('missing');
});

test('a file answers in place of a person, its paths relative to it; --stage names the file', async () => {
  const lines = Object.entries(answers).map(([key, value]) => `${key}='${value}'`);
  writeFileSync(join(root, 'answers.txt'), lines.join('\n'));
  expect(await init(['--from', 'answers.txt', '--stage', 'prod'])).toBe('');
  expect(settingFaults(readBack('.env.prod'))).toEqual([]);
  expect(written).toContain('.env.prod');
});

test('a wrong answer is asked again, with what is wrong; of a file all are named and nothing is written', async () => {
  const asked: string[] = [];
  await init([], async (question) => {
    asked.push(question);
    const isFirst = asked.filter((one) => one === question).length === 1;
    const wrong = { ...answers, WXPAY_API_V3_KEY: 'k'.repeat(31) };
    return answering(isFirst ? wrong : answers)(question);
  });
  expect(asked.filter((question) => question.includes('WXPAY_API_V3_KEY'))).toHaveLength(2);
  expect(written).toContain('31 个字符');
  writeFileSync(join(root, 'bad.txt'), 'WXPAY_MCHID=wx1\nWXPAY_PRIVATE_KEY=nowhere.pem\n');
  const refused = await init(['--from', 'bad.txt', '--stage', 'bad']);
  expect(refused).toMatch(/WXPAY_MCHID: .*AppID[\s\S]*WXPAY_PRIVATE_KEY: 文件无法读取/);
  expect(() => readBack('.env.bad')).toThrow('ENOENT');
});

test('of a key whose lines lack their quotes no piece is printed', async () => {
  const lines = [
    '-----BEGIN PRIVATE KEY-----',
    'MIIB',
    'bGFzdHBpZWNl==',
    '-----END PRIVATE KEY-----',
  ];
  writeFileSync(join(root, 'cut.txt'), `WXPAY_PRIVATE_KEY=${lines.join('\n')}\nWXPAY_MCH=1\n`);
  const refused = await init(['--from', 'cut.txt', '--stage', 'cut']);
  expect(refused).toMatch(/WXPAY_PRIVATE_KEY: .*引号[\s\S]*WXPAY_MCH: 没有这个变量/);
  expect(refused).not.toContain('bGFzdHBpZWNl');
});

test('a second run keeps what is there: other lines, secrets, and what Enter leaves as it was', async () => {
  const pem = pemOf(pairs.merchant.privateKey);
  writeFileSync(
    join(root, '.env'),
    `# mine\nOTHER=1\nWXPAY_PRIVATE_KEY="${pem}"\nTCB_ENV_ID=old-1\n`,
  );
  await init([], answering({ ...answers, WXPAY_PRIVATE_KEY: '', TCB_ENV_ID: 'new-2' }));
  const first = readBack();
  expect(first).toMatchObject({ OTHER: '1', TCB_ENV_ID: 'new-2' });
  expect(settingFaults(first)).toEqual([]);
  await init([], async () => '');
  expect(readBack()).toEqual(first);
  expect(readFileSync(join(root, '.env'), 'utf8').match(/^TCB_ENV_ID=/gm)).toHaveLength(1);
});

/** Types at a terminal: every answer in its turn, whatever lines it has, all at once. */
function typing(given: Record<string, string>): AskLine {
  const input = new PassThrough();
  input.end(questions.map(({ key }) => `${given[key] ?? ''}\n`).join(''));
  return askLineOn(input, new PassThrough().resume());
}

test('a key and a certificate may be pasted as they are, all their lines', async () => {
  const pasted = {
    WXPAY_SERIAL_NO: readFileSync(join(root, 'apiclient_cert.pem'), 'utf8').trim(),
    WXPAY_PRIVATE_KEY: pemOf(pairs.merchant.privateKey).trim(),
    WXPAY_PUBLIC_KEY: pemOf(pairs.wechat.publicKey).trim(),
  };
  expect(await init([], typing({ ...answers, ...pasted }))).toBe('');
  expect(settingFaults(readBack())).toEqual([]);
  expect(readBack()).toMatchObject({ WXPAY_SERIAL_NO: '5157F09EFDC096DE' });
  expect(written).not.toMatch(/✘|missing/);
});

test('an answer that nothing can be read from replaces nothing', async () => {
  await init([], answering(answers));
  const before = readBack();
  const first = '-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----';
  let asked = 0;
  await init([], async (question) => {
    if (!question.includes('WXPAY_PRIVATE_KEY')) return '';
    asked += 1;
    return asked === 1 ? first : '';
  });
  expect(asked).toBe(2);
  expect(written).toContain('✘ 没有读出内容');
  expect(readBack()).toEqual(before);
  writeFileSync(join(root, 'answers.txt'), `WXPAY_PRIVATE_KEY=${pemOf(pairs.merchant.privateKey)}`);
  expect(await init(['--from', 'answers.txt'])).toMatch(/WXPAY_PRIVATE_KEY: 没有读出内容.*引号/);
  expect(readBack()).toEqual(before);
});

test('a file gives every setting there is, asked for or not; one that nothing reads is refused by name', async () => {
  const more = {
    WXPAY_API_V2_KEY: 'k'.repeat(32),
    WXPAY_PRICE_SOURCE: 'quote',
    TENCENTCLOUD_SESSION_TOKEN: 'token',
  };
  const given = Object.entries({ ...answers, ...more });
  const text = given.map(([key, value]) => `${key}='${value}'\n`).join('');
  writeFileSync(join(root, 'answers.txt'), text);
  expect(await init(['--from', 'answers.txt'])).toBe('');
  expect(readBack()).toMatchObject(more);
  const before = readBack();
  writeFileSync(join(root, 'answers.txt'), `${text}WXPAY_MCHD=12\nSHOP=1\n`);
  expect(await init(['--from', 'answers.txt'])).toMatch(
    /SHOP: [\s\S]*WXPAY_MCHD: .*是否 WXPAY_MCHID？/,
  );
  expect(readBack()).toEqual(before);
});

test('an end of the input leaves everything as it was', async () => {
  await init([], answering(answers));
  const before = readBack();
  const left = async (question: string) => (question.includes('TCB_ENV_ID') ? undefined : 'new');
  expect(await init([], left)).toContain('未写入');
  expect(readBack()).toEqual(before);
});

test('what is still missing is named with where to get it; cloud pay needs no keys', async () => {
  await init([], async () => '');
  expect(written).toMatch(/missing\) TCB_ENV_ID: .*环境概览/);
  expect(written).toContain('missing) WXPAY_PRIVATE_KEY');
  written = '';
  await init([], answering({ WXPAY_LINK: 'cloudPay' }));
  expect(written).not.toContain('missing) WXPAY_PRIVATE_KEY');
});

test('nothing is asked where nobody sits, and an option that nobody knows is refused by name', async () => {
  expect(await init([])).toContain('--from');
  expect(await init(['--form', 'x'])).toContain('--form');
  expect(await init(['--from', 'nothing.txt'])).toContain('nothing.txt');
  expect(await init(['--from', '.'])).toContain('没有这个文件');
});

test.each(['../../outside', '', 'a b', '.'])('--stage %j names no file', async (stage) => {
  expect(await init(['--from', 'answers.txt', '--stage', stage])).toContain('应为字母、数字');
});

test('.env.example is what can be set', () => {
  expect(readFileSync('.env.example', 'utf8')).toBe(exampleOf(questions));
});
