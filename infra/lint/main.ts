import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { staleRows } from './glossary.ts';
import {
  crowdedFolders,
  type File,
  type Finding,
  isCode,
  isInstalled,
  isMerchants,
  replacedWords,
  whatComments,
} from './house.ts';
import { linesOf, tokensOf } from './lines.ts';
import { countOf } from './pages/blocks.ts';
import { languageOf } from './pages/language.ts';
import { pageOf } from './pages/page.ts';
import { isForAgents, pageFindings } from './pages/pages.ts';
import { uncitedSources, unknownSources } from './sources.ts';
import { EXCEPTIONS, WORDS } from './words.ts';

const FOLDERS = [
  'shared',
  'functions',
  'client',
  'infra',
  'emulator',
  'examples',
  'bench',
  'tests',
];

/** Files beside the code that name pages of the project. */
const BESIDE = ['serverless.yml', '.env.example', '.ci/run', 'package.json'];

const fileOf = (path: string): File => ({ path, text: readFileSync(path, 'utf8') });
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => isCode(path) && !isMerchants(path) && !isInstalled(path))
    .map(fileOf),
);
const sources = fileOf('docs/sources.md');
const glossary = fileOf('docs/glossary.md');
const pages = [
  ...['README.md', 'README.en.md', 'CHANGELOG.md', 'AGENTS.md', 'llms.txt'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
]
  .filter((path) => path.endsWith('.md') || path === 'llms.txt')
  .map(fileOf);

const findings: Finding[] = [
  ...crowdedFolders(files.map(({ path }) => path)),
  ...files.flatMap((file) => replacedWords(file, WORDS, EXCEPTIONS)),
  ...files.flatMap(whatComments),
  ...files.flatMap((file) => unknownSources(file, sources)),
  ...uncitedSources(files, sources),
  ...staleRows(files, glossary),
  ...pageFindings(pages, [...files, ...BESIDE.map(fileOf)], {
    exists: existsSync,
    scripts: new Set(Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)),
    names: new Set(
      files.flatMap(({ text }) => linesOf(text).flatMap(({ code }) => tokensOf(code))),
    ),
  }),
];
for (const { path, line, message } of findings) {
  process.stderr.write(`${line ? `${path}:${line}` : path} ${message}\n`);
}
const guides = pages.filter(({ path }) => languageOf(path) === 'zh' || isForAgents(path));
process.stdout.write(`${countOf(guides.map(pageOf))}\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
