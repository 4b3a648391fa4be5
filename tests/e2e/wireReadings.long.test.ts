/**
 * Plays scenarios over the wire with the platform read otherwise. Every scenario under every reading inside one
 * process: readings.long.test.ts; over the wire by `npm run wire`, here those in which the reading can tell.
 */
import type { Link } from '../../shared/domain/limits.ts';
import { linkMoves } from './linkMoves.ts';
import { openOverTheWire } from './overTheWire.ts';
import { scenarios } from './scenarios.ts';

const isCampaign = process.env.WIRE_SCENARIOS === 'all';
/** A campaign plays all of them. */
const chosen = (only: RegExp) => (isCampaign ? {} : { only });

scenarios(
  'a payment over the wire, cloud pay, the platform read otherwise',
  () =>
    openOverTheWire(undefined, 'cloudPay', {
      LOCAL_DEVTOOLS_TRIGGER: 'timer',
      LOCAL_BOTH_TIMERS: '1',
      LOCAL_EMPTY_VARIABLES: '1',
      LOCAL_TIME_EXPIRE: 'refused',
    }),
  { link: 'cloudPay', ...chosen(/^(1|3|4|5|9|17|21) |^a bill|token/) },
);

scenarios(
  'a payment over the wire, WeChat Pay read otherwise',
  () =>
    openOverTheWire(undefined, 'apiV3', {
      LOCAL_TIME_EXPIRE: 'refused',
      LOCAL_ANSWER_PROBES: '1',
    }),
  chosen(/^(1|3|4|5|9|17|21) |^a bill/),
);

// Nothing of ours relies on running on after an answer, nor on freezing. Whoever is ended has a cold start in each
// call: no scenario of half an hour of timers.
const choices = {
  ended: {
    payments:
      /^(1|3|9 (forged|without a token)|17) |^5 .* late enough|^a bill|^a timer without token pays/,
    moves: /^called back|^asked about|^refunded/,
  },
  running: { payments: /^(1|3|4|5|9|17|21) |^a bill|token/, moves: /./ },
} as const;

for (const afterAnswer of ['ended', 'running'] as const) {
  for (const link of ['apiV3', 'cloudPay'] as const satisfies Link[]) {
    const open = () => openOverTheWire(undefined, link, { LOCAL_AFTER_ANSWER: afterAnswer });
    const reading = `${link}, instances are ${afterAnswer} after their answer`;
    const { payments, moves } = choices[afterAnswer];
    scenarios(`a payment over the wire, ${reading}`, open, { link, ...chosen(payments) });
    linkMoves(`to the other link over the wire, ${reading}`, open, chosen(moves).only);
  }
}
