/** A page speaks one language. Pure. */
import type { Finding } from '../house.ts';
import { type Page, type Part, withoutCode } from './page.ts';

const HAN = /\p{Script=Han}/u;
/** Four English words in a row are a sentence; names of products are shorter, or all in capitals. */
const ENGLISH = /(?:\b[A-Za-z][A-Za-z'’-]*[,;:]? +){3,}[A-Za-z][A-Za-z'’-]*/g;
/** A term in its own brackets, as 商户号 stands beside the word for it. */
const TERM = /「[^」]{1,40}」|（[^）]{1,40}）|\([^()]{1,60}\)/g;
const CHINESE = /[，。；！？]|[\p{Script=Han}、]{16,}/u;

/** Tells the language of a page by where it stands; Chinese are the README and `docs/zh`. */
export function languageOf(path: string): 'zh' | 'en' {
  return path === 'README.md' || path.startsWith('docs/zh/') ? 'zh' : 'en';
}

/** Finds lines in the other language: sentences and headings, not terms, names and code. */
export function otherLanguage(page: Page): Finding[] {
  const isForeign = languageOf(page.path) === 'zh' ? isEnglish : isChinese;
  const language = languageOf(page.path) === 'zh' ? 'Chinese' : 'English';
  return page.prose.filter(isForeign).map(({ line }) => ({
    path: page.path,
    line,
    message: `this page is in ${language} alone; the other language has a page of its own`,
  }));
}

function isEnglish({ text }: Part): boolean {
  const prose = withoutCode(text).replace(TERM, '');
  if (/^#+ .*[A-Za-z]+ +[A-Za-z]/.test(prose) && !HAN.test(text)) return true;
  return (prose.match(ENGLISH) ?? []).some((words) => / [a-z]/.test(words));
}

function isChinese({ text }: Part): boolean {
  const prose = withoutCode(text).replace(TERM, '');
  return text.startsWith('#') ? HAN.test(prose) : CHINESE.test(prose);
}
