import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { useText } from '../../text/dictionary.ts';
import type { TypedKeys } from './notice.ts';
import type { Doctor } from './useDoctor.ts';

/** The notification, to be pasted or changed by hand, and the keys that verify it. */
export function NoticeForm({ doctor }: { doctor: Doctor }) {
  const { signature } = useText();
  const { notice, edit } = doctor;
  return (
    <section className="card notice-form" aria-labelledby="notice-title">
      <div className="card-head">
        <h2 id="notice-title">{signature.notice}</h2>
        <Button kind="main" act={() => doctor.diagnose()}>
          {signature.diagnose}
        </Button>
      </div>
      <Field
        label={signature.headers}
        hint={signature.headersHint}
        value={notice.headers}
        change={(headers) => edit({ headers })}
        rows={6}
      />
      <Field
        label={signature.body}
        hint={signature.bodyHint}
        value={notice.body}
        change={(body) => edit({ body })}
        rows={8}
      />
      <div className="text-pair">
        <Field
          label={signature.receivedAt}
          hint={signature.timeHint}
          value={notice.receivedAt}
          change={(receivedAt) => edit({ receivedAt })}
        />
        <Field
          label={signature.clock}
          hint={signature.clockHint}
          value={notice.clock}
          change={(clock) => edit({ clock })}
        />
      </div>
      <Keys doctor={doctor} />
    </section>
  );
}

const NAMES: readonly (keyof TypedKeys)[] = [
  'mchid',
  'publicKeyId',
  'publicKey',
  'certificates',
  'apiV3Key',
];
const PEMS: readonly string[] = ['publicKey', 'certificates'];

function Keys({ doctor: { notice, edit } }: { doctor: Doctor }) {
  const { signature } = useText();
  const isGiven = Object.values(notice.keys).some((text) => text !== '');
  return (
    <details className="key-fields" open={isGiven || undefined}>
      <summary>{signature.keys}</summary>
      <p className="faint">{signature.keysHint}</p>
      {NAMES.map((name) => (
        <Field
          key={name}
          label={signature.keyNames[name]}
          value={notice.keys[name]}
          change={(text) => edit({ keys: { ...notice.keys, [name]: text } })}
          rows={PEMS.includes(name) ? 3 : 1}
        />
      ))}
    </details>
  );
}
