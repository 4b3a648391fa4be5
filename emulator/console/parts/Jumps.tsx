import { advance, moveTo, moveToTimer, tomorrowAtTen, useClock } from '../state/clock.ts';
import { useText } from '../text/dictionary.ts';
import { beijing, duration } from '../text/forms.ts';
import { Button } from './Button.tsx';

/** The jumps that time is moved by, with how far it is from real time. */
export function Jumps() {
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
        <Button act={() => moveToTimer(next?.at ?? '')} isDisabled={!next}>
          {clock.nextTimer}
        </Button>
        <Button act={() => moveTo(tomorrowAtTen(Date.now() + aheadMs))}>{clock.tomorrow}</Button>
      </div>
      <p className="faint">{next ? clock.next(next.name, beijing(next.at)) : clock.none}</p>
    </>
  );
}
