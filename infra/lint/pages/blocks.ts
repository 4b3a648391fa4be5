/** The marks of code blocks: which commands of a page run, and why the others cannot. Pure. */
import type { Finding } from '../house.ts';
import type { Block, Page } from './page.ts';

/** How a test runs the commands of a block. */
const WAYS = {
  '': 'it ends, with 0',
  fails: 'it ends, refused',
  serves: 'it runs until it is stopped',
} as const;

/** Why the commands of a block do not run in a test; nothing else is a reason. */
const REASONS = {
  account: 'they need a real account at Tencent Cloud or WeChat Pay, or a phone that pays',
  devtools: 'they need WeChat DevTools',
  prompt: 'they ask at a terminal',
  project: 'they run in a project of the merchant’s, which the page does not hold',
  ci: '`.ci/run` runs them itself',
} as const;

/** Languages of which only the form is looked at, or nothing. */
const OTHERS = ['js', 'ts', 'json', 'yaml', 'text', 'xml', 'ini'];

/** The way in which a test runs a block. */
export type Way = keyof typeof WAYS;

/** The reason for which no test runs a block. */
export type Reason = keyof typeof REASONS;

/** Reads how a block of commands is run; nothing where it is none, or where a reason forbids it. */
export function wayOf({ info }: Block): Way | undefined {
  const [language, mark = '', ...more] = info.split(' ');
  if (language !== 'sh' || more.length > 0) return undefined;
  return Object.hasOwn(WAYS, mark) ? (mark as Way) : undefined;
}

/** Reads why a block of commands is not run. */
export function reasonOf({ info }: Block): Reason | undefined {
  const [language, mark = '', ...more] = info.split(' ');
  if (language !== 'sh' || more.length > 0) return undefined;
  return Object.hasOwn(REASONS, mark) ? (mark as Reason) : undefined;
}

/** Commands that would replace the packages of whoever runs the tests, or never end. */
const NEEDS_MARK: readonly { commands: RegExp; mark: Way | Reason }[] = [
  { commands: /\bnpm (?:ci|i|install|test)\b/, mark: 'ci' },
  { commands: /\bnpm start\b/, mark: 'serves' },
];

/** Finds blocks that a test runs and must not, or not so. */
export function wrongMarks(page: Page): Finding[] {
  return page.blocks.flatMap((block) => {
    const way = wayOf(block);
    const needed = NEEDS_MARK.find(({ commands }) => commands.test(block.text));
    if (way === undefined || !needed || way === needed.mark) return [];
    return [{ path: page.path, line: block.line, message: `mark the block as sh ${needed.mark}` }];
  });
}

/** Counts, in one line, the blocks of commands that run and those that do not, by reason. */
export function countOf(pages: readonly Page[]): string {
  const blocks = pages.flatMap((page) => page.blocks);
  const runs = blocks.filter((block) => wayOf(block) !== undefined).length;
  const reasons = blocks.map(reasonOf).filter((reason) => reason !== undefined);
  const byReason = Object.keys(REASONS).map(
    (reason) => `${reason} ${reasons.filter((each) => each === reason).length}`,
  );
  return `${runs} blocks of commands run, ${reasons.length} do not: ${byReason.join(', ')}`;
}

/** Finds blocks whose language or mark is not known. */
export function unknownMarks(page: Page): Finding[] {
  const isKnown = (block: Block) =>
    wayOf(block) !== undefined || reasonOf(block) !== undefined || OTHERS.includes(block.info);
  const known = [...Object.keys({ ...WAYS, ...REASONS }).map((mark) => `sh ${mark}`), ...OTHERS];
  return page.blocks
    .filter((block) => !isKnown(block))
    .map(({ info, line }) => ({
      path: page.path,
      line,
      message: `"${info}": mark the block as one of ${known.map((mark) => mark.trim()).join(', ')}`,
    }));
}
