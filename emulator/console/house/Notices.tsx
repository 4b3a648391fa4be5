import { useSyncExternalStore } from 'react';
import { CallError } from '../client/client.ts';
import { streamStore } from '../client/stream.ts';
import { showFailure, useFailure } from '../parts/action.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWorld } from '../state/world.ts';
import { messageOf, useText } from '../text/dictionary.ts';

/** News for a person on whatever page: a stopped cloud, a deploy, what just failed. */
export function Notices() {
  const { isUp } = useSyncExternalStore(streamStore.subscribe, streamStore.current);
  const { house } = useText();
  return (
    <div className="notices">
      <div role="alert">
        {isUp === false && <p className="notice bad">{house.down}</p>}
        <Failure />
      </div>
      <div role="status">{isUp !== false && <Deploy />}</div>
    </div>
  );
}

function Failure() {
  const text = useText();
  const failure = useFailure();
  if (failure === undefined) return null;
  const code = failure instanceof CallError ? failure.code : '';
  return (
    <p className="notice bad">
      <span>
        <strong>{text.house.failed}</strong> {code && <code>{code}</code>}{' '}
        {messageOf(failure, text)}
      </span>
      <button
        type="button"
        className="button quiet icon-only small"
        aria-label={text.house.dismiss}
        onClick={() => showFailure(undefined)}
      >
        <Icon name="cross" size={16} />
      </button>
    </p>
  );
}

function Deploy() {
  const { house } = useText();
  const { data } = useWorld();
  const { state = 'none', done = 0, total = 0 } = data?.deploy ?? {};
  if (state === 'failed') return <p className="notice bad">{house.deployFailed}</p>;
  if (state !== 'running') return null;
  return (
    <p className="notice">
      <span className="spinner" aria-hidden="true" />
      {house.deploying(total === 0 ? '' : ` ${done}/${total}`)}
    </p>
  );
}
