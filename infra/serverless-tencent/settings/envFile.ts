import { environment } from '../../../shared/contract/environment.ts';
import { DEPLOYER_KEYS } from './deployerKeys.ts';

/** A file of settings, as it lies on the disk. */
export interface EnvFile {
  /** `.env` or `.env.STAGE`. */
  name: string;
  bytes: Buffer;
}

/** Something in an {@link EnvFile} that does not arrive as it was typed. Chinese, then English. */
export interface EnvFileFault {
  what: string;
  fix: string;
}

const KEYS: readonly string[] = [...Object.keys(environment), ...DEPLOYER_KEYS];

/** Text that is read as a comment, or as the name of another variable, from its first character. */
const SWALLOWED = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=(#|[ \t]*["'`]?\$).*$/gm;

/** Finds what of a file of settings is not among the variables that arrived. Quotes no value. */
export function envFileFaults(
  { name, bytes }: EnvFile,
  env: Readonly<Record<string, string | undefined>>,
): EnvFileFault[] {
  if (isUtf16(bytes)) {
    return [
      {
        what: `${name} 是 UTF-16 编码，其中变量未被读取 (it is UTF-16: none of its variables is read)`,
        fix: '用编辑器另存为 UTF-8；PowerShell 的 > 写 UTF-16 (save it as UTF-8: the > of PowerShell writes UTF-16)',
      },
    ];
  }
  const lost = [...bytes.toString('utf8').matchAll(SWALLOWED)].map(([, key = '']) => key);
  return [...new Set(lost)]
    .filter((key) => KEYS.includes(key) && !env[key])
    .map((key) => ({
      what: `${name} 里 ${key} 的值以 # 或 $ 开头，读出来是空的 (its value there begins with # or $, and arrives empty)`,
      fix: `用引号括起，$ 写作 \\$：${key}="…" (quote it, and write $ as \\$)`,
    }));
}

/** Tells UTF-16 by its mark or by NUL bytes, which no text in UTF-8 has. */
function isUtf16(bytes: Buffer): boolean {
  return bytes.includes(0) || ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'));
}
