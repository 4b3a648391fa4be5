/** Every rule of the pages, for `main.ts`. Pure. */
import type { File, Finding } from '../house.ts';
import { unknownMarks, wrongMarks } from './blocks.ts';
import { otherLanguage } from './language.ts';
import { deadLinks, deadNames, lonelyPages, strayLinks } from './links.ts';
import { goneNames, type Project } from './names.ts';
import { pageOf } from './page.ts';
import { differences } from './twins.ts';

/** Pages for whoever maintains the project; they are in English alone. */
const MAINTAINERS =
  /^docs\/(?:decisions\/[\w-]+|maintaining|emulator|measurements|glossary|sources)\.md$/;
/** Pages for coding agents; they are in English alone, and their commands run as those of guides. */
const AGENTS = /^(?:AGENTS\.md|llms\.txt|docs\/skill\/SKILL\.md)$/;
const HISTORY = 'CHANGELOG.md';

/** Tells whether a page is for coding agents. */
export function isForAgents(path: string): boolean {
  return AGENTS.test(path);
}

/** Finds what is wrong with the pages: their languages, links, code blocks and names. */
export function pageFindings(files: File[], sources: File[], project: Project): Finding[] {
  const pages = files.map(pageOf);
  const read = pages.filter(({ path }) => !MAINTAINERS.test(path) && path !== HISTORY);
  const guides = read.filter(({ path }) => !isForAgents(path));
  return [
    ...guides
      .filter(({ path }) => !/^README|^docs\/(?:zh|en)\/[\w-]+\.md$/.test(path))
      .map(({ path }) => ({
        path,
        message: 'guides stand in docs/zh and docs/en',
      })),
    ...differences(guides),
    ...read.flatMap(unknownMarks),
    ...read.flatMap(wrongMarks),
    ...pages.flatMap(otherLanguage),
    ...deadLinks(pages, project.exists),
    ...strayLinks(guides),
    ...lonelyPages(pages),
    ...sources.flatMap((file) => deadNames(file, pages, project.exists)),
    ...pages.flatMap((page) => goneNames(page, project)),
  ];
}
