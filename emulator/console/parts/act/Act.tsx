import { type ReactNode, useId, useState } from 'react';
import { CallError } from '../../client/client.ts';
import { refresh } from '../../client/resource.ts';
import { type Dictionary, messageOf, useText } from '../../text/dictionary.ts';

interface ActProps {
  /** The words on the button. */
  children: ReactNode;
  /** Does what the button says; its answer in brief, where it has one. */
  act(): Promise<object>;
  /** Tells beside the button what it is for. */
  hint?: string;
  /** Tells why it cannot be pressed now. */
  refusalReason?: string | undefined;
}

type End =
  | { kind: 'none' }
  | { kind: 'running' }
  | { kind: 'done'; answer: object }
  | { kind: 'refused'; error: unknown };

/** A button with a line beside it: what it is for, why it cannot be pressed, what came of it, a refusal in its words. */
export function Act({ children, act, hint = '', refusalReason }: ActProps) {
  const id = useId();
  const [end, setEnd] = useState<End>({ kind: 'none' });
  const isBusy = end.kind === 'running';
  const isShut = refusalReason !== undefined || isBusy;
  const run = async () => {
    setEnd({ kind: 'running' });
    setEnd(await endOf(act));
    await refresh();
  };
  return (
    <div className="act">
      <button
        type="button"
        className="button plain"
        aria-disabled={isShut}
        aria-busy={isBusy}
        aria-describedby={id}
        onClick={() => {
          if (!isShut) void run();
        }}
      >
        {children}
      </button>
      <span className="act-line" id={id} role="status">
        <Line end={end} note={refusalReason ?? hint} />
      </span>
    </div>
  );
}

async function endOf(act: ActProps['act']): Promise<End> {
  try {
    return { kind: 'done', answer: await act() };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

function Line({ end, note }: { end: End; note: string }) {
  const text = useText();
  if (end.kind === 'running') return <span className="faint">{text.act.running}</span>;
  if (end.kind === 'done') return <span className="act-done">{briefOf(end.answer, text)}</span>;
  if (end.kind === 'none') return <span className="faint">{note}</span>;
  return (
    <span className="act-refused">
      {end.error instanceof CallError && <code>{end.error.code}</code>} {messageOf(end.error, text)}
    </span>
  );
}

/** The fields of answers, ours and WeChat's, that say where something stands. */
const STANDING = ['state', 'refundStatus', 'tradeState', 'trade_state', 'status', 'decision'];

/** Says in words where something stands now, each once: ours and WeChat's name for it are one. */
function briefOf(answer: object, { act, orders }: Dictionary): string {
  const fields = answer as Record<string, unknown>;
  const places: Record<string, string> = { ...act.states, ...orders.standings };
  const words = STANDING.map((name) => fields[name])
    .filter((value): value is string => typeof value === 'string')
    .map((value) => places[value] ?? places[value.toLowerCase()] ?? value);
  return [act.done, ...new Set(words)].join(' · ');
}
