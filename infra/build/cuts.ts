import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Dependency } from '../../shared/contract/contract.ts';
import { takeShorterSdk } from './shorterSdk.ts';

const standIn = (file: string) => fileURLToPath(new URL(`./standIns/${file}`, import.meta.url));
const LEFT_OUT = standIn('leftOut.cjs');

/** A module that a package requires and that is replaced, by what: `leftOut`, or a file that stands in. */
interface Cut {
  importer: RegExp;
  path: RegExp;
  by: string;
  /** Functions of the merchant's own keep it: their documents are not ours to know. */
  oursAlone?: true;
}

const SDK = /@cloudbase[\\/]node-sdk[\\/]dist/;
const DATABASE = /@cloudbase[\\/]database[\\/]dist/;
const ANY = /@cloudbase|standIns/;

/** Lists what documents, callFunction and the calls of cloud pay never touch of the SDK, and our pipeline of middy. */
const CUTS: readonly Cut[] = [
  // Every product of the platform; and of what remains, the way to the products that are gone.
  { importer: SDK, path: /^\.\.?\/cloudbase$/, by: standIn('app.cjs') },
  {
    importer: SDK,
    path: /^(?:axios|agentkeepalive|https?-proxy-agent|\.\.\/cloudrun)$|\/tcbopenapi\w*requester$/,
    by: 'leftOut',
  },
  // Only with the settings `retries` and `retryOptions`: we repeat by rules of our own.
  { importer: SDK, path: /^\.\/retry$/, by: 'leftOut' },
  // Only with answers that are streams, which AWS has.
  { importer: /@middy/, path: /^node:stream\/web$/, by: 'leftOut' },
  // `watch()`: a function that answers has nobody to tell.
  { importer: DATABASE, path: /^\.\/realtime\/websocket-client$/, by: 'leftOut' },
  {
    importer: DATABASE,
    path: /^\.\/(?:aggregate|transaction\/index)$/,
    by: 'leftOut',
    oursAlone: true,
  },
  { importer: DATABASE, path: /\/geo\/index$/, by: standIn('geo.cjs'), oursAlone: true },
  { importer: ANY, path: /^bson$/, by: standIn('ejson.ts') },
  { importer: ANY, path: /^form-data$/, by: standIn('formData.ts') },
  { importer: ANY, path: /^@cloudbase\/signature-nodejs$/, by: standIn('signature.ts') },
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
  quotes: './merchant/quotes.ts',
  merchant: './merchant/merchant.ts',
};

/**
 * Paths that may have to be cut; esbuild asks us about no others, which makes a build twice as
 * fast.
 */
const CANDIDATES = new RegExp(
  [
    ...CUTS.map(({ path }) => path.source),
    `^(?:${Object.values(WIRING_FILES).join('|').replaceAll('.', '\\.')})$`,
  ].join('|'),
);

/** Whose bundle it is: a function of ours, with a contract, or one of the merchant's own. */
export type Owner = 'ours' | 'merchant';

/** Makes the esbuild plugin that leaves out what a function does not use. */
export function cutUnused(dependencies: readonly Dependency[], owner: Owner): Plugin {
  const unneededFiles = (Object.keys(WIRING_FILES) as Dependency[])
    .filter((dependency) => !dependencies.includes(dependency))
    .map((dependency) => WIRING_FILES[dependency]);
  const cuts = CUTS.filter(({ oursAlone }) => owner === 'ours' || !oursAlone);
  const replacementOf = (path: string, importer: string) => {
    if (unneededFiles.includes(path) && /runtime[\\/]wiring[\\/]wiring\.ts$/.test(importer)) {
      return 'leftOut';
    }
    return cuts.find((cut) => cut.importer.test(importer) && cut.path.test(path))?.by;
  };
  return {
    name: 'cut-unused',
    setup: (build) => {
      build.onResolve({ filter: CANDIDATES }, ({ path, importer }) => {
        const by = replacementOf(path, importer);
        if (by === undefined) return undefined;
        return by === 'leftOut' ? { path, namespace: 'cut', sideEffects: false } : { path: by };
      });
      build.onLoad({ filter: /.*/, namespace: 'cut' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(LEFT_OUT)}).leftOut(${JSON.stringify(path)});`,
        resolveDir: process.cwd(),
      }));
      takeShorterSdk(build);
    },
  };
}
