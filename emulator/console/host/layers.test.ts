import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { expect, test } from 'vitest';

const ROOT = new URL('../../..', import.meta.url).pathname;
const CONSOLE = 'emulator/console';

/** The console may import these beside itself: `curl` can do what it does. */
const OUTSIDE =
  /^(?:emulator\/control\/api\/controlApi\.ts|shared\/contract\/.*|react(?:-dom\/client)?)$/;

/** The rooms, each with those that stand below it; the pages of one folder know no other page. */
const ROOMS: Record<string, readonly string[]> = {
  'main.tsx': ['client', 'house', 'style'],
  state: ['client'],
  client: [],
  text: ['client'],
  parts: ['client', 'text', 'state'],
  house: ['client', 'text', 'state', 'parts', 'pages'],
  pages: ['client', 'text', 'state', 'parts'],
};

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

const sources = readdirSync(join(ROOT, CONSOLE), { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('host/'),
);
const imports = sources.flatMap((path): Import[] => {
  const text = readFileSync(join(ROOT, CONSOLE, path), 'utf8');
  const found = text.matchAll(/^(import(?: type)?)\b[^;]*?'([^']+)';/gms);
  return [...found].map(([, how = '', to = '']) => ({
    from: path,
    to: to.startsWith('.') ? join(CONSOLE, path, '..', to) : to,
    isType: how === 'import type',
  }));
});
const inConsole = ({ to }: Import) => to.startsWith(`${CONSOLE}/`);
const roomOf = (path: string) => path.split('/')[0] ?? '';
const inside = imports
  .filter(inConsole)
  .map((each) => ({ ...each, to: each.to.slice(CONSOLE.length + 1) }));

test('the console imports nothing of ours but texts, and the types of the control API', () => {
  expect(imports.length).toBeGreaterThan(100);
  const others = imports.filter((each) => !inConsole(each));
  expect(others.filter(({ to }) => !OUTSIDE.test(to))).toEqual([]);
  expect(others.filter(({ to, isType }) => to.startsWith('emulator/control/') && !isType)).toEqual(
    [],
  );
});

test('its rooms import what stands below them', () => {
  const allowed = (from: string, to: string) => from === to || ROOMS[from]?.includes(to);
  expect(inside.filter(({ from, to }) => !allowed(roomOf(from), roomOf(to)))).toEqual([]);
});

test('a page knows no other page', () => {
  const pageOf = (path: string) => path.split('/').slice(0, 2).join('/');
  const between = inside.filter(
    ({ from, to }) => from.startsWith('pages/') && to.startsWith('pages/'),
  );
  expect(
    between.filter(({ from, to }) => pageOf(from) !== pageOf(to) && from !== 'pages/pages.tsx'),
  ).toEqual([]);
});
