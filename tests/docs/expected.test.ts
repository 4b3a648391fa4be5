import { describe, expect, test } from 'vitest';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { patternOf, shownAfter } from './expected.ts';

describe('output that a page shows', () => {
  const shownIn = (text: string) => {
    const page = pageOf({ path: 'a.md', text });
    const [block] = page.blocks;
    return block && shownAfter(page, block);
  };
  const commands = '```sh\nnpm run plan\n```\n\n';

  test('stands right after its commands', () => {
    expect(shownIn(`${commands}\`\`\`text\ndone\n\`\`\`\n`)).toBe('done\n');
    expect(shownIn(`${commands}It says:\n\n\`\`\`text\ndone\n\`\`\`\n`)).toBeUndefined();
    expect(shownIn(`${commands}\`\`\`json\n{}\n\`\`\`\n`)).toBeUndefined();
    expect(shownIn(commands)).toBeUndefined();
  });

  const output = '> npm\n\n  a (1.5 kB)\n  b: paid\nend\n';
  test.each(['a (1.5 kB)', 'a (… kB)\n  b: paid', '> npm\n…\nend', '  b: …'])('%j', (shown) => {
    expect(output).toMatch(patternOf(shown));
  });

  test.each(['a (115 kB)', 'a (… kB)\nend', 'b', 'end\n…\na (1.5 kB)', 'paid'])(
    '%j is not what was written',
    (shown) => {
      expect(output).not.toMatch(patternOf(shown));
    },
  );
});
