import { useState } from 'react';
import type { Entry } from '../../client/entry.ts';
import { Button } from '../../parts/Button.tsx';
import { useNow } from '../../state/clock.ts';
import { useText } from '../../text/dictionary.ts';
import { asCurl } from './copies/asCurl.ts';
import { asTest } from './copies/asTest.ts';
import { type Event, hasStory, isTestable, lookAt, requestOf } from './copies/repeatable.ts';
import { storyOf } from './copies/story.ts';
import type { Rows } from './rows.ts';

type Copied = 'curl' | 'test' | undefined;

interface CopyAsProps {
  entry: Entry;
  /** The order that it is about, or is looked at for. */
  order: string | undefined;
  rows: Rows;
  /** Whether what is masked is shown; it is copied then too. */
  isRevealed: boolean;
}

/** Copies what makes an entry happen again, as a command or as a test: never more than is shown. */
export function CopyAs({ entry, order, rows, isRevealed }: CopyAsProps) {
  const { timeline, orders } = useText();
  const [copied, setCopied] = useState<Copied>();
  const nowMs = useNow() ?? 0;
  const request = requestOf(entry, rows);
  const see = lookAt(isRevealed ? 'revealed' : 'masked');
  const look = async (id: number): Promise<Event> => {
    const event = await see(id);
    if (event.masked.includes('sent')) throw new Error(timeline.copyMasked);
    return event;
  };
  const copyCurl = async () => {
    const { sent } = await look(request?.id ?? entry.id);
    if (!sent) throw new Error(timeline.bytesGone);
    await navigator.clipboard.writeText(asCurl(sent, location.origin));
    setCopied('curl');
  };
  const copyTest = async () => {
    const story = await storyOf({ entry, order, rows, origin: location.origin }, look);
    if (!story) throw new Error(timeline.bytesGone);
    await navigator.clipboard.writeText(asTest(story));
    setCopied('test');
  };
  const isKnown = hasStory(entry, order, rows);
  const isOld =
    request !== undefined && isSignedByTime(request) && nowMs - endOf(request) > SIGNED_MS;
  return (
    <>
      <div className="buttons">
        <Button icon={copied === 'curl' ? 'check' : 'copy'} act={copyCurl} isDisabled={!request}>
          {copied === 'curl' ? orders.copied : timeline.copyCurl}
        </Button>
        <Button icon={copied === 'test' ? 'check' : 'copy'} act={copyTest} isDisabled={!isKnown}>
          {copied === 'test' ? orders.copied : timeline.copyTest}
        </Button>
      </div>
      {!request && <p className="faint">{timeline.notRepeatable}</p>}
      {!isKnown && (
        <p className="faint">{isTestable(entry) ? timeline.orderUnknown : timeline.notTestable}</p>
      )}
      {isOld && <p className="faint">{timeline.signatureOld}</p>}
    </>
  );
}

/** WeChat Pay and its merchants take a signature for so long. */
const SIGNED_MS = 300_000;

/** Whether a request carries a signature with the time in it: those between WeChat and the functions do. */
function isSignedByTime({ what }: Entry): boolean {
  return what.startsWith('wechatpay.');
}

function endOf({ at }: Entry): number {
  return Date.parse(at);
}
