import { useState } from 'react';
import { callFunction, type FunctionAnswer, type Role } from '../../../client/functions.ts';
import type { OrderDetail } from '../../../state/order.ts';

/** Somebody who acts on an order, and how that one calls a function. */
export interface Actor {
  role: Role;
  become(role: Role): void;
  call(name: string, data: object): Promise<FunctionAnswer>;
}

/** Uses who acts on an order: at first the merchant's server. A payer is the order's own. */
export function useActor({ row: { openid } }: OrderDetail): Actor {
  const [role, become] = useState<Role>('service');
  const who = role === 'user' && openid !== '' ? { role, openid } : { role };
  return { role, become, call: (name, data) => callFunction(name, data, who) };
}

/** Draws a number for a new refund. */
export function newRefundNumber(): string {
  return `R${crypto.randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase()}`;
}
