import { isRefusalCode, Refusal } from '../errors.ts';

/** What APIv2 calls what APIv3 has another word for. */
const spelled: ReadonlyMap<string, string> = new Map([
  ['NO_AUTH', 'NOAUTH'],
  ['NOT_ENOUGH', 'NOTENOUGH'],
  ['SYSTEM_ERROR', 'SYSTEMERROR'],
  ['SERVICE_UNAVAILABLE', 'SYSTEMERROR'],
  ['BANK_ERROR', 'BANKERROR'],
  ['SIGN_ERROR', 'SIGNERROR'],
  ['ORDER_CLOSED', 'ORDERCLOSED'],
  ['ORDER_NOT_EXIST', 'ORDERNOTEXIST'],
  // Said of a refund's order alone; of a refund it is REFUNDNOTEXIST.
  ['RESOURCE_NOT_EXISTS', 'ORDERNOTEXIST'],
  ['MCH_NOT_EXISTS', 'MCHID_NOT_EXIST'],
  ['TRADE_ERROR', 'ERROR'],
  ['RULE_LIMIT', 'ERROR'],
]);

/** A business refusal (业务结果): `result_code` FAIL with `err_code` and `err_code_des`. */
export class Failure extends Error {
  readonly word: string;
  constructor(code: string, description?: string) {
    super(description ?? textOf(code));
    this.word = spelled.get(code) ?? code;
  }
}

/** WeChat Pay's text for a word, in whichever of the two spellings. */
function textOf(code: string): string {
  const [known = code] = [...spelled].find(([, word]) => word === code) ?? [];
  return isRefusalCode(known) ? new Refusal(known).message : '系统错误';
}

/** A request that is not even business (通信标识): `return_code` FAIL with `return_msg`. */
export class Malformed extends Error {
  /** Of bills alone: WeChat's number beside the text. */
  readonly errorCode: string | undefined;
  constructor(message: string, errorCode?: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** What never gets to WeChat Pay: refused by the platform between, in its own form. */
export class PlatformRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
