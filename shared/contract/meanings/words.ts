import type { State } from '../../domain/order/order.ts';
import { type Meaning, mean } from './meaning.ts';

type Kind = 'text' | 'number' | 'boolean' | 'list' | 'object';

function field<K extends Kind, A extends boolean>(kind: K, { isAlways }: { isAlways: A }) {
  return (zh: string, en: string) => ({ kind, isAlways, zh, en });
}

const ALWAYS = { isAlways: true } as const;
const SOMETIMES = { isAlways: false } as const;

/** Writes a field that every answer has. */
export const always = {
  text: field('text', ALWAYS),
  number: field('number', ALWAYS),
  boolean: field('boolean', ALWAYS),
  list: field('list', ALWAYS),
  object: field('object', ALWAYS),
};

/** Writes a field that some answers have. */
export const maybe = {
  text: field('text', SOMETIMES),
  number: field('number', SOMETIMES),
  boolean: field('boolean', SOMETIMES),
  list: field('list', SOMETIMES),
};

/** Explains each state of an order. */
export const states: Record<State, Meaning> = {
  created: mean('已创建，微信尚未应答', 'written here; WeChat has not answered'),
  paying: mean('可以支付', 'it can be paid'),
  paid: mean('已支付，微信已证实', 'paid, as WeChat confirms'),
  closed: mean('已关闭，不能再支付', 'closed: it cannot be paid any more'),
};
