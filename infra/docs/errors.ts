/** Writes docs/errors.md from the code, or with `--check` tells whether it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type RefusalCode, refusals } from '../../shared/contract/refusals.ts';
import { type KnownCode, MEANINGS, type Meaning } from '../../shared/gateway/errorCodes.ts';
import { type FailureCode, failureTexts } from '../../shared/gateway/failure.ts';
import { type Bilingual, type ErrorRow, errorsPage } from './errorRows.ts';
import { failureCauses } from './linkErrors.ts';
import { refusalCauses } from './refusalCauses.ts';
import { wechatErrors } from './wechatErrors.ts';

const PAGE = 'docs/errors.md';

const intro: Bilingual = {
  zh: `# 错误码 · Errors

本页由 \`npm run docs:errors\` 从代码生成，请勿手改。English below.

## 中文

每个回答都有 \`errCode\`（0 或下列错误码）和 \`errMsg\`；拒绝时另有 \`errCodeDes\` 和 \`advice\`：\`never\` 不要重试，\`same_request\` 用相同参数重试，\`query_first\` 结果未知，先查询。`,
  en: `## English

Every answer has \`errCode\` (0, or one of these) and \`errMsg\`; a refusal has \`errCodeDes\` and \`advice\`: \`never\` repeat it, repeat the \`same_request\`, or the outcome is unknown: \`query_first\`.`,
};

/** Splits a text of the code, `中文 (English)`. */
function bilingual(text: string): Bilingual {
  const [, zh, en] = /^(.*?) ?\((.*)\)$/s.exec(text) ?? [];
  if (zh === undefined || en === undefined) throw new Error(`not in two languages: ${text}`);
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

const page = errorsPage(intro, [
  {
    title: { zh: '本项目的拒绝', en: 'Refusals of ours' },
    about: {
      zh: '由本项目判断；`field`、`retryAt` 等附加字段写明细节。',
      en: 'Decided here; more fields such as `field` and `retryAt` have the details.',
    },
    rows: ours,
  },
  {
    title: { zh: '与微信支付之间', en: 'On the way to WeChat Pay' },
    about: {
      zh: '`advice` 随调用而定，以回答中的为准。',
      en: 'The `advice` depends on the call: the answer says it.',
    },
    rows: links,
  },
  {
    title: { zh: '微信支付的错误码', en: 'Codes of WeChat Pay' },
    about: {
      zh: '不在表中的错误码原样返回。括号内是例外的操作。',
      en: 'Others are passed on verbatim. Operations in brackets are exceptions.',
    },
    rows: wechats,
  },
]);

if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page) {
  process.stderr.write(`${PAGE} is stale: npm run docs:errors\n`);
  process.exitCode = 1;
}
