import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Malformed } from '../read.ts';
import { readXml } from './xml.ts';

const read = (text: string) => readXml(Buffer.from(text), 'xml');
const around = (inside: string) => `<xml>${inside}</xml>`;

test.each<[string, string, Record<string, string>]>([
  ['nothing', '', {}],
  ['a text', '<a>1</a>', { a: '1' }],
  ['CDATA', '<a><![CDATA[<b>&amp;]]></a>', { a: '<b>&amp;' }],
  ['CDATA in two, for its own end', '<a><![CDATA[x]]]]><![CDATA[>y]]></a>', { a: 'x]]>y' }],
  ['an empty one', '<a><![CDATA[]]></a><b></b><c/>', { a: '', b: '', c: '' }],
  ['the five entities', '<a>&lt;&gt;&amp;&quot;&apos;</a>', { a: '<>&"\'' }],
  ['an entity of an entity, once', '<a>&amp;lt;</a>', { a: '&lt;' }],
  ['space between, and within', '\n <a> 1 </a>\n\t<b>2</b>\n', { a: ' 1 ', b: '2' }],
  ['names that objects have', '<__proto__>x</__proto__>', JSON.parse('{"__proto__":"x"}')],
  ['Chinese', '<a>支付用户零钱</a>', { a: '支付用户零钱' }],
])('read: %s', (_what, inside, fields) => {
  expect(read(around(inside))).toEqual(fields);
});

test.each([
  ['no XML', '{"a":1}'],
  ['another root', '<root><a>1</a></root>'],
  ['two roots', '<xml></xml><xml></xml>'],
  ['the root alone, unfinished', '<xml>'],
  ['a root that is its own end', '<xml></xm'],
  ['a declaration', '<?xml version="1.0"?><xml><a>1</a></xml>'],
  ['a document type', '<!DOCTYPE xml><xml><a>1</a></xml>'],
  [
    'a document type inside',
    around('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'),
  ],
  ['an entity of its own', around('<a>&e;</a>')],
  ['a character by number', around('<a>&#65;&#x41;</a>')],
  ['a bare &', around('<a>1 & 2</a>')],
  ['an attribute', around('<a b="1">1</a>')],
  ['a comment', around('<!-- x --><a>1</a>')],
  ['a processing instruction', around('<?x?><a>1</a>')],
  ['an element inside an element', around('<a><b>1</b></a>')],
  ['text beside the elements', around('x<a>1</a>')],
  ['an element twice', around('<a>1</a><a>2</a>')],
  ['another closing name', around('<a>1</b>')],
  ['an element without an end', around('<a>1')],
  ['CDATA without an end', around('<a><![CDATA[1</a>')],
  ['the end of CDATA without its beginning', around('<a>1]]></a>')],
  ['a name space', around('<x:a>1</x:a>')],
  ['a name too long', around(`<${'a'.repeat(65)}>1</${'a'.repeat(65)}>`)],
])('refused: %s', (_what, text) => {
  expect(() => read(text)).toThrow(Malformed);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(() => readXml(Buffer.from('<xml><a>\xff</a></xml>', 'latin1'), 'xml')).toThrow(Malformed);
});

describe('for every input', () => {
  const name = fc.stringMatching(/^[A-Za-z_][0-9A-Za-z_]{0,20}$/);
  const text = fc.string({ unit: 'grapheme' });
  const escaped = (value: string) =>
    value.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`).replace(/&#(\d+);/g, named);
  const named = (_whole: string, code: string) =>
    `&${{ '38': 'amp', '60': 'lt', '62': 'gt', '34': 'quot', '39': 'apos' }[code]};`;
  const cdata = (value: string) => `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

  test.each([
    ['escaped', escaped],
    ['as CDATA', cdata],
  ])('what is written %s is read as it was, and no value becomes a field', (_how, write) => {
    const fields = fc.dictionary(name, text, { noNullPrototype: true });
    fc.assert(
      fc.property(fields, (elements) => {
        const inside = Object.entries(elements).map(
          ([key, value]) => `<${key}>${write(value)}</${key}>`,
        );
        expect(read(around(inside.join('\n')))).toEqual(elements);
      }),
    );
  });

  test('any text is read or refused by name, and nothing else happens', () => {
    const crumbs = [
      '<a>',
      '</a>',
      '<b/>',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&x;',
      '<!DOCTYPE',
      '<?',
      'x',
    ];
    const hostile = fc.oneof(
      text,
      fc.array(fc.constantFrom(...crumbs)).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(hostile, (inside) => {
        try {
          for (const value of Object.values(read(around(inside))))
            expect(value).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });

  test.each(['<![CDATA[', '<![CDATA[]]>', '<a>', '<a></a>', ' ', '&amp;', ']]>'])(
    'the time for %j grows with the length, not with its square',
    (crumb) => {
      // CPU time: on a busy machine the clock on the wall counts what others do meanwhile.
      const bestMicros = (bytes: number) => {
        const hostile = around(`<q>${crumb.repeat(bytes / crumb.length)}`);
        const times = Array.from({ length: 5 }, () => {
          const started = process.cpuUsage();
          expect(() => read(hostile)).toThrow(Malformed);
          const { user, system } = process.cpuUsage(started);
          return user + system;
        });
        return Math.min(...times);
      };
      // Sixteen times the length: a square would take 256 times, which no busy machine makes of 16.
      expect(bestMicros(1024 * 1024)).toBeLessThan(100 * Math.max(1000, bestMicros(64 * 1024)));
    },
  );
});
