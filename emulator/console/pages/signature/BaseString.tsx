import { Code } from '../../parts/text/Code.tsx';
import { useText } from '../../text/dictionary.ts';
import type { Diagnosis } from './useDoctor.ts';

/** The text that was verified, with its line ends shown, and the byte that is another than was signed. */
export function BaseString({ diagnosis: { baseString, difference } }: { diagnosis: Diagnosis }) {
  const { signature } = useText();
  const at = difference ? charactersBefore(baseString, difference.at) : baseString.length;
  const wrong = baseString.slice(at, at + 1);
  return (
    <>
      <h3>{signature.baseString}</h3>
      <p className="faint">{signature.baseStringHint}</p>
      <Code label={signature.baseString}>
        {visible(baseString.slice(0, at))}
        {wrong !== '' && <mark>{visible(wrong)}</mark>}
        {visible(baseString.slice(at + 1))}
      </Code>
      {difference && (
        <>
          <h3>{signature.difference}</h3>
          <dl className="two-texts">
            <div>
              <dt>{signature.whenSigned}</dt>
              <dd>
                <code>
                  {visible(difference.before)}
                  <mark className="good">{visible(difference.signed)}</mark>
                </code>
              </dd>
            </div>
            <div>
              <dt>{signature.whenReceived}</dt>
              <dd>
                <code>
                  {visible(difference.before)}
                  <mark>{visible(difference.received)}</mark>
                </code>
              </dd>
            </div>
          </dl>
        </>
      )}
    </>
  );
}

/** Counts the characters of so many bytes. */
function charactersBefore(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(0, bytes)).length;
}

/** Shows what is not seen: line ends, and a byte order mark. */
function visible(text: string): string {
  return text.replaceAll('\r', '␍').replaceAll('\n', '↵\n').replaceAll('\uFEFF', '[BOM]');
}
