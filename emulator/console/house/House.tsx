import { useEffect, useRef, useState } from 'react';
import { PAGES, pageAt } from '../pages/pages.tsx';
import { useAddress } from '../state/address.ts';
import { useSettings } from '../state/settings.ts';
import { DictionaryContext, dictionaries } from '../text/dictionary.ts';
import { Help } from './Help.tsx';
import { Navigation } from './Navigation.tsx';
import { Notices } from './Notices.tsx';
import { Palette } from './Palette.tsx';
import { RecordingBar } from './RecordingBar.tsx';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './TopBar.tsx';

/** One thing at most is open above the page. */
type Open = 'help' | 'palette' | undefined;

/** The frame around every page. */
export function House() {
  const { language } = useSettings();
  const text = dictionaries[language];
  const [open, setOpen] = useState<Open>();
  const address = useAddress();
  const page = pageAt(address);
  useShortcuts({ openHelp: () => setOpen('help'), openPalette: () => setOpen('palette') });
  // The browser says later that a dialog closed: by then another one may be open.
  const closing = (one: Open) => () => setOpen((now) => (now === one ? undefined : now));
  useFocusOn(address.path.join('/'));
  useEffect(() => {
    const name = page ? text.house.pages[page.name] : text.house.notFound;
    document.title = `${name} · ${text.house.name}`;
  }, [page, text]);
  return (
    <DictionaryContext value={text}>
      <button type="button" className="skip" onClick={focusMain}>
        {text.house.skip}
      </button>
      <div className="house">
        <Navigation pages={PAGES} current={page?.name} openHelp={() => setOpen('help')} />
        <div className="house-body">
          <TopBar openHelp={() => setOpen('help')} openPalette={() => setOpen('palette')} />
          <RecordingBar />
          <Notices />
          <main id="main" tabIndex={-1}>
            {page ? page.show(address) : <NotFound />}
          </main>
        </div>
      </div>
      <Help isOpen={open === 'help'} close={closing('help')} />
      <Palette isOpen={open === 'palette'} close={closing('palette')} />
    </DictionaryContext>
  );
}

/** Focuses what begins the page that somebody went to, unless they are in it already: a list beside its detail. */
function useFocusOn(path: string): void {
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    const isInside = document.getElementById('main')?.contains(document.activeElement);
    if (!isInside && document.querySelector('dialog[open]') === null) focusMain();
  }, [path]);
}

/** Focuses the heading of the page; the page where it has none yet. */
function focusMain(): void {
  const main = document.getElementById('main');
  const heading = main?.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  (heading ?? main)?.focus();
}

function NotFound() {
  const { language } = useSettings();
  const { house } = dictionaries[language];
  return (
    <div className="empty">
      <h1 className="empty-title">{house.notFound}</h1>
      <a className="button main" href="#/phone">
        {house.toHome}
      </a>
    </div>
  );
}
