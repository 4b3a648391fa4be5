import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Popover } from '../parts/Popover.tsx';
import { advance, moveTo, tomorrowAtTen, useClock, useNow } from '../state/clock.ts';
import { useText } from '../text/dictionary.ts';
import { beijing, duration } from '../text/forms.ts';

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

function Jumps() {
  const { house, language } = useText();
  const { data } = useClock();
  const { clock } = house;
  const next = data?.nextTimer;
  const aheadMs = data?.offsetMs ?? 0;
  return (
    <>
      <p className="panel-title">{clock.label}</p>
      <p className="faint">
        {aheadMs < 1000 ? clock.real : clock.ahead(duration(aheadMs, language))}
      </p>
      <div className="buttons">
        <Button act={() => advance('PT1M')}>{clock.minutes(1)}</Button>
        <Button act={() => advance('PT6M')}>{clock.minutes(6)}</Button>
        <Button act={() => advance('PT30M')}>{clock.minutes(30)}</Button>
        <Button act={() => advance('PT1H')}>{clock.hour}</Button>
        <Button act={() => moveTo(next?.at ?? '')} isDisabled={!next}>
          {clock.nextTimer}
        </Button>
        <Button act={() => moveTo(tomorrowAtTen(Date.now() + aheadMs))}>{clock.tomorrow}</Button>
      </div>
      <p className="faint">{next ? clock.next(next.name, beijing(next.at)) : clock.none}</p>
    </>
  );
}
