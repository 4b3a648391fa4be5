/**
 * How CloudBase and WeChat Pay may behave where documents, SDK and what was seen of them differ or are silent:
 * what a scenario expects holds under each. docs/zh/cloud-pay.md, docs/zh/local-cloud.md.
 */
import type { Link } from '../../shared/domain/limits.ts';
import type { InProcessReading } from './inProcess.ts';

type Reading = [name: string, switches: InProcessReading];

const uploaded = { devtoolsTimers: true } as const;
const wechats: Reading = ['WeChat’s timers have TRIGGER_SRC=timer', { devtoolsTrigger: 'timer' }];
const empty: Reading = ['what a call lacks is empty', { emptyVariables: true }];
const both: Reading = ['both sets of timers fire, SCF’s first', { bothTimers: true }];
const refused: Reading = ['a time_expire out of bounds is refused', { timeExpire: 'refused' }];
const probes: Reading = ['every fifth answer of APIv3 is a probe', { answerProbes: true }];
/** A scenario starts at any second of the minute: no step of it may count on when the next timer is due. */
const soon: Reading = ['a timer is due as soon as time moves', { firstTimerMs: 1000 }];
const all: Reading = [
  'all of this at once',
  { ...wechats[1], ...empty[1], ...both[1], ...refused[1], ...probes[1] },
];

/** The readings that are not the usual one of a stage, by link. */
export const readings: Readonly<Record<Link, readonly Reading[]>> = {
  cloudPay: [
    wechats,
    empty,
    both,
    refused,
    all,
    soon,
    ['the server API gives no token', { serverApiTokens: false }],
  ],
  apiV3: [
    ['WeChat’s timers have TRIGGER_SRC=tcb', uploaded],
    [wechats[0], { ...uploaded, ...wechats[1] }],
    empty,
    [both[0], { ...uploaded, ...both[1] }],
    refused,
    probes,
    soon,
    [all[0], { ...uploaded, ...all[1] }],
  ],
};

/** The readings of what becomes of a delivery that a callback started, once its instance is frozen or ended. */
export const deliveryReadings: readonly Reading[] = [
  ['a started call goes on', { startedCalls: 'go_on' }],
  ['a started call is lost', { startedCalls: 'lost' }],
  ['… with dead connections', { startedCalls: 'lost', deadConnections: 'reset' }],
  ['… with an instance that ends', { startedCalls: 'lost', afterAnswer: 'ended' }],
];
