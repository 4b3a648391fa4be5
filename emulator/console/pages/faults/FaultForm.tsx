import { useState } from 'react';
import { ask, CallError } from '../../client/client.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/text/Choice.tsx';
import { Field } from '../../parts/text/Field.tsx';
import { switchFaults } from '../../state/faults.ts';
import { type Dictionary, messageOf, useText } from '../../text/dictionary.ts';
import { byService, FIRST, faultOf, optionIn, type Places, type Typed } from './form.ts';

/** A refusal, and the field of the form that it is about; none where it is about something else. */
interface Wrong {
  field: string;
  error: unknown;
}

/** A form for a fault of one's own; what is refused is said beside its field. */
export function FaultForm() {
  const text = useText();
  const { faults: words } = text;
  const { data: places = [] } = useResource('fault places', () => ask('GET /_local/faults/places'));
  const [typed, setTyped] = useState(FIRST);
  const [wrong, setWrong] = useState<Wrong>();
  const option = optionIn(places, typed);
  const change = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part });
    setWrong(undefined);
  };
  const errorOf = (field: string) => {
    if (wrong?.field !== field) return undefined;
    return isFigure(field) ? words.figures[field].wrong : messageOf(wrong.error, text);
  };
  const fields = { typed, change, errorOf };
  const switchOn = async () => {
    if (!option) return;
    try {
      await switchFaults({ on: [faultOf(typed, option)] });
    } catch (error) {
      const field = error instanceof CallError ? error.field?.split('.').at(-1) : undefined;
      if (field === undefined || !(field in FIRST)) throw error;
      setWrong({ field, error });
    }
  };
  return (
    <section className="card fault-form" aria-labelledby="form-title">
      <h2 id="form-title">{words.own}</h2>
      <Where {...fields} places={places} kind={option?.kind ?? typed.kind} />
      {option && <Code {...fields} option={option} />}
      <div className="text-pair">
        {option?.kind === 'slow' && <Figure {...fields} name="delayMs" />}
        <Figure {...fields} name="times" />
        <Figure {...fields} name="probability" />
      </div>
      <div className="buttons">
        <Button kind="main" act={switchOn} isDisabled={!option}>
          {words.switchOn}
        </Button>
      </div>
    </section>
  );
}

interface FieldsProps {
  typed: Typed;
  change(part: Partial<Typed>): void;
  errorOf(field: string): string | undefined;
}

function Where({ typed, change, errorOf, places, kind }: WhereProps) {
  const { faults: words } = useText();
  const kinds = places.find(({ at }) => at === typed.at)?.kinds ?? [];
  return (
    <>
      <Choice
        label={words.at}
        value={typed.at}
        change={(at) => change({ at, code: '' })}
        error={errorOf('at')}
      >
        {byService(places).map(([service, of]) => (
          <optgroup key={service} label={words.services[service] ?? service}>
            {of.map(({ at }) => (
              <option key={at} value={at}>
                {words.places[at] ? `${words.places[at]} · ${at}` : at}
              </option>
            ))}
          </optgroup>
        ))}
      </Choice>
      <Choice
        label={words.kind}
        value={kind}
        change={(next) => change({ kind: next, code: '' })}
        hint={words.hints[kind]}
        error={errorOf('kind')}
      >
        {kinds.map((each) => (
          <option key={each.kind} value={each.kind}>
            {words.kinds[each.kind] ?? each.kind}
          </option>
        ))}
      </Choice>
    </>
  );
}

interface WhereProps extends FieldsProps {
  places: Places;
  kind: string;
}

function Code({ typed, change, errorOf, option }: CodeProps) {
  const { faults: words } = useText();
  const { codes, codePattern } = option;
  const shared = {
    label: words.code,
    value: typed.code,
    change: (code: string) => change({ code }),
    error: errorOf('code'),
  };
  if (codePattern !== undefined) return <Field {...shared} hint={words.codeHint} />;
  if (codes === undefined) return null;
  return (
    <Choice {...shared}>
      <option value="">{words.usual}</option>
      {codes.map((code) => (
        <option key={code}>{code}</option>
      ))}
    </Choice>
  );
}

interface CodeProps extends FieldsProps {
  option: NonNullable<ReturnType<typeof optionIn>>;
}

function Figure({ typed, change, errorOf, name }: FigureProps) {
  const { faults: words } = useText();
  const { label, hint } = words.figures[name];
  return (
    <Field
      label={label}
      hint={hint}
      value={typed[name]}
      change={(text) => change({ [name]: text })}
      error={errorOf(name)}
    />
  );
}

interface FigureProps extends FieldsProps {
  name: FigureName;
}

type FigureName = keyof Dictionary['faults']['figures'];

/** The form has its own units for these, so that a refusal in those of the control API would puzzle. */
function isFigure(field: string): field is FigureName {
  return field === 'delayMs' || field === 'times' || field === 'probability';
}
