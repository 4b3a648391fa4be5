import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Members of the CloudBase SDK's app that need nothing of what is cut. */
export const MEMBERS_OF_ANY_BUNDLE: readonly string[] = [
  'constructor',
  'config',
  'init',
  'database',
  'callFunction',
  'callWxPayApi',
];

/** The other members, of which some need a part that is cut; so do `watch()` of documents, calls of `cloudrun`, and settings of `init` and of calls. */
export const WORDS_OF_CUT_PARTS: readonly string[] = [
  'models',
  'mysql',
  'rdb',
  'ai',
  'auth',
  'analytics',
  'logger',
  'callContainer',
  'callApis',
  'callWxOpenApi',
  'wxCallContainerApi',
  'callCompatibleWxOpenApi',
  'uploadFile',
  'downloadFile',
  'copyFile',
  'deleteFile',
  'getTempFileURL',
  'getFileInfo',
  'getUploadMetadata',
  'getFileAuthority',
  'extensionMap',
  'registerExtension',
  'invokeExtension',
  'sendTemplateNotification',
  'requestClient',
  'watch',
  'keepalive',
  'proxy',
  'retries',
  'retryOptions',
  'cloudrun',
];

const CODE = /\.[cm]?[jt]s$/;
const WORDS = new RegExp(`\\b(?:${WORDS_OF_CUT_PARTS.join('|')})\\b`);
/** A member whose name is known when it runs: `app[method]`. */
const COMPUTED = /[\w)\]]\[[^\]\d'"`]/;
const IMPORTED = /\b(?:from|import|import\s*\(|require\s*\()\s*(['"`])([^'"`]*)\1/g;
/** An import whose name is known when it runs. */
const COMPUTED_IMPORT = /\brequire\b(?!\s*\(\s*['"`])|\bimport\s*\(\s*[^'"`\s]/;
/** The SDK, what Node has, the helper that we know, and the function's own files. */
const KNOWN_IMPORTS =
  /^(?:@cloudbase\/node-sdk|node:[\w/]+|\.\.\/\.\.\/shared\/merchant\/merchant\.ts|\.\/[\w./-]+)$/;

/**
 * Tells a function that uses documents and calls alone of the CloudBase SDK: then its bundle does without the
 * rest. Its own text decides; whatever cannot be told from that, another package above all, is a no.
 */
export function usesDocumentsAlone(root: string, name: string): boolean {
  const folder = join(root, 'functions', name);
  if (!existsSync(folder)) return false;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => CODE.test(file)).every((file) => isPlain(read(folder, file)));
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function isPlain(text: string): boolean {
  const specifiers = [...text.matchAll(IMPORTED)].map(([, , specifier = '']) => specifier);
  if (!specifiers.every((specifier) => KNOWN_IMPORTS.test(specifier))) return false;
  return ![WORDS, COMPUTED, COMPUTED_IMPORT].some((pattern) => pattern.test(text));
}
