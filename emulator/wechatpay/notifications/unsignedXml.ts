import type { Fault } from '../../world/faults.ts';
import type { World } from '../../world/world.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund, RefundStatus } from '../refunds/ledger.ts';
import {
  tamperedV2RefundFields,
  type V2RefundFields,
  v2RefundFields,
} from '../refunds/v2Fields.ts';
import type { Notice, Reply } from './notice.ts';
import { reqInfoOf, xmlOf } from './xml.ts';

/** The content of a notification in APIv2's XML, before it is sealed: nothing signs it. */
export interface XmlContent {
  kind: 'xml';
  /** The merchant whose key seals it. */
  mchid: string;
  /**
   * Numbers and appids that are not sealed; under a provider the merchant's have names of their
   * own.
   */
  envelope: Record<string, string>;
  notifyUrl: string;
  /** The fields that are sealed, in camel case. */
  fields: V2RefundFields;
  /** Changes of either, by the code of a `mutated` fault. */
  tampered: Record<string, TamperedXml>;
}

type TamperedXml = Partial<Pick<XmlContent, 'envelope' | 'fields'>>;

/** Says that a refund without an address of its own reached a state. */
export function refundXmlContent(
  order: LedgerOrder,
  refund: LedgerRefund,
  status: RefundStatus,
  notifyUrl: string,
): XmlContent {
  const { appid, mchid, spAppid = '', spMchid } = order;
  const common = { kind: 'xml', notifyUrl, fields: v2RefundFields(refund, status) } as const;
  if (spMchid === undefined) {
    const envelope = { appid, mch_id: mchid };
    return { ...common, mchid, envelope, tampered: tamperedXml(refund, 'mch_id') };
  }
  const envelope = { appid: spAppid, mch_id: spMchid, sub_appid: appid, sub_mch_id: mchid };
  return { ...common, mchid: spMchid, envelope, tampered: tamperedXml(refund, 'sub_mch_id') };
}

function tamperedXml(
  refund: LedgerRefund,
  mchidField: 'mch_id' | 'sub_mch_id',
): Record<string, TamperedXml> {
  const changes = Object.entries(tamperedV2RefundFields(refund));
  return {
    ...Object.fromEntries(changes.map(([code, fields]) => [code, { fields }])),
    MCHID: { envelope: { [mchidField]: '1999999999' } },
  };
}

/** Makes a notice, sealed with the merchant's APIv2 key; a fault may spoil or change it. */
export function xmlNotice(world: World, keys: KeyRing, content: XmlContent, fault?: Fault): Notice {
  const hex = (bytes: number) => world.randomBytes(bytes).toString('hex');
  const tampered = content.tampered[fault?.code ?? ''];
  const apiV2Key = keys.merchant(content.mchid)?.apiV2Key ?? '';
  const fields = toSnakeCase({ ...content.fields, ...tampered?.fields });
  const sealed = reqInfoOf(fields, fault?.kind === 'forged' ? hex(16) : apiV2Key);
  const isSpoilt = fault?.kind === 'mutated' && !tampered;
  const body = xmlOf('xml', {
    return_code: 'SUCCESS',
    ...content.envelope,
    ...tampered?.envelope,
    nonce_str: hex(16),
    req_info: isSpoilt ? spoil(sealed) : sealed,
  });
  return { url: content.notifyUrl, headers: { 'Content-Type': 'text/xml' }, body };
}

function spoil(text: string): string {
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
}

/** Names fields as WeChat does, in the order in which it prints them. */
function toSnakeCase(fields: V2RefundFields): Record<string, string> {
  const pairs = Object.entries(fields).map(([name, value]): [string, string] => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    String(value),
  ]);
  return Object.fromEntries(pairs.sort(([name], [other]) => (name < other ? -1 : 1)));
}

/**
 * Tells a reply that only looks like an acknowledgement: to a notice in XML its body counts, and
 * has to be XML.
 */
export function onlySeemsAcknowledged({ headers }: Notice, { status, body = '' }: Reply): boolean {
  if (headers['Content-Type'] !== 'text/xml' || status >= 300) return false;
  return !/^<xml>.*<return_code>(?:<!\[CDATA\[)?SUCCESS(?:\]\]>)?<\/return_code>/s.test(body);
}
