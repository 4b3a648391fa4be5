import { ask } from '../../client/client.ts';
import { Button } from '../../parts/Button.tsx';
import { useText } from '../../text/dictionary.ts';
import { CAUSES, type Cause, SPOILS } from './spoil.ts';
import type { Doctor } from './useDoctor.ts';

/** A button for each known cause: it spoils the notification in that way, and has it diagnosed. */
export function Spoils({ doctor }: { doctor: Doctor }) {
  const { signature } = useText();
  const { original, diagnose } = doctor;
  const isEmpty = original.body === '';
  const spoil = async (cause: Cause) => {
    const world = await ask('GET /_local/world');
    await diagnose(await SPOILS[cause](original, world));
  };
  return (
    <section className="card spoils" aria-labelledby="spoils-title">
      <h2 id="spoils-title">{signature.spoil}</h2>
      <p className="faint">{isEmpty ? signature.needsNotice : signature.spoilHint}</p>
      <div className="buttons">
        <Button act={() => diagnose(original)} isDisabled={isEmpty}>
          {signature.genuine}
        </Button>
        {CAUSES.map((cause) => (
          <Button key={cause} act={() => spoil(cause)} isDisabled={isEmpty}>
            {signature.causes[cause]}
          </Button>
        ))}
      </div>
    </section>
  );
}
