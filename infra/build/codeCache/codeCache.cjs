'use strict';
/** The part that the loader and the maker of a code cache share; it is deployed beside both. */
const { createHash } = require('node:crypto');
const { readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** Hashes bytes, in hex. */
exports.hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Describes what a code cache is bound to. V8 compares less: it takes the cache of another build of the same version
 * number, and crashes.
 */
exports.describeRuntime = () => ({
  versions: process.versions,
  platform: `${process.platform}-${process.arch}`,
  executableBytes: statSync(process.execPath).size,
  arguments: [...process.execArgv, process.env.NODE_OPTIONS ?? ''],
});

/** Reads the bundle that lies beside this file. */
exports.readBundle = () => readFileSync(join(__dirname, 'bundle.js'));

/** Compiles a bundle as the module `file`, with the same lines and columns; it does not run yet. */
exports.compile = (bundle, file, cachedData) =>
  new Script(`(function (exports, require, module, __filename, __dirname) {\n${bundle}\n})`, {
    filename: file,
    lineOffset: -1,
    cachedData,
  });
