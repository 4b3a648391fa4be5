import { useState } from 'react';
import type { Entry } from '../../client/streamHub.ts';
import { Button } from '../../parts/Button.tsx';
import { useText } from '../../text/dictionary.ts';
import { asCurl } from './copies/asCurl.ts';
import { asTest } from './copies/asTest.ts';
import { actOf, requestOf, revealed } from './copies/repeatable.ts';
import { storyOf } from './copies/story.ts';
import type { Rows } from './rows.ts';

type Copied = 'curl' | 'test' | undefined;

/** Copies what makes an entry happen again, as a command or as a test. */
export function CopyAs({ entry, rows }: { entry: Entry; rows: Rows }) {
  const { timeline, orders } = useText();
  const [copied, setCopied] = useState<Copied>();
  const request = requestOf(entry, rows);
  const copyCurl = async () => {
    const { sent } = await revealed(request?.id ?? entry.id);
    if (!sent) throw new Error(timeline.bytesGone);
    await navigator.clipboard.writeText(asCurl(sent, location.origin));
    setCopied('curl');
  };
  const copyTest = async () => {
    const story = await storyOf(entry, rows);
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
