import { useState } from 'react';
import type { Entry } from '../../client/streamHub.ts';
import { Button } from '../../parts/Button.tsx';
import { useText } from '../../text/dictionary.ts';
import { asCurl } from './copies/asCurl.ts';
import { asTest } from './copies/asTest.ts';
import { actOf, type Event, lookAt, requestOf } from './copies/repeatable.ts';
import { storyOf } from './copies/story.ts';
import type { Rows } from './rows.ts';

type Copied = 'curl' | 'test' | undefined;

interface CopyAsProps {
  entry: Entry;
  rows: Rows;
  /** Whether what is masked is shown; it is copied then too. */
  isRevealed: boolean;
}

/** Copies what makes an entry happen again, as a command or as a test: never more than is shown. */
export function CopyAs({ entry, rows, isRevealed }: CopyAsProps) {
  const { timeline, orders } = useText();
  const [copied, setCopied] = useState<Copied>();
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
    const story = await storyOf(entry, rows, look);
    if (!story) throw new Error(timeline.bytesGone);
    await navigator.clipboard.writeText(asTest(story));
    setCopied('test');
  };
  if (!request && !actOf(entry, rows)) return <p className="faint">{timeline.notRepeatable}</p>;
  return (
    <div className="buttons" title={timeline.copyHint}>
      <Button icon={copied === 'curl' ? 'check' : 'copy'} act={copyCurl} isDisabled={!request}>
        {copied === 'curl' ? orders.copied : timeline.copyCurl}
      </Button>
      <Button
        icon={copied === 'test' ? 'check' : 'copy'}
        act={copyTest}
        isDisabled={!actOf(entry, rows)}
      >
        {copied === 'test' ? orders.copied : timeline.copyTest}
      </Button>
    </div>
  );
}
