import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeMask } from '../../infra/mask.ts';
import type { EnvironmentKey } from '../../shared/contract/environment.ts';
import { readCertificates } from '../../shared/gateway/apiV3/keys/platformCertificate.ts';
import { isPrimes, readPrimes } from '../../shared/gateway/apiV3/keys/primes.ts';
import { firstThatReads, onlyOne } from '../../shared/gateway/apiV3/keys/rsaKey.ts';
import type { DeployedCode } from '../control/deps.ts';
import type { Runner } from '../runner/runner.ts';
import type { TencentCloud } from '../tencentcloud/tencentcloud.ts';

/** The parts that know what is deployed, and where the project lies. */
interface DeployedParts {
  tencentcloud: TencentCloud;
  runner: Runner;
  root: string;
}

/** Makes a way to list the functions with the bundle that runs and the file that it is built from. */
export function listDeployed({ tencentcloud, runner, root }: DeployedParts): () => DeployedCode[] {
  return () => {
    const running = runner.functions();
    return tencentcloud.functions().map((one) => {
      const runs = running.find(({ name }) => name === one.name);
      const source = sourceOf(root, one.name);
      return {
        ...one,
        ...(runs && { bundleBytes: statSync(runs.file).size, environment: runs.environment }),
        ...(source !== undefined && { source }),
      };
    });
  };
}

function sourceOf(root: string, name: string): string | undefined {
  const folder = join('functions', name);
  try {
    const entry = readdirSync(join(root, folder)).find((file) => /^index\.[cm]?[jt]s$/.test(file));
    return entry && join(folder, entry);
  } catch {
    return undefined; // It was deployed from another project.
  }
}

/** Makes a mask of secrets that may change; it is made anew only where they did. */
export function maskOf(secrets: () => string[]): (text: string) => string {
  let made = { of: '', mask: (text: string) => text };
  return (text) => {
    const values = secrets();
    const of = values.join('\n');
    if (of !== made.of) made = { of, mask: makeMask(values) };
    return made.mask(text);
  };
}

/** How functions read their keys; what cannot be read throws. */
const KEY_READERS: Partial<Record<EnvironmentKey, (text: string) => unknown>> = {
  WXPAY_PRIVATE_KEY: readPrivate,
  WXPAY_PRIVATE_KEY_NEXT: readPrivate,
  WXPAY_PUBLIC_KEY: (text) => {
    const { der } = onlyOne(text, 'PUBLIC_KEY_UNREADABLE');
    const read = (type: 'spki' | 'pkcs1') => () =>
      createPublicKey({ key: der, format: 'der', type });
    return firstThatReads([read('spki'), read('pkcs1')], 'PUBLIC_KEY_UNREADABLE');
  },
  WXPAY_PLATFORM_CERT: (text) => readCertificates([text], () => false),
};
const known = new Map<string, boolean>();
const KNOWN_MAX = 100;

/** Tells whether a value that should hold a key holds one; every other value does. */
export function isReadableKey(key: EnvironmentKey, value: string): boolean {
  const read = KEY_READERS[key];
  if (!read) return true;
  const name = `${key} ${value}`;
  const found = known.get(name) ?? canRead(read, value);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, found);
  return found;
}

function canRead(read: (text: string) => unknown, value: string): boolean {
  try {
    read(value);
    return true;
  } catch {
    return false;
  }
}

function readPrivate(text: string): unknown {
  if (isPrimes(text)) return readPrimes(text);
  const { der } = onlyOne(text, 'PRIVATE_KEY_UNREADABLE');
  const read = (type: 'pkcs8' | 'pkcs1') => () =>
    createPrivateKey({ key: der, format: 'der', type });
  return firstThatReads([read('pkcs8'), read('pkcs1')], 'PRIVATE_KEY_UNREADABLE');
}
