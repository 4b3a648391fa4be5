import { useText } from '../../text/dictionary.ts';
import { Button } from '../Button.tsx';
import { useToggle } from '../toggle.ts';

interface AskedProps {
  words: string;
  /** Says what is lost. */
  question: string;
  act(): unknown;
}

/** A button that says first what is lost by it, and does it at the second press. */
export function Asked({ words, question, act }: AskedProps) {
  const { files } = useText();
  const asked = useToggle();
  if (!asked.isOn) return <Button act={asked.turnOn}>{words}</Button>;
  const doIt = async () => {
    await act();
    asked.turnOff();
  };
  return (
    <fieldset className="world-question" aria-label={words}>
      <p>{question}</p>
      <Button kind="main" act={doIt}>{`${files.sure}${words}`}</Button>
      <Button act={asked.turnOff}>{files.leave}</Button>
    </fieldset>
  );
}
