import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund, RefundStatus } from '../refunds/ledger.ts';
import { refundFields, refundLies } from '../refunds/v2Fields.ts';
import type { Notice } from './signed.ts';
import { reqInfoOf, xmlOf } from './xml.ts';

/** What is told in APIv2's XML, before it is closed: nothing signs it. */
export interface XmlTold {
  /** Whose key closes it. */
  mchid: string;
  /** Numbers and appids that stand in the open; under a provider the merchant's have names of their own. */
  open: Record<string, string>;
  notifyUrl: string;
  /** What is closed, in camel case. */
  fields: Record<string, string | number>;
  /** What a fault's code changes, of either. */
  lies: Record<string, Partial<Pick<XmlTold, 'open' | 'fields'>>>;
}

/** That a refund without an address of its own reached a state. */
export function refundXmlTold(
  { appid, mchid, spAppid = '', spMchid }: LedgerOrder,
  refund: LedgerRefund,
  status: RefundStatus,
  notifyUrl: string,
): XmlTold {
  const open = spMchid
    ? { appid: spAppid, mch_id: spMchid, sub_appid: appid, sub_mch_id: mchid }
    : { appid, mch_id: mchid };
  return {
    ...{ mchid: spMchid ?? mchid, open, notifyUrl, fields: refundFields(refund, status) },
    lies: {
      ...Object.fromEntries(
        Object.entries(refundLies(refund)).map(([code, change]) => [code, { fields: change }]),
      ),
      MCHID: { open: { [spMchid ? 'sub_mch_id' : 'mch_id']: '1999999999' } },
    },
  };
}

/** Makes a notice, closed with the merchant's APIv2 key; a fault may spoil or change it. */
export function xmlNoticeOf(world: World, keys: KeyRing, told: XmlTold, fault?: Fault): Notice {
  const hex = (bytes: number) => world.randomBytes(bytes).toString('hex');
  const lie = told.lies[fault?.code ?? ''];
  const known = keys.merchant(told.mchid)?.apiV2Key ?? '';
  const fields = snakeCased({ ...told.fields, ...lie?.fields });
  const sealed = reqInfoOf(fields, fault?.kind === 'forged' ? hex(16) : known);
  const isSpoilt = fault?.kind === 'mutated' && !lie;
  const body = xmlOf('xml', {
    return_code: 'SUCCESS',
    ...told.open,
    ...lie?.open,
    nonce_str: hex(16),
    req_info: isSpoilt ? spoilt(sealed) : sealed,
  });
  return { url: told.notifyUrl, headers: { 'Content-Type': 'text/xml' }, body };
}

const spoilt = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;

/** WeChat's names, in the order in which it prints them. */
function snakeCased(fields: XmlTold['fields']): Record<string, string> {
  const named = Object.entries(fields).map(([name, value]): [string, string] => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    String(value),
  ]);
  return Object.fromEntries(named.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Tells an answer that only looks like an acknowledgement: of XML the body counts, and it has to be XML. */
export function onlySeemsTaken({ headers }: Notice, { status, body = '' }: Reply): boolean {
  if (headers['Content-Type'] !== 'text/xml' || status >= 300) return false;
  return !/^<xml>.*<return_code>(?:<!\[CDATA\[)?SUCCESS(?:\]\]>)?<\/return_code>/s.test(body);
}

/** How a notice was answered. */
export interface Reply {
  status: number;
  /** Read where the notice was XML. */
  body?: string;
}
