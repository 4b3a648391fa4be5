import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { selfSigned } from '../../../emulator/wechatpay/keys/certificate.ts';
import { environment } from '../../../shared/contract/environment.ts';
import { notDeployed } from '../../../tests/support/doctor/changes.ts';
import {
  pairs,
  pemOf,
  soundFacts,
  soundSettings,
} from '../../../tests/support/doctor/soundFacts.ts';
import { readAccess } from '../cloud/access.ts';
import { readService } from '../service/service.ts';
import { envFileFaults } from '../settings/envFile.ts';
import { runChecks } from './checks.ts';
import { readFact } from './facts/fact.ts';

/** The framework's own reader of `.env`: what it makes of a line is what arrives. */
const frameworks = createRequire(import.meta.resolve('serverless/package.json'));
const dotenv = frameworks('dotenv') as { parse(text: Buffer): Record<string, string> };
const { expand } = frameworks('dotenv-expand') as {
  expand(config: object): { parsed: Record<string, string> };
};

const pem = pemOf(pairs.merchant.privateKey);
const bare = (text: string) => text.replace(/-----[^-]+-----|\s/g, '');
const inOneLine = (text: string) => text.trim().replaceAll('\n', '\\n');
const organization = { o: '微信商户系统', cn: '1900000109' };
const certificate = selfSigned(pairs.merchant.privateKey, organization, '5157F09EFDC096DE');
const encrypted = String(
  pairs.merchant.privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  }),
);
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const setting = (key: string) => `merchant.settings.${key}`;
const PRIVATE = 'merchant.private_key';
const PUBLIC = 'merchant.public_key';
const PLATFORM = 'merchant.platform_cert';

/** A line typed into `.env`, the check that finds it, and what it says is wrong. */
type Row = [line: string, check: string, what: RegExp];

const rows: Row[] = [
  // Keys and certificates in each other's place.
  [`WXPAY_PRIVATE_KEY="${certificate}"`, PRIVATE, /填的是证书.*certificate/s],
  [`WXPAY_PRIVATE_KEY=${inOneLine(certificate)}`, PRIVATE, /填的是证书/],
  [`WXPAY_PRIVATE_KEY=${bare(certificate)}`, PRIVATE, /填的是证书/],
  [`WXPAY_PRIVATE_KEY=${bare(pemOf(pairs.merchant.publicKey))}`, PRIVATE, /填的是公钥/],
  [`WXPAY_PRIVATE_KEY="${pemOf(pairs.merchant.publicKey)}"`, PRIVATE, /填的是公钥/],
  [`WXPAY_PRIVATE_KEY="${encrypted}"`, PRIVATE, /口令/],
  [`WXPAY_PRIVATE_KEY="${pemOf(weak.privateKey)}"`, PRIVATE, /2048/],
  [`WXPAY_PRIVATE_KEY="${pemOf(curve.privateKey)}"`, PRIVATE, /RSA/],
  [`WXPAY_PRIVATE_KEY=${bare(pem).slice(0, 800)}`, PRIVATE, /不完整/],
  // Several lines without quotes: .env keeps the first.
  [`WXPAY_PRIVATE_KEY=${pem}`, PRIVATE, /只有第一行.*双引号/],
  [`WXPAY_PUBLIC_KEY=${pemOf(pairs.wechat.publicKey)}`, PUBLIC, /只有第一行/],
  // The path in place of the content.
  ['WXPAY_PRIVATE_KEY=./apiclient_key.pem', PRIVATE, /文件路径.*内容/],
  ['WXPAY_PRIVATE_KEY=C:\\keys\\apiclient_key.pem', PRIVATE, /文件路径/],
  ['WXPAY_PRIVATE_KEY=apiclient_cert.p12', PRIVATE, /文件路径/],
  ['WXPAY_PUBLIC_KEY=/home/shop/pub_key.pem', PUBLIC, /文件路径/],
  ['WXPAY_PLATFORM_CERT=wechatpay_5157.pem', PLATFORM, /文件路径/],
  [`WXPAY_PUBLIC_KEY=${bare(pem)}`, PUBLIC, /填的是私钥/],
  [`WXPAY_PUBLIC_KEY="${pem}"`, PUBLIC, /填的是私钥/],
  [`WXPAY_PUBLIC_KEY="${certificate}"`, PUBLIC, /填的是证书.*WXPAY_PLATFORM_CERT/],
  [`WXPAY_PUBLIC_KEY=${bare(pemOf(pairs.merchant.publicKey))}`, PUBLIC, /商户自己的公钥/],
  [`WXPAY_PLATFORM_CERT="${pemOf(pairs.wechat.publicKey)}"`, PLATFORM, /密钥而不是证书/],
  [`WXPAY_PLATFORM_CERT="${certificate}"`, PLATFORM, /商户证书用作平台证书/],
  // Secrets.
  [`WXPAY_API_V3_KEY=${'a'.repeat(31)}`, setting('WXPAY_API_V3_KEY'), /31 个字符/],
  [`WXPAY_API_V3_KEY=${'a'.repeat(33)}`, setting('WXPAY_API_V3_KEY'), /33 个字符/],
  [`WXPAY_API_V3_KEY=${'密'.repeat(32)}`, setting('WXPAY_API_V3_KEY'), /字母与数字/],
  ['WXPAY_API_V3_KEY=…', setting('WXPAY_API_V3_KEY'), /占位/],
  [`WXPAY_API_V3_KEY="${'a'.repeat(32)} "`, setting('WXPAY_API_V3_KEY'), /空格/],
  [`WXPAY_API_V2_KEY=${'a'.repeat(16)}`, setting('WXPAY_API_V2_KEY'), /16 个字符/],
  ['WXPAY_SERVICE_KEY=secret', setting('WXPAY_SERVICE_KEY'), /6 个字符，至少 32/],
  ['WXPAY_EVENTS_KEY=c2VjcmV0', setting('WXPAY_EVENTS_KEY'), /whsec_/],
  // Numbers and ids.
  ['WXPAY_MCHID=wx1234567890abcdef', setting('WXPAY_MCHID'), /填的是 AppID/],
  ['WXPAY_MCHID=1900-000109', setting('WXPAY_MCHID'), /只应有数字/],
  ['WXPAY_MCHID=１９００００００１', setting('WXPAY_MCHID'), /全角/],
  ['WXPAY_APPID=gh_1234567890ab', setting('WXPAY_APPID'), /原始 ID/],
  ['WXPAY_APPID=1900000109', setting('WXPAY_APPID'), /商户号/],
  ['WXPAY_APPID=wx1234567890 abcdef', setting('WXPAY_APPID'), /空格/],
  ['WXPAY_APPID=wx1234567890abcdeg', setting('WXPAY_APPID'), /十六进制/],
  ['WXPAY_APPID=WX1234567890abcdef', setting('WXPAY_APPID'), /小写/],
  ['WXPAY_APPID=“wx1234567890abcdef”', setting('WXPAY_APPID'), /引号/],
  ['WXPAY_SERIAL_NO=PUB_KEY_ID_0119000001', setting('WXPAY_SERIAL_NO'), /公钥 ID/],
  ['WXPAY_SERIAL_NO=5F1C72E2A8931B72O2E13AF8', setting('WXPAY_SERIAL_NO'), /十六进制/],
  ['WXPAY_SERIAL_NO=5F1C', setting('WXPAY_SERIAL_NO'), /4 位，通常 40/],
  ['WXPAY_PUBLIC_KEY_ID=0119000001092026112400000000', setting('WXPAY_PUBLIC_KEY_ID'), /前缀/],
  ['WXPAY_PUBLIC_KEY_ID=5F1C72E2A8931B72A2E13AF8', setting('WXPAY_PUBLIC_KEY_ID'), /序列号/],
  // Addresses.
  ['WXPAY_NOTIFY_URL=http://pay.example.com/pay/notify', setting('WXPAY_NOTIFY_URL'), /https/],
  ['WXPAY_NOTIFY_URL=pay.example.com/pay/notify', setting('WXPAY_NOTIFY_URL'), /缺少 https/],
  ['WXPAY_NOTIFY_URL=https://pay.example.com/pay/notify?a=1', setting('WXPAY_NOTIFY_URL'), /参数/],
  ['WXPAY_NOTIFY_URL=https://192.168.1.2/pay/notify', setting('WXPAY_NOTIFY_URL'), /内网/],
  ['WXPAY_NOTIFY_URL=https://pay.example.com', setting('WXPAY_NOTIFY_URL'), /缺少路径/],
  ['WXPAY_NOTIFY_URL=https://pay.example.com/notify', 'notify.path', /没有通向 payCallback/],
  ['WXPAY_REFUND_NOTIFY_URL=https://pay.example.com/pay/notify', 'notify.path', /refundCallback/],
  ['WXPAY_API_URL=http://127.0.0.1:7100', 'merchant.api_url', /本机/],
  // Words and numbers with a form of their own.
  ['WXPAY_LINK=apiv3', setting('WXPAY_LINK'), /apiV3、cloudPay/],
  ['WXPAY_PRICE_SOURCE=Client', setting('WXPAY_PRICE_SOURCE'), /service、quote、client/],
  ['WXPAY_PRICE_SOURCE=quote', 'price.source', /WXPAY_EVENTS_KEY/],
  ['WXPAY_ORDER_TTL=30', setting('WXPAY_ORDER_TTL'), /PT30M/],
  ['WXPAY_ORDER_TTL=30m', setting('WXPAY_ORDER_TTL'), /PT30M/],
  ['WXPAY_ORDER_TTL=P30D', setting('WXPAY_ORDER_TTL'), /范围/],
  ['WXPAY_ADMIN_OPENIDS=oA；oB', setting('WXPAY_ADMIN_OPENIDS'), /逗号/],
  ['WXPAY_ORDER_LIMITS=10', setting('WXPAY_ORDER_LIMITS'), /10\/10/],
  // Values that .env takes for a comment or for another variable.
  [`WXPAY_API_V3_KEY=$${'a'.repeat(31)}`, 'merchant.env_file', /WXPAY_API_V3_KEY.*空的/],
  [`WXPAY_API_V3_KEY='$${'a'.repeat(31)}'`, 'merchant.env_file', /WXPAY_API_V3_KEY.*空的/],
  [`WXPAY_API_V3_KEY=#${'a'.repeat(31)}`, 'merchant.env_file', /WXPAY_API_V3_KEY.*空的/],
  ['export TENCENTCLOUD_SECRET_KEY=#secret', 'merchant.env_file', /SECRET_KEY.*空的/],
  // Names.
  [
    'WXPAY_MCHD=1900000109\nWXPAY_MCHID=',
    'merchant.names',
    /WXPAY_MCHD.*WXPAY_MCHID.*did you mean/,
  ],
  ['WX_PAY_APPID=wx1234567890abcdef\nWXPAY_APPID=', 'merchant.names', /是否 WXPAY_APPID/],
  ['TCB_ENVID=pay-1a2b3c', 'merchant.names', /是否 TCB_ENV_ID/],
  ['WXPAY_MCHID=', setting('WXPAY_MCHID'), /没有 WXPAY_MCHID|未设置/],
  ['TENCENTCLOUD_SECRET_ID=', 'credentials.present', /未设置密钥/],
  ['TENCENTCLOUD_SECRET_KEY=AKIDz8krbsJ5yKBZQpn7', 'credentials.present', /填反/],
];

const keyPair = 'TENCENTCLOUD_SECRET_ID=AKIDz8krbsJ5yKBZQpn7\nTENCENTCLOUD_SECRET_KEY=secret';
const yml = parse(readFileSync('serverless.yml', 'utf8'));

/** Runs doctor on a project with this `.env`, on a machine that reaches no cloud. */
async function doctorOf(lines: string, encoding: BufferEncoding = 'utf8') {
  const bytes = Buffer.from(`${keyPair}\n${lines}`, encoding);
  const { parsed: written } = expand({ parsed: dotenv.parse(bytes), ignoreProcessEnv: true });
  const values: Record<string, string> = { ...soundSettings, ...written };
  const settings = Object.entries(values).filter(([key]) => Object.hasOwn(environment, key));
  const provider = { ...yml.provider, envId: 'pay-1a2b3c', region: 'ap-shanghai' };
  const service = readService({
    service: 'shop',
    provider: { ...provider, environment: Object.fromEntries(settings) },
    functions: yml.functions,
  });
  const facts = notDeployed(soundFacts(service));
  const unreachable = { kind: 'unknown', reason: '没有网络 (offline)' } as const;
  return runChecks({
    ...facts,
    variables: Object.entries(values).flatMap(([key, value]) => (value === '' ? [] : [key])),
    envFile: envFileFaults({ name: '.env', bytes }, values),
    access: await readFact(() => {
      readAccess(values, 'ap-shanghai');
      return { isLocal: false };
    }),
    environment: unreachable,
    domain: unreachable,
    callback: unreachable,
    bill: unreachable,
  });
}

/** Titles show no more of a line than tells it from others: some hold keys. */
const titled = <T extends readonly [line: string, ...rest: unknown[]]>(row: T) =>
  [row[0].replaceAll('\n', ' ').slice(0, 60), ...row] as const;

test.each(rows.map(titled))('%s (row %#)', async (_title, line, check, what) => {
  const findings = await doctorOf(line);
  const ours = findings.filter((finding) => finding.check === check && finding.level !== 'ok');
  expect(ours.map((finding) => finding.what).join('\n')).toMatch(what);
  for (const finding of ours) {
    // Chinese, English, what it should be; and never the value, which may be a key.
    expect(finding.what).toMatch(/[\u4E00-\u9FFF].*\([^)]*[a-z]/s);
    expect(finding.what.split('\n')).toHaveLength(1);
    expect(finding.fix ?? '').not.toBe('');
    expect(finding.what + finding.fix).not.toContain(bare(pem).slice(40, 80));
  }
  // A mistake is never praised elsewhere in the report.
  const settingsPraise = findings.find(({ check: id }) => id === 'merchant.settings');
  if (check.startsWith('merchant.settings.') || check === PRIVATE) {
    expect(settingsPraise).toBeUndefined();
  }
});

const right: [line: string][] = [
  [`WXPAY_PRIVATE_KEY="${pem}"`],
  [`WXPAY_PRIVATE_KEY=${inOneLine(pem)}`],
  [`WXPAY_PRIVATE_KEY=${bare(pem)}`],
  ['WXPAY_SERIAL_NO=serial=5F1C72E2A8931B72A2E13AF8DEE92471EB397115'],
  ['WXPAY_SERIAL_NO=5f:1c:72:e2:a8:93:1b:72:a2:e1:3a:f8:de:e9:24:71:eb:39:71:15'],
  ['WXPAY_ORDER_TTL=PT30M'],
  // What the advice says of # and $ is what arrives; an empty value with a comment is meant so.
  [`WXPAY_API_V3_KEY="\\$${'a'.repeat(30)}#"`],
  [`WXPAY_API_V3_KEY="#${'a'.repeat(31)}"`],
  ['WXPAY_API_URL= # none\nWXPAY_ORDER_TTL=""# none\nWXPAY_LINK='],
  ['TENCENTCLOUD_RUNENV=SCF'],
  // The platform's own spelling, which the SDK reads: `exec` and `.env.local` set it beside ours.
  ['TENCENTCLOUD_SECRETID=AKIDz8krbsJ5yKBZQpn7\nTENCENTCLOUD_SECRETKEY=secret'],
  [''],
];

test.each(right.map(titled))('what is right is found no fault with: %s', async (_title, line) => {
  const findings = await doctorOf(line);
  expect(findings.filter(({ level }) => level === 'broken')).toEqual([]);
  expect(findings.filter(({ check }) => check === 'merchant.names')).toEqual([]);
});

test('the platform’s own spelling alone is a misspelt key pair', async () => {
  const line = 'TENCENTCLOUD_SECRET_ID=\nTENCENTCLOUD_SECRETID=AKIDz8krbsJ5yKBZQpn7';
  const [finding] = (await doctorOf(line)).filter(({ check }) => check === 'merchant.names');
  expect(finding?.what).toMatch(/TENCENTCLOUD_SECRETID.*是否 TENCENTCLOUD_SECRET_ID/);
});

test.each(['utf16le', 'utf8'] as const)('an .env in %s is known by its bytes', async (encoding) => {
  const findings = await doctorOf('WXPAY_LINK=apiV3', encoding);
  const ours = findings.filter(({ check }) => check === 'merchant.env_file');
  expect(ours.map(({ what }) => what.includes('UTF-16'))).toEqual(
    encoding === 'utf8' ? [] : [true],
  );
});

test('there are more than forty of them', () => {
  expect(rows.length).toBeGreaterThan(40);
});
