'use strict';
/**
 * Stands as `index.js` in the package of a function with a code cache: loads `bundle.js` with its cache where the
 * cache was made by this very runtime from this very bundle, else plainly, and says so.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { compile, describeRuntime, hashOf, readBundle } = require('./codeCache.cjs');

function warn(reason) {
  const text = `未使用代码缓存：${reason}；serverless deploy --renew-cache 会重新生成 (the code cache is not used; this makes it anew)`;
  console.log(
    JSON.stringify({ level: 'warn', function: process.env.SCF_FUNCTIONNAME, warning: text }),
  );
}

/** Reads the cache; none where one thing differs from what it was made with, or it cannot be read. */
function readCache(bundle) {
  try {
    const made = JSON.parse(readFileSync(join(__dirname, 'cache.json'), 'utf8'));
    const cache = readFileSync(join(__dirname, 'bundle.cache'));
    const actual = { ...describeRuntime(), bundle: hashOf(bundle), cache: hashOf(cache) };
    const differing = Object.keys(actual).filter(
      (part) => JSON.stringify(actual[part]) !== JSON.stringify(made[part]),
    );
    if (differing.length === 0) return cache;
    warn(`${differing} 与生成时不同 (differs)`);
  } catch (error) {
    warn(String(error));
  }
  return undefined;
}

const bundle = readBundle();
const cache = readCache(bundle);
const script = compile(bundle, __filename, cache);
if (script.cachedDataRejected) warn('V8 拒绝 (V8 refused it)');
script.runInThisContext().call(exports, exports, require, module, __filename, __dirname);
// In a stack the name `index.js` is the bundle's, by which its source is found.
//# sourceURL=loader.js
