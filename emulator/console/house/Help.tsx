import { PAGES } from '../pages/pages.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { useText } from '../text/dictionary.ts';
import { KEYS } from './shortcuts.ts';

/** Every key that does something. */
export function Help({ isOpen, close }: { isOpen: boolean; close(): void }) {
  const { house } = useText();
  const names: readonly string[] = PAGES.map(({ name }) => name);
  const isThere = (name: string) => names.includes(name) || !(name in house.pages);
  return (
    <Dialog title={house.help} isOpen={isOpen} close={close} className="help">
      <dl className="keys">
        {KEYS.filter(({ name }) => isThere(name)).map(({ name, keys }) => (
          <div key={name}>
            <dt>{house.keys[name]}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
