/**
 * Rules of the house that no linter knows: files in a folder, replaced words, doc comments, sources,
 * the glossary. Pure: each takes texts and answers what breaks it; `main.ts` reads the tree.
 */
import { callersOf, callersOfSamples } from '../../shared/contract/callers.ts';
import { type Line, linesOf, tokensOf, withoutSentences } from './lines.ts';

/** A file of the project, by its path from the root. */
export type File = { path: string; text: string };

/** One breach of a rule, at a line where that makes sense. */
export type Finding = { path: string; line?: number; message: string };

/**
 * A word that was replaced: the tokens that hold it, and what stands there instead. One that is
 * ordinary `english` may stand in the sentences of strings; most may in comments, but not one that
 * is `ours` alone.
 */
export type Word = { word: string; tokens: RegExp; use: string; english?: true; ours?: true };

/** A place where a replaced word is the right one, and why. */
export type Exception = { paths: RegExp; tokens: RegExp; why: string };

const FILES_MAX = 12;
const TEST = /^tests\/|\.(test|contract)\.ts$/;

/** Recognises source files by their name. */
export const isCode = (path: string) => /\.(tsx?|cjs|mjs|js)$/.test(path);

const OURS = [...Object.keys(callersOf), ...Object.keys(callersOfSamples)];

/** Tells what npm and 构建 npm of DevTools put into the example. */
export const isInstalled = (path: string) => /\/(?:node_modules|miniprogram_npm)\//.test(path);

/** Tells a function of the merchant's own, which our rules do not bind, by its path. */
export function isMerchants(path: string): boolean {
  const [top, name = ''] = path.split('/');
  return top === 'functions' && !OURS.includes(name);
}

/** Finds folders with more source files, tests apart, than a reader takes in at once. */
export function crowdedFolders(paths: string[]): Finding[] {
  const counts = new Map<string, number>();
  for (const path of paths.filter((each) => isCode(each) && !TEST.test(each))) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > FILES_MAX)
    .map(([path, count]) => ({
      path,
      message: `${count} source files directly inside; cut it into rooms of at most ${FILES_MAX}`,
    }));
}

/** Finds replaced words among the identifiers and strings of a file, some in its comments too. */
export function replacedWords(file: File, words: Word[], exceptions: Exception[]): Finding[] {
  const here = exceptions.filter(({ paths }) => paths.test(file.path));
  const isExcepted = (token: string) => here.some(({ tokens }) => tokens.test(token));
  const english = words.filter((word) => word.english);
  const others = words.filter((word) => !word.english);
  const ours = words.filter((word) => word.ours);
  const hitsOn = ({ code, comment }: Line) => [
    ...hitsIn(code, others),
    ...hitsIn(withoutSentences(code), english),
    ...hitsIn(comment, ours),
  ];
  return linesOf(file.text).flatMap((each) =>
    hitsOn(each)
      .filter(({ token }) => !isExcepted(token))
      .map(({ token, word, use }) => ({
        path: file.path,
        line: each.line,
        message: `"${token}": in place of "${word}" write ${use}`,
      })),
  );
}

function hitsIn(code: string, words: Word[]) {
  return tokensOf(code).flatMap((token) => {
    const word = words.find(({ tokens }) => tokens.test(token));
    return word ? [{ token, ...word }] : [];
  });
}

/** Finds doc comments that begin with "What" where a sentence should. */
export function whatComments({ path, text }: File): Finding[] {
  return [...text.matchAll(/\/\*\*\s*(?:\*\s*)?(?=What\b)/g)].map(({ index }) => ({
    path,
    line: text.slice(0, index).split('\n').length,
    message: 'begin the doc comment with a sentence: who does what, or what for',
  }));
}
