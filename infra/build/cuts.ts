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

/** The files that a dependency is reached by, from the one that imports them. */
interface Part {
  importer: RegExp;
  paths: readonly string[];
}

const wiring = (path: string): Part => ({
  importer: /runtime[\\/]wiring[\\/]wiring\.ts$/,
  paths: [path],
});
const ofLinks = (...paths: string[]): Part => ({
  importer: /gateway[\\/](?:apiV3|cloudPay)[\\/]client\.ts$/,
  paths,
});

/** Lists what is left out, with all that it alone imports, where a contract does not need it. */
const PARTS: Record<Dependency, Part> = {
  store: wiring('./store.ts'),
  payers: wiring('./payers.ts'),
  apiV3: wiring('./apiV3.ts'),
  cloudPay: wiring('./cloudPay.ts'),
  refunds: ofLinks('./refunds.ts', './wire/refund.ts'),
  bills: ofLinks('./bill.ts'),
  notifications: wiring('./notifications.ts'),
  unsignedNotices: wiring('./unsignedNotices.ts'),
  self: wiring('./self.ts'),
  deliveries: wiring('./deliveries.ts'),
  quotes: wiring('./merchant/quotes.ts'),
  merchant: wiring('./merchant/merchant.ts'),
};

/**
 * Paths that may have to be cut; esbuild asks us about no others, which makes a build twice as
 * fast.
 */
const CANDIDATES = new RegExp(
  [
    ...CUTS.map(({ path }) => path.source),
    ...Object.values(PARTS).map(({ paths }) => `^(?:${paths.join('|').replaceAll('.', '\\.')})$`),
  ].join('|'),
);

/** Whose bundle it is: a function of ours, with a contract, or one of the merchant's own. */
export type Owner = 'ours' | 'merchant';

/** Makes the esbuild plugin that leaves out what a function does not use. */
export function cutUnused(dependencies: readonly Dependency[], owner: Owner): Plugin {
  const unneeded = (Object.keys(PARTS) as Dependency[])
    .filter((dependency) => !dependencies.includes(dependency))
    .map((dependency) => PARTS[dependency]);
  const cuts = CUTS.filter(({ oursAlone }) => owner === 'ours' || !oursAlone);
  const replacementOf = (path: string, importer: string) => {
    const isUnneeded = unneeded.some(
      (part) => part.paths.includes(path) && part.importer.test(importer),
    );
    if (isUnneeded) return 'leftOut';
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
