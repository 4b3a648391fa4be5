import type { AnswerOf } from '../../control/api/controlApi.ts';
import { useText } from '../text/dictionary.ts';

export type OrderRow = AnswerOf<'GET /_local/orders'>['orders'][number];

/** The colour of each standing: money that came, that waits, that went back, that needs somebody. */
const TONES: Record<OrderRow['standing'], string> = {
  created: 'calm',
  paying: 'wait',
  paid: 'good',
  refunding: 'wait',
  partly_refunded: 'back',
  refunded: 'back',
  closed: 'calm',
  quarantined: 'bad',
  orphan: 'bad',
};

/** Where an order stands, as a word with a colour. */
export function Standing({ of }: { of: OrderRow['standing'] }) {
  const { orders } = useText();
  return (
    <span className={`tag ${TONES[of]}`} data-standing={of}>
      {orders.standings[of]}
    </span>
  );
}
