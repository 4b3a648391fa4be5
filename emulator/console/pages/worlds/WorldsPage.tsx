import { ask } from '../../client/client.ts';
import { importWorld } from '../../client/files.ts';
import { useResource } from '../../client/resource.ts';
import { Import } from '../../parts/act/Import.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { Unread } from '../../parts/text/Unread.tsx';
import { useText } from '../../text/dictionary.ts';
import { Save } from './Save.tsx';
import { WorldLine } from './WorldLine.tsx';

/** The saved worlds: the present one is saved, another is put in its place, and files are carried away and back. */
export function WorldsPage() {
  const { worlds } = useText();
  const saved = useResource('snapshots', () => ask('GET /_local/snapshots'));
  const { data } = saved;
  const taken = (data ?? []).map(({ name }) => name);
  return (
    <>
      <header className="page-head">
        <h1>{worlds.title}</h1>
        <p className="faint">{worlds.intro}</p>
      </header>
      <div className="worlds-page">
        <section className="card" aria-labelledby="saved-title">
          <h2 id="saved-title">{worlds.saved}</h2>
          {data === undefined && <Unread of={saved} />}
          {data?.length === 0 && (
            <Empty icon="worlds" title={worlds.nothing} hint={worlds.nothingHint} />
          )}
          <ul className="worlds-list">
            {data?.map((world) => (
              <WorldLine key={world.name} world={world} />
            ))}
          </ul>
        </section>
        <div className="order-page">
          <Save taken={taken} />
          <Import
            hint={worlds.importHint}
            label={worlds.file}
            accept=".gz"
            taken={taken}
            keep={importWorld}
          />
        </div>
      </div>
    </>
  );
}
