/** Writes docs/zh/errors.md and docs/en/errors.md from the code, or with `--check` tells whether one is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type RefusalCode, refusals } from '../../shared/contract/refusals.ts';
import { type KnownCode, MEANINGS, type Meaning } from '../../shared/gateway/errorCodes.ts';
import { type FailureCode, failureTexts } from '../../shared/gateway/failure.ts';
import {
  type Bilingual,
  type ErrorRow,
  type ErrorSection,
  errorsPage,
  type Language,
} from './errorRows.ts';
import { failureCauses } from './linkErrors.ts';
import { refusalCauses } from './refusalCauses.ts';
import { wechatErrors } from './wechatErrors.ts';

const LANGUAGES: readonly Language[] = ['zh', 'en'];

const intro: Bilingual = {
  zh: `# 错误码

English: [errors.md](../en/errors.md)

本页由 \`npm run docs:errors\` 从代码生成，请勿手工修改。

每个应答都有 \`errCode\`（0 或下列错误码）和 \`errMsg\`；被拒绝时另有 \`errCodeDes\` 和 \`advice\`：

- \`never\`：不要重试；
- \`same_request\`：用相同参数重试；
- \`query_first\`：结果未知，先查询。`,
  en: `# Errors

中文：[errors.md](../zh/errors.md)

This page is generated from the code by \`npm run docs:errors\`; do not edit it.

Every answer has \`errCode\` (0, or a code of this page) and \`errMsg\`; a refusal has \`errCodeDes\` and \`advice\` too:

- \`never\`: do not repeat it;
- \`same_request\`: repeat the same request;
- \`query_first\`: the outcome is unknown, query first.`,
};

const HAN = /\p{Script=Han}/u;

/** Splits a text of the code, `中文 (English)`. */
function bilingual(text: string): Bilingual {
  const [, zh, en] = /^(.*?) ?\((.*)\)$/s.exec(text) ?? [];
  const isSplit = en !== undefined && HAN.test(zh ?? '') && !HAN.test(en);
  if (zh === undefined || !isSplit) throw new Error(`not in two languages: ${text}`);
  return { zh, en };
}

const ours = (Object.keys(refusals) as RefusalCode[]).map((code): ErrorRow => {
  const [advice, zh, en] = refusals[code];
  return { code, advice, text: { zh, en }, cause: refusalCauses[code] };
});
const links = (Object.keys(failureTexts) as FailureCode[]).map((code): ErrorRow => {
  const text = bilingual(failureTexts[code]);
  return { code, advice: '—', text, cause: failureCauses[code] };
});
const wechats = (Object.keys(MEANINGS) as KnownCode[]).map((code): ErrorRow => {
  const [everywhere, here]: Meaning = MEANINGS[code];
  const others = Object.entries(here ?? {}).map(([operation, retry]) => `${retry} (${operation})`);
  return { code, advice: [everywhere, ...others].join(', '), ...wechatErrors[code] };
});

const sections: ErrorSection[] = [
  {
    title: { zh: '本项目的拒绝', en: 'Refusals of ours' },
    about: {
      zh: '由本项目判断；细节见 `field`、`retryAt` 等附加字段。',
      en: 'Decided by this project; fields such as `field` and `retryAt` have the details.',
    },
    rows: ours,
  },
  {
    title: { zh: '与微信支付之间', en: 'On the way to WeChat Pay' },
    about: {
      zh: '`advice` 随调用而定，以应答为准。',
      en: 'The `advice` depends on the call: see the answer.',
    },
    rows: links,
  },
  {
    title: { zh: '微信支付的错误码', en: 'Codes of WeChat Pay' },
    about: {
      zh: '表中没有的错误码原样返回；应答没有错误码时为 `HTTP_` 加状态码，如 `HTTP_502`。括号内是例外的操作。',
      en: 'Codes that are not in the table are passed on verbatim; an answer without a code is `HTTP_` and its status, as `HTTP_502`. Operations in brackets are exceptions.',
    },
    rows: wechats,
  },
];

for (const language of LANGUAGES) {
  const path = `docs/${language}/errors.md`;
  const page = errorsPage(language, intro, sections);
  if (!process.argv.includes('--check')) writeFileSync(path, page);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
    process.stderr.write(`${path} is stale: npm run docs:errors\n`);
    process.exitCode = 1;
  }
}
