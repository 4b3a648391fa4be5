import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative, resolve } from 'node:path';

/** Rewrites the places of a function's bundle in the lines that it printed to those of its source. */
export type ShowSource = (of: { name: string; file: string }, lines: string[]) => string[];

const PLACE = /(?:[^\s()]*\/)?index\.js:(\d+):(\d+)/g;

/**
 * Shows places as those of the source, by the map that the last build left in `dist` (no map is
 * deployed, decision 0023). Lines stay where another build was deployed.
 */
export function createShowSource(root: string): ShowSource {
  return ({ name, file }, lines) => {
    if (!lines.some((line) => line.includes('index.js:'))) return lines;
    const folder = join(root, 'dist', 'functions', name);
    const map = mapOf(folder, file);
    if (!map) return lines;
    return lines.map((line) =>
      line.replace(PLACE, (place, row, column) => {
        const found = map.findEntry(Number(row) - 1, Number(column) - 1);
        if (!('originalSource' in found)) return place;
        const source = relative(root, resolve(folder, found.originalSource));
        return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
      }),
    );
  };
}

/** Reads the map of the build that was deployed as `file`; undefined where it is another's. */
function mapOf(folder: string, file: string): SourceMap | undefined {
  try {
    const built = join(folder, 'index.js');
    if (!readFileSync(built).equals(readFileSync(file))) return undefined;
    return new SourceMap(JSON.parse(readFileSync(`${built}.map`, 'utf8')));
  } catch {
    return undefined; // Nothing was built here.
  }
}
