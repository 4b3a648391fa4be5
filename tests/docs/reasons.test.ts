import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const notices = readdirSync('shared/usecases/notice')
  .filter((name) => !name.endsWith('.test.ts'))
  .map((name) => `shared/usecases/notice/${name}`);
const runbook = readFileSync('docs/zh/runbook.md', 'utf8');

/** Finds the words that source files say by one of the forms; a word that goes on (`x:${y}`) keeps its colon. */
function wordsIn(paths: readonly string[], forms: readonly RegExp[]): string[] {
  const texts = paths.map((path) => readFileSync(path, 'utf8'));
  const found = texts.flatMap((text) =>
    forms.flatMap((form) => [...text.matchAll(form)].map(([, word = '']) => word)),
  );
  return [...new Set(found)];
}

/** Lists those words that the runbook does not name in code of its own. */
const unexplained = (words: readonly string[]) =>
  words.filter((word) => !new RegExp(`\`${word}(?:[\`:]|(?<=:))`).test(runbook));

test('each reason for which a callback is refused is in the runbook', () => {
  const words = wordsIn(
    [
      'shared/gateway/apiV3/notification.ts',
      'shared/gateway/apiV3/crypto/verify.ts',
      'shared/gateway/apiV2/refundNotice.ts',
      ...notices,
    ],
    [
      /\brefused?\(\d+, '([\w:]+)'/g,
      /\b(?:refuseMalformed\(\d+, |malformedIsRefused\(|refuseUnconfirmed\()'([\w:]+)'/g,
      /\brefused: `(\w+:)\$\{/g,
      /^ {2}\| [`'](\w+)/gm,
    ],
  );
  // The outcome of a query follows the colon.
  const heads = words.map((word) => word.replace(/^(unsigned_notice:).*/, '$1'));
  expect(heads).toEqual(
    expect.arrayContaining(['decrypt_api_v3_key', 'probe', 'claim:link', 'mch_id', 'event_type:']),
  );
  expect(heads.length).toBeGreaterThan(18);
  expect(unexplained(heads)).toEqual([]);
});

test('each reason for which a delivery does not arrive is in the runbook', () => {
  const words = wordsIn(
    [
      'shared/channel/urlChannel.ts',
      'shared/channel/functionChannel.ts',
      'shared/domain/delivery/delivery.ts',
      'shared/usecases/event/deliverOrder.ts',
    ],
    [
      /\breason: '([A-Z_]+)'/g,
      /\? '([A-Z_]+)' : \w+/g,
      /^const [A-Z_]+ = '([A-Z_]+)';/gm,
      /\breturn '([A-Z_]+)'/g,
    ],
  );
  expect(words).toEqual(
    expect.arrayContaining(['ADDRESS_NOT_PUBLIC', 'NO_ERR_CODE', 'TIMED_OUT', 'CHANNEL_DISABLED']),
  );
  expect(words.length).toBeGreaterThan(7);
  expect(unexplained(words)).toEqual([]);
});
