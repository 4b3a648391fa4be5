import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import { CallError, isUnreachable } from '../client/client.ts';
import { streamStore } from '../client/stream.ts';
import { showFailure, useFailure } from '../parts/action.ts';
import { Icon } from '../parts/Icon.tsx';
import { useToggle } from '../parts/toggle.ts';
import { useWorld } from '../state/world.ts';
import { messageOf, useText } from '../text/dictionary.ts';

/** News for a person on whatever page, above it wherever it is scrolled: a stopped cloud, a deploy, what just failed. */
export function Notices() {
  const { isUp } = useSyncExternalStore(streamStore.subscribe, streamStore.current);
  const { house } = useText();
  const isDown = isUp === false;
  return (
    <div className="notices">
      <div role="alert">
        {isDown && <Passing tone="bad">{house.down}</Passing>}
        <Failure isDown={isDown} />
      </div>
      <div role="status">{!isDown && <Deploy />}</div>
    </div>
  );
}

interface NoticeProps {
  tone: 'bad' | 'calm';
  children: ReactNode;
}

/** A notice that goes with what it tells of, or once it was read. */
function Passing(props: NoticeProps) {
  const read = useToggle();
  return read.isOn ? null : <Notice {...props} dismiss={read.turnOn} />;
}

function Notice({ tone, children, dismiss }: NoticeProps & { dismiss(): void }) {
  const { house } = useText();
  return (
    <div className={`notice ${tone}`}>
      {children}
      <button
        type="button"
        className="button quiet icon-only small"
        aria-label={house.dismiss}
        onClick={dismiss}
      >
        <Icon name="cross" size={16} />
      </button>
    </div>
  );
}

const forget = () => showFailure(undefined);

/** Says what just failed. That nothing answered, the news of a stopped cloud says already; one that is back takes it back. */
function Failure({ isDown }: { isDown: boolean }) {
  const text = useText();
  const failure = useFailure();
  const isOfLink = isUnreachable(failure);
  const wasDown = useRef<boolean>(undefined);
  useEffect(() => {
    if (wasDown.current && !isDown && isOfLink) forget();
    wasDown.current = isDown;
  }, [isDown, isOfLink]);
  if (failure === undefined || (isDown && isOfLink)) return null;
  return (
    <Notice tone="bad" dismiss={forget}>
      <span>
        <strong>{text.house.failed}</strong>{' '}
        {failure instanceof CallError && <code>{failure.code}</code>} {messageOf(failure, text)}
      </span>
    </Notice>
  );
}

function Deploy() {
  const { house } = useText();
  const { data } = useWorld();
  const { state = 'none', done = 0, total = 0 } = data?.deploy ?? {};
  if (state === 'failed') return <Passing tone="bad">{house.deployFailed}</Passing>;
  if (state !== 'running') return null;
  return (
    <Passing tone="calm">
      <span className="spinner" aria-hidden="true" />
      <span>{house.deploying(total === 0 ? '' : ` ${done}/${total}`)}</span>
    </Passing>
  );
}
