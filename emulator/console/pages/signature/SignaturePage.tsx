import { useText } from '../../text/dictionary.ts';
import { NoticeForm } from './NoticeForm.tsx';
import { Picks } from './Picks.tsx';
import { Result } from './Result.tsx';
import { Spoils } from './Spoils.tsx';
import { useDoctor } from './useDoctor.ts';

/** The signature doctor: a notification at the left, what is wrong with it at the right. */
export function SignaturePage() {
  const { signature } = useText();
  const doctor = useDoctor();
  return (
    <>
      <header className="page-head">
        <h1>{signature.title}</h1>
        <p className="faint">{signature.intro}</p>
      </header>
      <div className="signature-page">
        <div className="signature-side">
          <Picks doctor={doctor} />
          <NoticeForm doctor={doctor} />
        </div>
        <div className="signature-side">
          <Spoils doctor={doctor} />
          <Result diagnosis={doctor.diagnosis} />
        </div>
      </div>
    </>
  );
}
