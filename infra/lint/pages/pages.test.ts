import { describe, expect, test } from 'vitest';
import { countOf, reasonOf, unknownMarks, wayOf, wrongMarks } from './blocks.ts';
import { otherLanguage } from './language.ts';
import { deadLinks, deadNames, lonelyPages, strayLinks } from './links.ts';
import { goneNames } from './names.ts';
import { anchorsOf, pageOf } from './page.ts';
import { pageFindings } from './pages.ts';
import { differences } from './twins.ts';

/** A path under docs, which no check of this file takes for one of a page. */
const docs = (name: string) => ['docs', name].join('/');
const zhOf = (text: string) => pageOf({ path: docs('zh/deploy.md'), text });
const enOf = (text: string) => pageOf({ path: docs('en/deploy.md'), text });
const messagesOf = (findings: { message: string }[]) => findings.map(({ message }) => message);
const fenced = (info: string, code = '') => `\`\`\`${info}\n${code}\n\`\`\`\n`;

describe('a page is cut into its parts', () => {
  const page = zhOf(
    '# 部署\n\n一段。\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. 步骤：\n\n   ```sh account\n   npm ci\n\n   # 注\n   ```\n\n## 再\n',
  );

  test('headings, tables and code, also that of an item', () => {
    expect(page.headings).toEqual([
      { line: 1, depth: 1, text: '部署' },
      { line: 17, depth: 2, text: '再' },
    ]);
    expect(page.tables).toEqual([2]);
    expect(page.blocks).toEqual([{ line: 11, info: 'sh account', text: 'npm ci\n\n# 注\n' }]);
    expect(page.prose.map(({ line }) => line)).toEqual([1, 3, 5, 6, 7, 9, 17]);
  });

  test('an anchor is made as GitHub makes it', () => {
    const text = '# 10. 没有试过的 · `npm start`\n## A (b)\n## A (b)\n## [x](y.md) z\n';
    expect([...anchorsOf(zhOf(text))]).toEqual(['10-没有试过的--npm-start', 'a-b', 'a-b-1', 'x-z']);
  });
});

describe('the two languages', () => {
  const zh = `# 部署\n\n| 键 |\n|---|\n| a |\n\n${fenced('sh', 'npm ci   # 安装')}`;
  const en = `# Deploying\n\n| key |\n|---|\n| a |\n\n${fenced('sh', 'npm ci # install')}`;

  test('are the same but for their words', () => {
    expect(differences([zhOf(zh), enOf(en)])).toEqual([]);
  });

  test.each([
    ['a heading of another depth', en.replace('# D', '## D'), 'its heading 1 is none of'],
    ['a heading more', `${en}## More\n`, 'its heading 2 is none of'],
    ['a row less', en.replace('| a |\n', ''), 'table 1 has 1 rows, in'],
    ['a table less', en.replaceAll(/\|.*\n/g, ''), 'table 1 has 0 rows, in'],
    ['another command', en.replace('npm ci', 'npm test'), 'code block 1 differs from'],
    ['another mark', en.replace('```sh', '```sh account'), 'code block 1 differs from'],
    ['no command', en.replace(/```[\s\S]*/, ''), 'code block 1 differs from'],
  ])('%s is found', (_what, other, message) => {
    expect(messagesOf(differences([zhOf(zh), enOf(other)]))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test('a page in one language alone is found, in either', () => {
    expect(messagesOf(differences([zhOf(zh)]))).toEqual([`${docs('en/deploy.md')} is missing`]);
    expect(messagesOf(differences([enOf(en)]))).toEqual([`${docs('zh/deploy.md')} is missing`]);
  });

  test('comments of JavaScript are in either language, an address is no comment', () => {
    const of = (text: string) => fenced('js', text);
    const same = [zhOf(of("go('http://a'); // 去")), enOf(of("go('http://a'); // goes"))];
    expect(differences(same)).toEqual([]);
    expect(differences([zhOf(of("go('http://a');")), enOf(of("go('http://b');"))])).toHaveLength(1);
  });
});

describe('a page is in one language', () => {
  test.each([
    '一个 `serverless deploy function` 命令。',
    '用 Tencent Cloud SDK 调用，见 [部署](../en/the-page-in-english.md)。',
    '价格来源（by the sample quote function）。',
    '# scf-wechatpay',
    'WeChat Pay API V3 也可以。',
  ])('Chinese: %s', (text) => {
    expect(otherLanguage(zhOf(text))).toEqual([]);
  });

  test.each([
    '启动本地云。 It serves the local cloud.',
    '## Control API',
    '- the page of the shop',
  ])('not Chinese alone: %s', (text) => {
    expect(otherLanguage(zhOf(text))).toHaveLength(1);
  });

  test.each([
    'the merchant number (商户号, 见「账户中心」)',
    'the address at 交易中心-退款配置',
    '中文：[部署](../zh/deploy.md)',
    'In code, `统一下单，再付款。` may stand.',
  ])('English: %s', (text) => {
    expect(otherLanguage(enOf(text))).toEqual([]);
  });

  test.each([
    '## 退款 · Refunds',
    'It starts. 启动本地云。',
    '| a | 退款的签名由商户自己的证书来完成的 |',
  ])('not English alone: %s', (text) => {
    expect(otherLanguage(enOf(text))).toHaveLength(1);
  });
});

describe('links', () => {
  const pages = [
    zhOf('# 部署\n[a](runbook.md#告警) [b](#部署) [c](../../README.md) [d](https://x.cn/y)'),
    pageOf({ path: docs('zh/runbook.md'), text: '# 手册\n## 告警\n' }),
    pageOf({ path: 'README.md', text: `[部署](${docs('zh/deploy.md')})` }),
  ];
  const exists = (path: string) => pages.some((page) => page.path === path);

  test('lead to a page and a heading of it', () => {
    expect(deadLinks(pages, exists)).toEqual([]);
  });

  test.each(['runbook.md#alarms', '#none', 'gone.md', '../runbook.md'])('%s is found', (target) => {
    const page = zhOf(`# 部署\n\n[a](${target})`);
    expect(deadLinks([page, ...pages.slice(1)], exists)).toEqual([
      { path: page.path, line: 3, message: `"${target}" leads nowhere` },
    ]);
  });

  test('so do pages that the code names', () => {
    const named = (target: string) =>
      deadNames({ path: 'a.ts', text: `go();\n// See ${target}.` }, pages, exists);
    expect(named(docs('zh/runbook.md#告警'))).toEqual([]);
    expect(named('README.md')).toEqual([]);
    expect(named(`https://github.com/a/b/blob/main/${docs('gone.md')}`)).toEqual([]);
    for (const gone of [
      docs('runbook.md'),
      docs('zh/runbook.md#none'),
      ['README', 'zh-CN.md'].join('.'),
    ]) {
      expect(named(gone)).toEqual([
        { path: 'a.ts', line: 2, message: `"${gone}" is no page of ours` },
      ]);
    }
  });

  test('a guide leads to guides of its language, and to its twin', () => {
    const twin = enOf('# Deploying\n[a](../zh/deploy.md) [b](../zh/runbook.md#告警)');
    expect(strayLinks([...pages, twin])).toEqual([
      { path: twin.path, line: 2, message: '"../zh/runbook.md#告警" leads to the other language' },
    ]);
  });

  test('a page that nothing links to is found', () => {
    expect(lonelyPages(pages)).toEqual([]);
    expect(lonelyPages(pages.slice(1)).map(({ path }) => path)).toEqual([docs('zh/runbook.md')]);
  });
});

describe('code blocks', () => {
  const markOf = (info: string) => {
    const [block] = zhOf(fenced(info)).blocks;
    return block && [wayOf(block), reasonOf(block)];
  };

  test.each([
    ['sh', ['', undefined]],
    ['sh fails', ['fails', undefined]],
    ['sh serves', ['serves', undefined]],
    ['sh account', [undefined, 'account']],
    ['sh account fails', [undefined, undefined]],
    ['js', [undefined, undefined]],
  ])('%s', (info, marks) => {
    expect(markOf(info)).toEqual(marks);
  });

  test.each(['', 'bash', 'sh later', 'sh account fails', 'sh toString', 'js account'])(
    '"%s" is no mark',
    (info) => {
      expect(messagesOf(unknownMarks(zhOf(fenced(info))))).toEqual([
        expect.stringContaining(`"${info}": mark the block as one of sh, sh fails`),
      ]);
    },
  );
});

test('blocks are counted by how they run', () => {
  const text = ['sh', 'sh fails', 'sh account', 'sh account', 'sh ci', 'js'].map((info) =>
    fenced(info),
  );
  expect(countOf([zhOf(text.join('\n')), zhOf(fenced('sh serves'))])).toBe(
    '3 blocks of commands run, 3 do not: account 2, devtools 0, prompt 0, project 0, ci 1',
  );
});

test('no test replaces its own packages, or waits for what never ends', () => {
  const marksFor = (info: string, code: string) => messagesOf(wrongMarks(zhOf(fenced(info, code))));
  expect(marksFor('sh', 'npm ci && npm start')).toEqual(['mark the block as sh ci']);
  expect(marksFor('sh', 'npm start -- --port 7200')).toEqual(['mark the block as sh serves']);
  for (const info of ['sh ci', 'sh project', 'text']) {
    expect(marksFor(info, 'npm ci && npm start')).toEqual([]);
  }
  expect(marksFor('sh serves', 'npm start')).toEqual([]);
  expect(marksFor('sh', 'npm run init -- --help')).toEqual([]);
});

describe('names that a page quotes', () => {
  const project = {
    exists: (path: string) => ['shared/domain', 'tests/e2e/readings.test.ts'].includes(path),
    scripts: new Set(['plan', 'check:zips']),
    names: new Set(['WXPAY_MCHID']),
  };
  const goneIn = (text: string) =>
    goneNames(zhOf(text), project).map(({ message }) => /"(.*)"/.exec(message)?.[1]);

  test.each([
    '`shared/domain`, `tests/e2e/readings`, `functions/yours/index.ts`, `shared/<name>`',
    '`npm run plan`, `npm run check:zips`, `npm run check:…`',
    '`WXPAY_MCHID=1`, `WXPAY_…`',
  ])('%s', (text) => {
    expect(goneIn(text)).toEqual([]);
  });

  test.each([
    ['`infra/project.ts`', 'infra/project.ts'],
    ['`npm run planned`', 'planned'],
    ['`WXPAY_MCHD`', 'WXPAY_MCHD'],
    [fenced('sh', 'npm run gone # 没有'), 'gone'],
  ])('%s', (text, gone) => {
    expect(goneIn(text)).toEqual([gone]);
  });
});

test('all rules together find what each finds; maintainers and coding agents have English pages alone', () => {
  const files = [
    { path: 'README.md', text: '# a\n[a](docs/maintaining.md)\n' },
    { path: 'README.en.md', text: `# a\n[a](${docs('guide.md')})\n` },
    { path: 'CHANGELOG.md', text: '# Changelog\n`npm run gone`\n' },
    { path: docs('maintaining.md'), text: '# 维护\n`npm run gone`\n' },
    { path: docs('guide.md'), text: '# Guide\n```\n```\n' },
    { path: 'AGENTS.md', text: '# Changing\n```sh\nnpm start\n```\n' },
  ];
  const exists = (path: string) => files.some((file) => file.path === path);
  const project = { exists, scripts: new Set<string>(), names: new Set<string>() };
  const code = { path: 'a.ts', text: `// ${docs('gone.md')}` };
  const findings = pageFindings(files, [code], project);
  expect(findings.map(({ path, message }) => `${path} ${message.split(':')[0]}`)).toEqual([
    `${docs('guide.md')} guides stand in docs/zh and docs/en`,
    `${docs('guide.md')} ""`,
    'AGENTS.md mark the block as sh serves',
    `${docs('maintaining.md')} this page is in English alone; the other language has a page of its own`,
    `a.ts "${docs('gone.md')}" is no page of ours`,
    'CHANGELOG.md "gone" is nothing that the project has',
    `${docs('maintaining.md')} "gone" is nothing that the project has`,
  ]);
});
