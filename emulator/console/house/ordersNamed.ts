import { ask } from '../client/client.ts';
import { useResource } from '../client/resource.ts';
import type { OrderRow } from '../parts/Standing.tsx';

const SHOWN_MAX = '8';

/** Uses the newest orders whose number, goods or payer holds what was typed; none while nothing is. */
export function useOrdersNamed(text: string): readonly OrderRow[] {
  const { data } = useResource(`orders named ${text}`, async () =>
    text === '' ? { orders: [] } : ask('GET /_local/orders', { query: { text, limit: SHOWN_MAX } }),
  );
  return data?.orders ?? [];
}
