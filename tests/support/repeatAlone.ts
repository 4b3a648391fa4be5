import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { findChromium } from '../console/browser.ts';
import { isAtHand, RECIPES, type Recipe, suiteOf } from './recipes.ts';

/**
 * Ends a red run with what to do: for each test that failed, the command that repeats it alone; and says how many
 * tests were left out on a machine without a browser, or without a language.
 */
export default class RepeatAlone implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (!findChromium()) reportSkipped(modules);
    reportLanguages(modules);
    const lines = modules.flatMap((module) => linesOf(module));
    if (lines.length === 0) return;
    const hint = ['', ' 单独重跑 (repeat each alone, with the same seed):', ...lines, ''];
    process.stderr.write(`${hint.join('\n')}\n`);
  }
}

function reportSkipped(modules: readonly TestModule[]): void {
  const ofConsole = modules.filter(({ moduleId }) => moduleId.includes('/tests/console/'));
  const skipped = ofConsole.flatMap(({ children }) => [...children.allTests('skipped')]);
  if (skipped.length === 0) return;
  process.stderr.write(
    `\n 没有找到 Chromium，跳过了控制台的 ${skipped.length} 个浏览器测试；安装 chromium，或以 CHROMIUM 指定 (no Chromium was found: ${skipped.length} browser tests of the console were skipped; install chromium, or name one by CHROMIUM)\n`,
  );
}

function reportLanguages(modules: readonly TestModule[]): void {
  const skipped = modules
    .filter(({ moduleId }) => moduleId.endsWith('/merchantServer.test.ts'))
    .flatMap(({ children }) => [...children.allTests('skipped')]);
  const ofRecipe = (recipe: Recipe) =>
    skipped.filter(({ parent }) => parent.type === 'suite' && parent.name === suiteOf(recipe));
  const missing = RECIPES.filter((recipe) => ofRecipe(recipe).length > 0 && !isAtHand(recipe));
  if (missing.length === 0) return;
  const names = missing.map(({ language }) => language);
  const count = missing.flatMap(ofRecipe).length;
  process.stderr.write(
    `\n 没有 ${names.join('、')}，跳过了服务端签名的 ${count} 个测试 (without ${names.join(', ')}: ${count} tests of signing on a server were skipped)\n`,
  );
}

/** The variables that decide how much or what a test does. */
const DECISIVE = /^(SEED|[A-Z]+_(RUNS|KILLS)|FORGERIES)$/;

/** Files whose tests stand on the ones before. */
const SEQUENCES = /(commandLine|duringDeploys|watch)\.(long\.)?test\.ts$/;

function linesOf(module: TestModule): string[] {
  const file = relative(process.cwd(), module.moduleId);
  const settings = Object.entries({ ...process.env, SEED: module.project.config.env.SEED })
    .filter(([key, value]) => DECISIVE.test(key) && value)
    .map(([key, value]) => `${key}=${value} `)
    .join('');
  const command = `  ${settings}npx vitest run ${file}`;
  const failed = [...module.children.allTests('failed')];
  // Repeated whole: a file that does not load or whose set-up fails, and tests that follow one another.
  const isWhole = failed.length === 0 || SEQUENCES.test(file);
  if (isWhole) return module.state() === 'failed' ? [command] : [];
  return failed.map((test) => `${command} -t ${pattern(test)}`);
}

/** The full name as a pattern that the shell and vitest take for nothing but itself. */
function pattern(test: TestCase): string {
  const names = [test.name];
  for (let suite = test.parent; suite.type === 'suite'; suite = suite.parent) {
    names.unshift(suite.name);
  }
  const literal = names.join(' ').replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  return `'^${literal.replaceAll("'", "'\\''")}$'`;
}
