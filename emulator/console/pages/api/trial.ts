import type { AnswerOf, BodyOf } from '../../../control/api/controlApi.ts';
import { OPENIDS } from '../../client/functions.ts';

export type Contract = AnswerOf<'GET /_local/contracts'>[number];
export type ContractField = Contract['answer'][number];

/** Those who may be tried as: a payer, an admin, the merchant's server, and a user whom no order belongs to. */
export const ROLES = ['user', 'admin', 'service', 'stranger'] as const;

export type TrialRole = (typeof ROLES)[number];

const WHO: Record<TrialRole, object> = {
  user: { openid: OPENIDS.user },
  admin: { openid: OPENIDS.admin },
  service: { service: true },
  stranger: { openid: 'oLocalStranger' },
};

/** Makes the call of the control API by which a function is tried. */
export function trialBody(
  name: string,
  role: TrialRole,
  data: unknown,
): BodyOf<'POST /_local/call'> {
  return { name, data, ...WHO[role] };
}

/** Writes that call for a shell. */
export function curlOf(origin: string, body: object): string {
  const json = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
  return `curl -s '${origin}/_local/call' -H 'content-type: application/json' -d '${json}'`;
}

/** Fields that a first trial fills in, although they may be left out. */
const WORTH_TRYING: Readonly<Record<string, readonly string[]>> = {
  unifiedOrder: ['body', 'totalFee', 'outTradeNo', 'openid'],
  queryOrder: ['outTradeNo'],
  refund: ['outTradeNo', 'outRefundNo'],
  queryRefund: ['outTradeNo'],
  deliverEvents: ['outTradeNo'],
};

/** A first trial is about these: the newest order, and goods whose price the merchant's function names. */
export interface AtHand {
  outTradeNo?: string | undefined;
  productId?: string | undefined;
}

/** Writes parameters to begin with: what is needed, about what is at hand. */
export function exampleOf(contract: Contract, atHand: AtHand, now: Date): string {
  const { outTradeNo, productId } = atHand;
  if (contract.name === 'unifiedOrder' && productId !== undefined) {
    return JSON.stringify({ request: { productId } }, null, 2);
  }
  const isWorth = ({ name, isAlways }: ContractField) =>
    isAlways || WORTH_TRYING[contract.name]?.includes(name);
  const form =
    contract.inputs.find((fields) => fields.every(isCallers)) ?? contract.inputs[0] ?? [];
  const fields = form.filter((field) => !field.name.includes('.') && isWorth(field));
  const values = fields.map((field) => [
    field.name,
    sampleOf(field, contract.name === 'unifiedOrder' ? undefined : outTradeNo, now),
  ]);
  return JSON.stringify(Object.fromEntries(values), null, 2);
}

/** The forms of a timer's event, with a `Type`, are the platform's own. */
function isCallers({ name }: ContractField): boolean {
  return name !== 'Type';
}

function sampleOf(
  { name, kind, words }: ContractField,
  outTradeNo: string | undefined,
  now: Date,
): unknown {
  const number = `TRY${now.getTime()}`;
  const known: Record<string, unknown> = {
    outTradeNo: outTradeNo ?? number,
    outRefundNo: `${number}R`,
    body: '咖啡',
    openid: OPENIDS.user,
    transactionId: `4200000000${now.getTime()}`,
    reason: '试一试',
    billDate: new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10),
  };
  if (name in known) return known[name];
  return words[0]?.word ?? (kind === 'number' ? 1 : '…');
}
