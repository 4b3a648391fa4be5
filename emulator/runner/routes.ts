import type { FunctionSpec } from './invocation.ts';

/**
 * Finds the function whose HTTP access route covers `path`; the longest route wins. Source:
 * 876/41776.
 */
export function functionAt(functions: FunctionSpec[], path: string): FunctionSpec | undefined {
  const matches = functions.flatMap((spec) =>
    spec.routes.filter((route) => covers(route.path, path)).map((route) => ({ route, spec })),
  );
  matches.sort((a, b) => b.route.path.length - a.route.path.length);
  return matches[0]?.spec;
}

function covers(route: string, path: string): boolean {
  const base = route.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
}
