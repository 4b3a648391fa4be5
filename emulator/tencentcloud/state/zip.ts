import { unzipSync } from 'fflate';
import { RefusalError, refuse } from '../errors.ts';

/** A zip may hold this much unpacked. Source: 583/11637, 500 MB with its layers. */
const UNPACKED_BYTES_MAX = 500 * 1024 * 1024;
const ENTRIES_MAX = 20_000;

/**
 * Unpacks the zip of a function: path within the zip → bytes, directories left out. Refuses with
 * InvalidParameterValue.ZipFile what is no zip, what would unpack above 500 MB (looked up before
 * anything is unpacked) and entries that lead outside their root.
 */
export function readZip(zip: Uint8Array): Map<string, Uint8Array> {
  let bytes = 0;
  let entries = 0;
  const admit = ({ name, originalSize }: { name: string; originalSize: number }) => {
    entries += 1;
    bytes += originalSize;
    if (bytes > UNPACKED_BYTES_MAX || entries > ENTRIES_MAX) throw tooLarge();
    if (leadsOutside(name)) throw outsideRoot(name);
    return !name.endsWith('/');
  };
  try {
    return new Map(Object.entries(unzipSync(zip, { filter: admit })));
  } catch (error) {
    if (error instanceof RefusalError) throw error;
    throw refuse(
      'InvalidParameterValue.ZipFile',
      `无法解压 zip：${String(error)} (the zip cannot be unpacked)`,
    );
  }
}

function leadsOutside(name: string): boolean {
  const parts = name.split('/');
  if (parts.at(-1) === '') parts.pop();
  const odd = ['', '.', '..', '__proto__'];
  return /[\\\0:]/.test(name) || parts.length === 0 || parts.some((part) => odd.includes(part));
}

function outsideRoot(name: string): RefusalError {
  return refuse(
    'InvalidParameterValue.ZipFile',
    `zip 中的路径 ${JSON.stringify(name)} 不合法 (this path in the zip is not allowed)`,
  );
}

function tooLarge(): RefusalError {
  return refuse(
    'InvalidParameterValue.ZipFile',
    '解压后超过 500 MB (more than 500 MB when unpacked)',
  );
}
