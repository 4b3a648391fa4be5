import { isRefusalCode, RefusalError } from '../errors.ts';

/** The codes of APIv3 that APIv2 spells otherwise. */
const V2_CODES: ReadonlyMap<string, string> = new Map([
  ['NO_AUTH', 'NOAUTH'],
  ['NOT_ENOUGH', 'NOTENOUGH'],
  ['SYSTEM_ERROR', 'SYSTEMERROR'],
  ['SERVICE_UNAVAILABLE', 'SYSTEMERROR'],
  ['SIGN_ERROR', 'SIGNERROR'],
  ['ORDER_CLOSED', 'ORDERCLOSED'],
  ['ORDER_NOT_EXIST', 'ORDERNOTEXIST'],
  // Answered of a refund's order alone; of a refund it is REFUNDNOTEXIST.
  ['RESOURCE_NOT_EXISTS', 'ORDERNOTEXIST'],
  ['MCH_NOT_EXISTS', 'MCHID_NOT_EXIST'],
  ['TRADE_ERROR', 'ERROR'],
  ['RULE_LIMIT', 'ERROR'],
]);

/** The codes that APIv2 alone has. Source: V2:9_1, V2:9_4, V2:9_5. */
const V2_ONLY: readonly string[] = [
  'REFUNDNOTEXIST',
  'INVALID_REQ_TOO_MUCH',
  'LACK_PARAMS',
  'APPID_NOT_EXIST',
  'XML_FORMAT_ERROR',
  'REQUIRE_POST_METHOD',
  'POST_DATA_EMPTY',
  'NOT_UTF8',
];

/** Lists the codes of APIv2 that are spelt otherwise in APIv3, or are not there. */
export const V2_SPELLINGS: readonly string[] = [...new Set([...V2_CODES.values(), ...V2_ONLY])];

/** Spells a code as APIv2 does, whichever of the two spellings it has. */
export function v2CodeOf(code: string): string {
  return V2_CODES.get(code) ?? code;
}

/** Refuses in business (业务结果): `result_code` FAIL with `err_code` and `err_code_des`. */
export class BusinessRefusalError extends Error {
  readonly code: string;
  constructor(code: string, description?: string) {
    super(description ?? textOf(code));
    this.code = code;
  }
}

/** Finds WeChat Pay's text for a code, in whichever of the two spellings. */
function textOf(code: string): string {
  const [v3Code = code] = [...V2_CODES].find(([, v2Code]) => v2Code === code) ?? [];
  return isRefusalCode(v3Code) ? new RefusalError(v3Code).message : '系统错误';
}

/** Refuses a request before it is business (通信标识): `return_code` FAIL with `return_msg`. */
export class MalformedRequestError extends Error {
  /** Of bills alone: WeChat's number beside the text. */
  readonly errorCode: string | undefined;
  constructor(message: string, errorCode?: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** Refuses a call that never gets to WeChat Pay; the platform between does so, in its own form. */
export class PlatformRefusalError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Any refusal that CloudPay answers. */
export type CloudPayRefusal =
  | PlatformRefusalError
  | MalformedRequestError
  | BusinessRefusalError
  | RefusalError;

/** Tells a refusal from an error of another kind, which no handler answers. */
export function isCloudPayRefusal(error: unknown): error is CloudPayRefusal {
  return [PlatformRefusalError, MalformedRequestError, BusinessRefusalError, RefusalError].some(
    (kind) => error instanceof kind,
  );
}
