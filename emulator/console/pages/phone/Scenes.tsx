import { Button } from '../../parts/Button.tsx';
import { useText } from '../../text/dictionary.ts';
import type { Phone } from './phone.ts';
import { SCENE_NAMES } from './scenes.ts';

/** Choices of what happens to a payer between the sheet and the mini program's next line. */
export function Scenes({ device }: { device: Phone }) {
  const { phone } = useText();
  const isOpen = device.screen.kind === 'sheet';
  return (
    <section className="card scenes" aria-labelledby="scenes-title">
      <h2 id="scenes-title">{phone.scenes.title}</h2>
      <p className="faint">{isOpen ? phone.scenes.intro : phone.scenes.needsSheet}</p>
      <ul>
        {SCENE_NAMES.map((name) => {
          const [title, end] = phone.scenes[name];
          return (
            <li key={name}>
              <Button act={() => device.play(name)} isDisabled={!isOpen} title={end}>
                {title}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
