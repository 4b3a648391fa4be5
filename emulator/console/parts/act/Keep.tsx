import { useText } from '../../text/dictionary.ts';
import { Button } from '../Button.tsx';
import { isName } from '../text/name.ts';
import { Asked } from './Asked.tsx';

/** Whether something is kept beside all others, or in the place of one of its name. */
export type Manner = 'new' | 'replace';

interface KeepProps {
  words: string;
  name: string;
  /** Names that are there already. */
  taken: readonly string[];
  keep(manner: Manner): unknown;
  kind?: 'main' | 'plain';
  isDisabled?: boolean;
}

/** The button that keeps something under a name; where the name is taken, it asks before it replaces. */
export function Keep({ words, name, taken, keep, kind = 'plain', isDisabled }: KeepProps) {
  const { files } = useText();
  const isShut = isDisabled || !isName(name);
  if (!isShut && taken.includes(name.normalize('NFC'))) {
    return (
      <Asked words={files.replace} question={files.replaces(name)} act={() => keep('replace')} />
    );
  }
  return (
    <Button kind={kind} act={() => keep('new')} isDisabled={isShut}>
      {words}
    </Button>
  );
}
