import { Button } from '../parts/Button.tsx';
import { removeScenario, stopRecording, useScenarios } from '../state/scenarios.ts';
import { useText } from '../text/dictionary.ts';

/** Says on every page that what is done is being recorded, and ends it. */
export function RecordingBar() {
  const { scenarios } = useText();
  const { data } = useScenarios();
  const { recording } = data ?? {};
  return (
    <div role="status" className="recording-place">
      {recording && (
        <div className="recording">
          <span className="recording-words">
            <span className="recording-dot" aria-hidden="true" />
            {scenarios.recording(recording.name, recording.steps)}
            {recording.isFull && ` · ${scenarios.full}`}
          </span>
          <span className="buttons">
            <Button act={() => stopRecording(recording.name)} isDisabled={recording.steps === 0}>
              {scenarios.stop}
            </Button>
            <Button kind="quiet" act={() => removeScenario(recording.name)}>
              {scenarios.giveUp}
            </Button>
          </span>
        </div>
      )}
    </div>
  );
}
