import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Dependency } from '../../shared/contract/contract.ts';

/**
 * Packages of `@cloudbase/node-sdk` that documents and callFunction never touch; measured: bundle
 * and load time fall to a third. A function that uploads needs xml2js back.
 */
const UNUSED_PACKAGES = [
  '@cloudbase/ai',
  '@cloudbase/wx-cloud-client-sdk',
  '@cloudbase/adapter-wx_mp',
  '@cloudbase/app',
  'web-streams-polyfill',
  'axios',
  'jsonwebtoken',
  'mime-types',
  'http-proxy-agent',
  'https-proxy-agent',
  'xml2js',
  // Only with `keepalive: true`; the global agent of Node keeps connections by itself.
  'agentkeepalive',
];

/**
 * The packages that the SDK requires at load and only a call of cloud pay uses: they are required
 * at that call.
 */
const LAZY_PACKAGES = /^form-data$/;

/**
 * Packages that only name a class for printing: form-data does so at load, with a dozen packages below
 * it, 12 kB. A function that does nothing stands in.
 */
const COSMETIC_PACKAGES = /^es-set-tostringtag$/;

/** Stands in for the package bson, of which the SDK needs a small part: documents travel as EJSON text. */
const EJSON_FILE = fileURLToPath(new URL('./standIns/ejson.ts', import.meta.url));

/** Files inside packages of the SDK: whole products we do not use; the last of them is `watch()`. */
const UNUSED_FILES: readonly [importer: RegExp, path: RegExp][] = [
  [
    /@cloudbase[\\/](?:node-sdk|database)[\\/]dist/,
    /^\.\/(?:ai|analytics|auth|notification|cloudrun|storage|realtime\/websocket-client)$/,
  ],
  [/@cloudbase[\\/]node-sdk[\\/]dist/, /\/tcbopenapi(?:common)?requester$/],
];

/** The file that wires each dependency; one that no contract needs is left out with its adapter. */
const WIRING_FILES: Record<Dependency, string> = {
  store: './store.ts',
  payers: './payers.ts',
  apiV3: './apiV3.ts',
  cloudPay: './cloudPay.ts',
  notifications: './notifications.ts',
  unsignedNotices: './unsignedNotices.ts',
  self: './self.ts',
  deliveries: './deliveries.ts',
  merchant: './merchant.ts',
};

/**
 * Paths that may have to be cut; esbuild asks us about no others, which makes a build twice as
 * fast.
 */
const CANDIDATES = new RegExp(
  [
    `^(?:${UNUSED_PACKAGES.join('|')})$`,
    ...UNUSED_FILES.map(([, file]) => file.source),
    `^(?:${Object.values(WIRING_FILES).join('|').replaceAll('.', '\\.')})$`,
  ].join('|'),
);

/**
 * Makes a stand-in of a part that was cut: it loads silently, and throws its name when it is used
 * after all.
 */
function throwingModule(part: string): string {
  const message = JSON.stringify(`${part} was left out of this bundle; see infra/build/cuts.ts`);
  return `
    const refuse = () => { throw new Error(${message}); };
    module.exports = new Proxy(function () {}, {
      get: (target, key) =>
        key === '__esModule' ? true
        : key === 'prototype' ? target.prototype
        : typeof key === 'symbol' ? undefined
        : module.exports,
      apply: refuse,
      construct: refuse,
    });`;
}

/** Makes a stand-in of a class that requires the real one when an instance is made. */
function lazyClassModule(part: string): string {
  return `module.exports = function (...given) { return new (require(${JSON.stringify(part)}))(...given); };`;
}

/** Makes the esbuild plugin that leaves out what a function does not use. */
export function cutUnused(dependencies: readonly Dependency[]): Plugin {
  const unneededFiles = (Object.keys(WIRING_FILES) as Dependency[])
    .filter((dependency) => !dependencies.includes(dependency))
    .map((dependency) => WIRING_FILES[dependency]);
  const isCut = (path: string, importer: string) =>
    UNUSED_PACKAGES.includes(path) ||
    (unneededFiles.includes(path) && /runtime[\\/]wiring[\\/]wiring\.ts$/.test(importer)) ||
    UNUSED_FILES.some(([from, file]) => from.test(importer) && file.test(path));
  return {
    name: 'cut-unused',
    setup: (build) => {
      build.onResolve({ filter: CANDIDATES }, ({ path, importer }) =>
        isCut(path, importer) ? { path, namespace: 'cut', sideEffects: false } : undefined,
      );
      build.onResolve({ filter: LAZY_PACKAGES }, ({ path, namespace, resolveDir }) =>
        namespace === 'lazy' ? undefined : { path, namespace: 'lazy', pluginData: resolveDir },
      );
      build.onResolve({ filter: /^bson$/ }, () => ({ path: EJSON_FILE }));
      build.onResolve({ filter: COSMETIC_PACKAGES }, ({ path }) => ({
        path,
        namespace: 'cosmetic',
        sideEffects: false,
      }));
      build.onLoad({ filter: /.*/, namespace: 'cosmetic' }, () => ({
        contents: 'module.exports = () => {};',
      }));
      build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path, pluginData }) => ({
        contents: lazyClassModule(path),
        resolveDir: String(pluginData),
      }));
      build.onLoad({ filter: /.*/, namespace: 'cut' }, ({ path }) => ({
        contents: throwingModule(path),
      }));
    },
  };
}
