import { Icon } from '../parts/Icon.tsx';
import { Jumps } from '../parts/Jumps.tsx';
import { Popover } from '../parts/Popover.tsx';
import { useNow } from '../state/clock.ts';
import { useText } from '../text/dictionary.ts';
import { beijing } from '../text/forms.ts';

/** The virtual time on every page, and how to move it. */
export function ClockControl() {
  const { house } = useText();
  const nowMs = useNow();
  const shown = nowMs === undefined ? '—' : beijing(nowMs);
  return (
    <Popover
      className="clock"
      label={house.clock.open}
      button={
        <>
          <Icon name="clock" />
          <time className="figures" title={house.clock.label}>
            <span className="clock-day">{shown.slice(0, 11)}</span>
            {shown.slice(11) || shown}
          </time>
        </>
      }
    >
      <Jumps />
    </Popover>
  );
}
