import { CallError, isUnreachable } from '../../client/client.ts';
import type { Resource } from '../../client/resource.ts';
import { messageOf, useText } from '../../text/dictionary.ts';
import { Empty } from '../Empty.tsx';

/** Stands where something has not come: that it is being read, or why it cannot be. */
export function Unread({ of: { error } }: { of: Resource<unknown> }) {
  const text = useText();
  const { house } = text;
  if (error === undefined) return <p className="faint">{house.loading}</p>;
  const code = error instanceof CallError ? error.code : undefined;
  const hint = isUnreachable(error) ? house.unreadHint : messageOf(error, text);
  return (
    <Empty icon="fault" title={house.unread} hint={hint}>
      {code && <code className="faint">{code}</code>}
    </Empty>
  );
}
