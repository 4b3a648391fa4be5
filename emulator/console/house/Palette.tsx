import { useState } from 'react';
import { useAction } from '../parts/action.ts';
import { Dialog, focusOnOpen } from '../parts/Dialog.tsx';
import { useNow } from '../state/clock.ts';
import { usePresets } from '../state/faults.ts';
import { useText } from '../text/dictionary.ts';
import { type Command, commandsIn, matching, ordersIn } from './commands.ts';
import { useOrdersNamed } from './ordersNamed.ts';

interface PaletteProps {
  isOpen: boolean;
  close(): void;
}

/** Everything that can be done from any page, found by typing. */
export function Palette({ isOpen, close }: PaletteProps) {
  const { house } = useText();
  return (
    <Dialog title={house.palette} isOpen={isOpen} close={close} className="palette" isBare>
      <Chooser close={close} />
    </Dialog>
  );
}

function Chooser({ close }: { close(): void }) {
  const text = useText();
  const { run } = useAction();
  const nowMs = useNow();
  const { data: presets = [] } = usePresets();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const orders = useOrdersNamed(typed.trim());
  const commands = [...matching(commandsIn(text, nowMs, presets), typed), ...ordersIn(orders)];
  const at = Math.min(chosen, Math.max(0, commands.length - 1));
  const choose = (command: Command | undefined) => {
    if (!command) return;
    close();
    run(command.act);
  };
  const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  return (
    <>
      <input
        className="palette-input"
        ref={focusOnOpen}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={commands.length > 0 ? `palette-${at}` : undefined}
        aria-label={text.house.palettePrompt}
        placeholder={text.house.palettePrompt}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          const move = moves[event.key];
          if (move !== undefined && commands.length > 0) {
            event.preventDefault();
            setChosen((at + move + commands.length) % commands.length);
          }
          if (event.key === 'Enter') choose(commands[at]);
        }}
      />
      <Choices commands={commands} at={at} choose={choose} />
    </>
  );
}

interface ChoicesProps {
  commands: readonly Command[];
  at: number;
  choose(command: Command): void;
}

function Choices({ commands, at, choose }: ChoicesProps) {
  const { house } = useText();
  if (commands.length === 0) return <p className="faint palette-none">{house.paletteEmpty}</p>;
  return (
    <div id="palette-list" role="listbox" aria-label={house.palette} className="palette-list">
      {commands.map((command, index) => (
        <div
          key={command.title}
          id={`palette-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onPointerDown={(event) => {
            event.preventDefault();
            choose(command);
          }}
        >
          {command.title}
        </div>
      ))}
    </div>
  );
}
