import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { staleRows } from './glossary.ts';
import {
  crowdedFolders,
  type File,
  type Finding,
  isCode,
  isMerchants,
  replacedWords,
  whatComments,
} from './house.ts';
import { uncitedSources, unknownSources } from './sources.ts';
import { EXCEPTIONS, WORDS } from './words.ts';

const FOLDERS = ['shared', 'functions', 'infra', 'emulator', 'examples', 'bench', 'tests'];

const pageOf = (path: string): File => ({ path, text: readFileSync(path, 'utf8') });
const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => isCode(path) && !isMerchants(path))
    .map(pageOf),
);
const sources = pageOf('docs/sources.md');
const glossary = pageOf('docs/glossary.md');

const findings: Finding[] = [
  ...crowdedFolders(files.map(({ path }) => path)),
  ...files.flatMap((file) => replacedWords(file, WORDS, EXCEPTIONS)),
  ...files.flatMap(whatComments),
  ...files.flatMap((file) => unknownSources(file, sources)),
  ...uncitedSources(files, sources),
  ...staleRows(files, glossary),
];
for (const { path, line, message } of findings) {
  process.stderr.write(`${line ? `${path}:${line}` : path} ${message}\n`);
}
process.exitCode = findings.length > 0 ? 1 : 0;
