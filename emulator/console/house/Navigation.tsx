import type { Page } from '../pages/pages.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Popover } from '../parts/Popover.tsx';
import { useText } from '../text/dictionary.ts';

interface NavigationProps {
  pages: readonly Page[];
  current: Page['name'] | undefined;
  openHelp(): void;
}

/** A narrow screen has room for so many pages, the one that is shown, and a menu of the others. */
const NARROW_MAX = 4;

/** The way to each page: at the side, or at the foot of a narrow screen. */
export function Navigation({ pages, current, openHelp }: NavigationProps) {
  const { house } = useText();
  const more = pages.slice(NARROW_MAX);
  return (
    <nav className="navigation" aria-label={house.menu}>
      <a className="brand" href="#/phone" aria-label={`${house.name} ${house.subtitle}`}>
        <span className="brand-mark" aria-hidden="true">
          ¥
        </span>
        <span className="brand-words">
          <strong>{house.name}</strong>
          <small>{house.subtitle}</small>
        </span>
      </a>
      <ul className="navigation-pages">
        {pages.map((page, index) => (
          <Entry
            key={page.name}
            of={page}
            isCurrent={page.name === current}
            className={index < NARROW_MAX ? '' : 'more-page'}
          />
        ))}
      </ul>
      {/* A page that was chosen closes the menu. */}
      <Popover
        key={current}
        className="more"
        label={house.more}
        button={
          <>
            <Icon name="more" size={20} />
            <span aria-hidden="true">{house.more}</span>
          </>
        }
      >
        <ul>
          {more.map((page) => (
            <Entry key={page.name} of={page} isCurrent={page.name === current} />
          ))}
        </ul>
        <button type="button" className="button" onClick={openHelp}>
          <Icon name="keyboard" />
          {house.help}
        </button>
      </Popover>
    </nav>
  );
}

interface EntryProps {
  of: Page;
  isCurrent: boolean;
  className?: string;
}

function Entry({ of: { name, icon }, isCurrent, className }: EntryProps) {
  const { house } = useText();
  return (
    <li className={className}>
      <a
        href={`#/${name}`}
        aria-label={house.pages[name]}
        title={house.pages[name]}
        aria-current={isCurrent ? 'page' : undefined}
      >
        <Icon name={icon} size={20} />
        <span>{house.pages[name]}</span>
      </a>
    </li>
  );
}
