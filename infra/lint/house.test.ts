import { describe, expect, test } from 'vitest';
import { staleRows } from './glossary.ts';
import { crowdedFolders, type Finding, replacedWords, whatComments } from './house.ts';
import { linesOf } from './lines.ts';
import { uncitedSources, unknownSources } from './sources.ts';
import { EXCEPTIONS, WORDS } from './words.ts';

const fileOf = (text: string, path = 'shared/domain/order.ts') => ({ path, text });
const placesOf = (findings: Finding[]) =>
  findings.map(({ path, line }) => `${path}:${line ?? '-'}`);
const namesIn = (findings: Finding[]) =>
  findings.map(({ message }) => /"([^"]+)"/.exec(message)?.[1]);

describe('a line is told apart from its comment', () => {
  test.each([
    ["const url = 'https://example.com'; // why", "const url = 'https://example.com';", ' // why'],
    ['/** Says why. */', '', '/** Says why. '],
    ['  // alone', ' ', ' // alone'],
    ['code();', 'code();', ''],
  ])('%s', (text, code, comment) => {
    expect(linesOf(text)).toEqual([{ line: 1, code, comment }]);
  });

  test('a block comment ends where it says so', () => {
    const codes = linesOf('/**\n * const door\n */\nconst gate = 1;').map(({ code }) => code);
    expect(codes).toEqual(['', '', '', 'const gate = 1;']);
  });
});

describe('files in a folder', () => {
  const filesOf = (count: number, name = 'file') =>
    Array.from({ length: count }, (_, index) => `emulator/world/${name}${index}.ts`);

  test('twelve source files are a folder that can be read', () => {
    expect(crowdedFolders([...filesOf(12), ...filesOf(5, 'deeper/file')])).toEqual([]);
  });

  test('thirteen are not', () => {
    expect(placesOf(crowdedFolders(filesOf(13)))).toEqual(['emulator/world/:-']);
  });

  test('tests and pages do not count', () => {
    const more = [
      'emulator/world/a.test.ts',
      'emulator/world/b.contract.ts',
      'emulator/world/c.md',
    ];
    expect(crowdedFolders([...filesOf(12), ...more])).toEqual([]);
  });

  test('nor does any file under tests/', () => {
    expect(crowdedFolders(filesOf(40).map((path) => `tests/${path}`))).toEqual([]);
  });
});

describe('replaced words', () => {
  const wordsOf = (text: string, path?: string) =>
    namesIn(replacedWords(fileOf(text, path), WORDS, EXCEPTIONS));

  test.each([
    ['const door = 1;', 'door'],
    ['createDoor();', 'createDoor'],
    ['const DOOR_MS = 1;', 'DOOR_MS'],
    ["test('a rumour is never believed', run);", 'rumour'],
    ['/** Makes the door for callbacks. */', 'door'],
    ['type Settlement = {};', 'Settlement'],
    ["refuse('REFUND_NO_DEAD');", 'REFUND_NO_DEAD'],
    ['throw new Lost({ acted: true });', 'Lost'],
    ['order.learntAt;', 'learntAt'],
  ])('%s', (text, token) => {
    expect(wordsOf(text)).toEqual([token]);
  });

  test.each([
    ['another word that contains one', 'const indoors = outdoor(mendacious, wishlist);'],
    ['a comment, where it may be English', 'go(); // settled by whoever told it'],
    ["WeChat's own fields", 'answer.settlement_total_fee + answer.settlementTotalFee;'],
    ["JavaScript's own functions", 'await Promise.allSettled(all);'],
  ])('%s is left alone', (_what, text) => {
    expect(wordsOf(text)).toEqual([]);
  });

  test.each([
    ["throw new Error('nobody is there');", []],
    ["const nobody = 'is nobody there';", ['nobody']],
    ['`refunds made elsewhere: $' + '{elsewhere}`', ['elsewhere']],
    ["kinds.add('elsewhere')", ['elsewhere']],
    ["test('a deploy that fails is told', run);", ['told']],
  ])('an English word may stand in a sentence, and be no name: %s', (text, tokens) => {
    expect(wordsOf(text)).toEqual(tokens);
  });

  test('a finding names the line and what to write instead', () => {
    const [finding] = replacedWords(fileOf('\nconst rumour = 1;'), WORDS, EXCEPTIONS);
    expect(finding).toEqual({
      path: 'shared/domain/order.ts',
      line: 2,
      message: '"rumour": in place of "rumour" write UnsignedNotice',
    });
  });

  test('an exception holds in its place only', () => {
    const here = [{ paths: /^bench\//, tokens: /^door$/, why: 'a house' }];
    const findingsIn = (path: string) => replacedWords(fileOf('door();', path), WORDS, here);
    expect(findingsIn('bench/house.ts')).toEqual([]);
    expect(placesOf(findingsIn('shared/house.ts'))).toEqual(['shared/house.ts:1']);
  });
});

describe('first sentences', () => {
  test.each([
    '/** {what} an order is. */',
    '/**\n * {what} an order is.\n */',
    'type A = {\n  /** {what} it costs. */\n  fee: number;\n};',
  ])('%j is none', (text) => {
    expect(whatComments(fileOf(text.replace('{what}', 'What')))).toHaveLength(1);
  });

  test.each(['/** An order. */', '// What follows is sorted.', '/** Tells what an order is. */'])(
    '%j may stay',
    (text) => {
      expect(whatComments(fileOf(text))).toEqual([]);
    },
  );
});

describe('sources', () => {
  const table = fileOf(
    '| id | page |\n|---|---|\n| `D4012791856` | JSAPI |\n| `583/11637` | quotas |\n| `Cloud.CloudPay` | calls |\n',
    'docs/sources.md',
  );
  const unknownIn = (comment: string) =>
    namesIn(unknownSources(fileOf(`/** ${comment} */`), table));

  test.each([
    ['Source: D4012791856.'],
    ['Sources: 583/11637, with its layers; D4012791856.'],
    ['Source: Cloud.CloudPay.closeOrder.'],
    ['The parts are 12/25 of it, by facts that the doctor gathered.'],
  ])('%s', (comment) => {
    expect(unknownIn(comment)).toEqual([]);
  });

  test.each([
    ['Within the limits of D4012791862.', 'D4012791862'],
    ['In the order of the documents (4012153196).', '4012153196'],
    ['Five minutes (V2:9_3).', 'V2:9_3'],
    ['As 876/41776 has it.', '876/41776'],
    ['Accepted, no more (facts/cloudbase.md §A.7).', 'facts/cloudbase.md'],
    ['Asked by facts §A3.', 'facts §A3.'],
    ['One document an order (DESIGN §3).', 'DESIGN §3'],
  ])('%s', (comment, cited) => {
    expect(unknownIn(comment)).toEqual([cited]);
  });

  test('what is named as a source needs a row, by whatever name', () => {
    expect(unknownIn('Source: a public log.')).toEqual(['a public log. ']);
  });

  test('code is no citation', () => {
    expect(unknownSources(fileOf("const no = 'D4012791862';"), table)).toEqual([]);
  });

  test('a row that nothing cites is found', () => {
    const files = [fileOf('// Source: D4012791856. Cloud.CloudPay'), fileOf("f('583/11637');")];
    expect(namesIn(uncitedSources(files, table))).toEqual(['583/11637']);
  });
});

describe('the glossary', () => {
  const files = [fileOf('export type Evidence = { fen: number };')];
  const staleIn = (...rows: string[]) =>
    staleRows(
      files,
      fileOf(['| word | 中文 | where |', '|---|---|---|', ...rows].join('\n'), 'docs/glossary.md'),
    ).map(({ line, message }) => `${line ?? '-'} ${message}`);

  test('a row names a word of the code and a place that exists', () => {
    expect(staleIn('| evidence `Evidence` | 证据 | `shared/domain/` |')).toEqual([]);
  });

  test.each([
    ['| rumour `Rumour` | 传言 | `shared/domain/` |', '3 no code uses "Rumour"'],
    ['| evidence `Evidence` | 证据 | `shared/judge/` |', '3 "shared/judge/" does not exist'],
    ['| evidence | 证据 | `shared/domain/` |', '3 name the word as the code writes it, in `…`'],
  ])('%s', (row, message) => {
    expect(staleIn(row)).toEqual([message]);
  });

  test('it stays short enough to be read', () => {
    const rows = Array.from({ length: 53 }, () => '| fen `fen` | 分 | |');
    expect(staleIn(...rows)).toEqual(['- more than 52 rows']);
  });
});
