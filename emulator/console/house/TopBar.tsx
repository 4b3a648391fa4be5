import { Icon, type IconName } from '../parts/Icon.tsx';
import { nextTheme, otherLanguage, type Theme, useSettings } from '../state/settings.ts';
import { useText } from '../text/dictionary.ts';
import { ClockControl } from './ClockControl.tsx';
import { FaultControl } from './FaultControl.tsx';

interface TopBarProps {
  openHelp(): void;
  openPalette(): void;
}

const THEME_ICONS: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' };

/** The head of every page: time, faults, commands, language, appearance. */
export function TopBar({ openHelp, openPalette }: TopBarProps) {
  const { house } = useText();
  const { theme } = useSettings();
  return (
    <header className="top">
      <button type="button" className="button search" onClick={openPalette}>
        <Icon name="search" />
        <span>{house.palette}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="top-tools">
        <ClockControl />
        <FaultControl />
        <button
          type="button"
          className="button quiet"
          onClick={otherLanguage}
          title={house.languageLabel}
        >
          {house.language}
        </button>
        <button
          type="button"
          className="button quiet icon-only"
          onClick={nextTheme}
          aria-label={`${house.themeLabel}: ${house.theme[theme]}`}
          title={`${house.themeLabel}: ${house.theme[theme]}`}
        >
          <Icon name={THEME_ICONS[theme]} />
        </button>
        <button
          type="button"
          className="button quiet icon-only wide-only"
          onClick={openHelp}
          aria-label={house.help}
          title={`${house.help} (?)`}
        >
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
  );
}
