import type { Page } from '../pages/pages.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useText } from '../text/dictionary.ts';

interface NavigationProps {
  pages: readonly Page[];
  current: Page['name'] | undefined;
}

/** The way to each page: at the side, or at the foot of a narrow screen. */
export function Navigation({ pages, current }: NavigationProps) {
  const { house } = useText();
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
      <ul>
        {pages.map(({ name, icon }) => (
          <li key={name}>
            <a
              href={`#/${name}`}
              aria-label={house.pages[name]}
              title={house.pages[name]}
              aria-current={name === current ? 'page' : undefined}
            >
              <Icon name={icon} size={20} />
              <span>{house.pages[name]}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
