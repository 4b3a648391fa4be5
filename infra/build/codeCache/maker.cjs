'use strict';
/**
 * Stands as `index.js` in the package that makes a code cache: compiles every function of `bundle.js`, runs none of
 * it, and answers what V8 made. It answers the deploy alone, which put the hash of a secret beside it.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { gzipSync } = require('node:zlib');
const { compile, describeRuntime, hashOf, readBundle } = require('./codeCache.cjs');

exports.main = async ({ secret }) => {
  const secretHash = readFileSync(join(__dirname, 'secret.sha256'), 'utf8');
  if (hashOf(String(secret)) !== secretHash) throw new Error('not for you');
  const bundle = readBundle();
  // Back before the cache is made: it is bound to the flags of that moment.
  setFlagsFromString('--no-lazy');
  const script = compile(bundle, join(__dirname, 'index.js'));
  setFlagsFromString('--lazy');
  const cache = script.createCachedData();
  return {
    made: { ...describeRuntime(), bundle: hashOf(bundle), cache: hashOf(cache) },
    cache: gzipSync(cache).toString('base64'),
  };
};
