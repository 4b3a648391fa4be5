import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtCode } from '../../tests/support/deploy/projectDeployment.ts';
import { buildFunctions, functionNames } from './build.ts';
import { zipBundle } from './zip.ts';

const bundle = Buffer.from(`exports.main = async () => ${JSON.stringify('支付 '.repeat(2000))};\n`);

/** Reads the entries of a zip by its own directory, without the library that wrote it. */
function entriesOf(zip: Buffer) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(zip.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
    const nameBytes = zip.readUInt16LE(at + 28);
    const extraBytes = zip.readUInt16LE(at + 30);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameBytes),
      // 1980-01-01 00:00:00, the first instant of a zip.
      time: [zip.readUInt16LE(at + 12), zip.readUInt16LE(at + 14)],
      mode: (zip.readUInt32LE(at + 38) >>> 16).toString(8),
      content: inflateRawSync(zip.subarray(data, data + zip.readUInt32LE(at + 20))),
    });
    at += 46 + nameBytes + extraBytes + zip.readUInt16LE(at + 32);
  }
  return entries;
}

test('a package holds the bundle as its one entry, readable by all, at no particular time', () => {
  const [entry, ...more] = entriesOf(Buffer.from(zipBundle(bundle).bytes));
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ name: 'index.js', time: [0, 0x21], mode: '644' });
  expect(entry?.content.equals(bundle)).toBe(true);
});

test('an empty bundle has a package too', () => {
  const [entry] = entriesOf(Buffer.from(zipBundle(new Uint8Array()).bytes));
  expect(entry?.content).toHaveLength(0);
});

test('the same bundle gives the same hash, a bundle that differs by a byte another', () => {
  const { sha256 } = zipBundle(bundle);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(zipBundle(Buffer.from(bundle)).sha256).toBe(sha256);
  expect(zipBundle(Buffer.concat([bundle, Buffer.from(' ')])).sha256).not.toBe(sha256);
});

test('the hash is the same in every time zone', async () => {
  const zip = JSON.stringify(new URL('./zip.ts', import.meta.url).href);
  const script = `const { zipBundle } = await import(${zip});
    const bundle = Buffer.from(process.argv[1], 'base64');
    console.log(new Date(1980, 0, 1).toISOString(), zipBundle(bundle).sha256);`;
  const flags = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const zones = ['Asia/Shanghai', 'America/New_York', 'UTC'];
  const outputs = await Promise.all(
    zones.map(async (TZ) => {
      const env = { PATH: process.env.PATH, TZ };
      const args = [...flags, bundle.toString('base64')];
      return (await promisify(execFile)(process.execPath, args, { env })).stdout.trim().split(' ');
    }),
  );
  // The zones were in force: midnight was not the same instant.
  expect(new Set(outputs.map(([midnight]) => midnight)).size).toBe(3);
  expect(outputs.map(([, sha256]) => sha256)).toEqual(Array(3).fill(zipBundle(bundle).sha256));
});

test('the project built twice, to different places, gives identical packages', async () => {
  // The first time by the set-up of this run: tests/support/build.ts.
  const first = await builtCode();
  const dist = await mkdtemp(join(tmpdir(), 'built-twice-'));
  const second = await buildFunctions(process.cwd(), { dist });
  await rm(dist, { recursive: true });
  const hashes = second.map(({ name, code }) => [name, zipBundle(code).sha256]);
  expect(hashes.map(([name]) => name)).toEqual(functionNames);
  expect(new Set(hashes.map(([, sha256]) => sha256)).size).toBe(functionNames.length);
  expect(hashes).toEqual([...first].map(([name, { sha256 }]) => [name, sha256]));
});
