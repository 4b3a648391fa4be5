/**
 * Checks that the same sources give the same packages under this Node and under Node 22, byte for byte; exits
 * 1 where they differ. Node 22: the binary that NODE22 names, else one that npm fetches.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../infra/build/build.ts';
import { zipBundle } from '../../infra/build/zip.ts';
import { fetchNode, output } from './fetchNode.ts';

/** Records what one Node made: the sha256 of each package. */
interface Packed {
  node: string;
  sha256: Record<string, string>;
}

const [mode, folder] = process.argv.slice(2);
if (mode === 'pack' && folder !== undefined)
  process.stdout.write(JSON.stringify(await pack(folder)));
else compare(packUnder(process.execPath), packUnder(process.env.NODE22 || fetchNode('22')));

/** Builds and packs the project in this process. */
async function pack(dist: string): Promise<Packed> {
  const built = await buildFunctions(process.cwd(), { dist });
  const hashes = built.map(({ name, code }) => [name, zipBundle(code).sha256]);
  return { node: process.version, sha256: Object.fromEntries(hashes) };
}

/** Builds and packs the project in a process of another Node, which tells its own version. */
function packUnder(node: string): Packed {
  const dist = mkdtempSync(join(tmpdir(), 'reproducible-'));
  const args = ['--import', 'tsx', import.meta.filename, 'pack', dist];
  try {
    return JSON.parse(output(node, args)) as Packed;
  } finally {
    rmSync(dist, { recursive: true });
  }
}

function compare(one: Packed, other: Packed): void {
  const [major, otherMajor] = [one, other].map(({ node }) => node.split('.')[0]);
  if (major === otherMajor) throw new Error(`both are Node ${major}: nothing was compared`);
  const names = [...new Set([...Object.keys(one.sha256), ...Object.keys(other.sha256)])];
  const rows = names.map((name) => ({
    function: name,
    [one.node]: one.sha256[name],
    [other.node]: other.sha256[name],
    same: one.sha256[name] === other.sha256[name],
  }));
  console.table(rows);
  if (!rows.every(({ same }) => same)) process.exitCode = 1;
}
