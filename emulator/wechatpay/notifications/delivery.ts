import { performance } from 'node:perf_hooks';
import type { Fault } from '../../world/faults.ts';
import type { Exchange } from '../../world/timeline/exchanges.ts';
import type { World } from '../../world/world.ts';
import {
  type Callback,
  type CallFunction,
  callbackOf,
  statusOfCall,
} from '../cloudPay/callback.ts';
import type { KeyRing } from '../keys/keyRing.ts';
import type { DeliveryAttempt } from '../orders/ledger.ts';
import type { Deliver, Notice } from './notice.ts';
import type { Channel, Notification } from './notification.ts';
import { type SignedContent, signatureProbe, signedNotice } from './signed.ts';
import { onlySeemsAcknowledged, xmlNotice } from './unsignedXml.ts';

/** A notification as it is sent: posted to an address, or handed to a function. */
export type Message = { kind: 'posted'; notice: Notice } | { kind: 'called'; callback: Callback };

/** Lists what a delivery needs. */
export interface DeliveryDeps {
  world: World;
  keys: KeyRing;
  deliver: Deliver;
  callFunction: CallFunction;
  /** Keeps every message that was made; those that a fault swallows too. */
  remember(message: Message): void;
}

const ANSWER_WITHIN_MS = 5000;

/** The merchant took a message so. */
interface Taken {
  status: DeliveryAttempt['status'];
  answered?: Exchange['answered'];
}

/** The timeline shows this of an attempt; one that never left has no time of its own. */
type Attempted = Taken & { key?: string; ms?: number };

/** Attempts to deliver a notification once, or twice where a fault duplicates it. */
export async function attemptDelivery(
  deps: DeliveryDeps,
  channel: Channel['at'],
  { content, subject }: Notification,
): Promise<DeliveryAttempt[]> {
  const { world, remember } = deps;
  const fault = world.faults.take(channel);
  const message = messageOf(deps, content, fault);
  remember(message);
  const at = world.clock.now().toISOString();
  const attempt = ({ status, answered, ...trace }: Attempted): DeliveryAttempt => {
    const waited = trace.ms === undefined ? {} : { ms: trace.ms };
    const detail = { status, ...waited, ...(fault ? { fault: fault.kind } : {}) };
    const facts = { what: channel, subject, ...trace, detail };
    world.timeline.add(facts, { sent: sentOf(message), answered });
    return { at, status };
  };
  const sent = async () => {
    const sentMs = performance.now();
    const cause = world.causes.open();
    const taken = await world.causes.within(cause, () => send(deps, message));
    return attempt({ ...taken, key: cause.key, ms: Math.round(performance.now() - sentMs) });
  };
  if (fault?.kind === 'lost_request') return [attempt({ status: 'lost' })];
  if (fault?.kind === 'slow') await world.life.pauseMs(fault.delayMs ?? 0);
  const first = await sent();
  if (fault?.kind === 'lost_answer') return [{ ...first, status: 'lost' }];
  return fault?.kind === 'duplicate' ? [first, await sent()] : [first];
}

/** Sends a signature probe; answers how it was taken. */
export async function sendProbe(
  deps: DeliveryDeps,
  content: SignedContent,
): Promise<DeliveryAttempt['status']> {
  const notice = signatureProbe(deps.world, deps.keys, content);
  const message: Message = { kind: 'posted', notice };
  deps.remember(message);
  return (await send(deps, message)).status;
}

function messageOf(
  { world, keys }: DeliveryDeps,
  content: Notification['content'],
  fault: Fault | undefined,
): Message {
  switch (content.kind) {
    case 'call':
      return { kind: 'called', callback: callbackOf(world, content, fault) };
    case 'xml':
      return { kind: 'posted', notice: xmlNotice(world, keys, content, fault) };
    case 'signed':
      return { kind: 'posted', notice: signedNotice(world, keys, content, fault) };
  }
}

async function send(
  { deliver, callFunction, world }: DeliveryDeps,
  message: Message,
): Promise<Taken> {
  // How long CloudPay waits for a function is not known: here, as long as the function may run.
  if (message.kind === 'called') {
    const result = await callFunction(message.callback);
    const answered = { line: 'result', headers: {}, body: JSON.stringify(result) };
    return { status: statusOfCall(result), answered };
  }
  const { notice } = message;
  const late = world.life.pauseMs(ANSWER_WITHIN_MS).then((): 'late' => 'late');
  const reply = await Promise.race([deliver(notice), late]);
  if (typeof reply === 'string') return { status: reply };
  const { status, body = '' } = reply;
  const answered = { line: String(status), headers: {}, body };
  return { status: onlySeemsAcknowledged(notice, reply) ? 'error' : status, answered };
}

/** A message as it left, for the timeline. */
function sentOf(message: Message): Exchange['sent'] {
  if (message.kind === 'called') {
    const { functionName, event } = message.callback;
    return { line: functionName, headers: {}, body: JSON.stringify(event) };
  }
  const { url, headers, body } = message.notice;
  return { line: `POST ${url}`, headers, body };
}
