import { Copy } from '../../parts/Copy.tsx';
import { useText } from '../../text/dictionary.ts';

interface MessageProps {
  title: string;
  of: { line: string; headers: Record<string, string>; body: string };
}

/** One side of an exchange: its first line, its headers, its bytes as they are. */
export function Message({ title, of: { line, headers, body } }: MessageProps) {
  const { timeline } = useText();
  const names = Object.entries(headers);
  return (
    <section className="message" aria-label={title}>
      <div className="message-head">
        <h3>
          {title} {line && <code>{line}</code>}
        </h3>
        {body && <Copy text={body} label={timeline.copyBytes} />}
      </div>
      {names.length > 0 && (
        <dl className="headers">
          {names.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {body && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        <section className="bytes" tabIndex={0} aria-label={`${title} ${timeline.bytes}`}>
          <pre>{body}</pre>
        </section>
      )}
    </section>
  );
}
