import type { ActionDeps } from '../action.ts';
import { notSimulated, refuse } from '../errors.ts';
import { optionalObject, optionalText, type Params } from '../wire/params.ts';
import { fileOfHandler, required } from './limits.ts';

/** The official tools send at most this inline; above it they take the way through COS. */
const INLINE_BYTES_MAX = 1.5 * 1024 * 1024;
const BASE64_FORM = /^[A-Za-z0-9+/]+={0,2}$/;
const OTHER_SOURCES = ['CosBucketName', 'CosObjectName', 'DemoId', 'GitUrl', 'ImageConfig'];

/** Code as a revision names it. */
export interface StoredCode {
  code: string;
  codeBytes: number;
}

/**
 * Takes the code that a request carries inline (`ZipFile`) or has put into the temporary bucket
 * (`TempCosObjectName`), and unpacks it. Refuses a zip without the handler's file at its root.
 */
export function takeCode(params: Params, handler: string, deps: ActionDeps): StoredCode {
  const source = { ...params, ...optionalObject(params, 'Code') };
  const inline = optionalText(source, 'ZipFile');
  const uploaded = optionalText(source, 'TempCosObjectName');
  for (const name of OTHER_SOURCES) {
    if (optionalText({ name: source[name] && name }, 'name')) {
      throw notSimulated('InvalidParameterValue.Param', `Code.${name}`);
    }
  }
  if (inline !== undefined && uploaded !== undefined) {
    throw refuse(
      'InvalidParameterValue.Param',
      'ZipFile 与 TempCosObjectName 只能给一个 (either ZipFile or TempCosObjectName)',
    );
  }
  const zip =
    inline === undefined
      ? takeUploaded(required(uploaded, 'Code'), optionalText(source, 'CosBucketRegion'), deps)
      : decodeInline(inline);
  const code = deps.codes.store(zip);
  checkHandler(code, handler, deps);
  return { code, codeBytes: zip.length };
}

/** Refuses a handler whose file is not at the root of the code; unpacks the code. */
function checkHandler(code: string, handler: string, { codes }: ActionDeps): void {
  const file = fileOfHandler(handler);
  if (!codes.has(code, file)) {
    throw refuse(
      'InvalidParameterValue.ZipFile',
      `zip 根目录中没有 ${file}（Handler ${handler}） (no ${file} at the root of the zip)`,
    );
  }
  codes.fileOf(code, file);
}

function decodeInline(text: string): Buffer {
  if (!BASE64_FORM.test(text) || text.length % 4 !== 0) {
    throw refuse(
      'InvalidParameterValue.ZipFileBase64BinasciiError',
      'ZipFile 不是 base64 (ZipFile is not base64)',
    );
  }
  const zip = Buffer.from(text, 'base64');
  if (zip.length > INLINE_BYTES_MAX) {
    throw refuse(
      'InvalidParameterValue.InlineZipFile',
      'zip 超过 1.5 MB，请用 GetTempCosInfo 上传 (above 1.5 MB: upload it with GetTempCosInfo)',
    );
  }
  return zip;
}

function takeUploaded(
  path: string,
  region: string | undefined,
  { uploads, options }: ActionDeps,
): Buffer {
  const zip = region === options.region ? uploads.get(path) : undefined;
  if (!zip) {
    throw refuse(
      'InvalidParameterValue.TempCosObjectName',
      `没有上传到 ${path}，或 CosBucketRegion 不是 ${options.region} ` +
        `(nothing was put to ${path}, or CosBucketRegion is not ${options.region})`,
    );
  }
  uploads.remove(path);
  return zip;
}
