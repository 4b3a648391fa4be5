import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface EmptyProps {
  icon: IconName;
  title: string;
  /** Says how to get something. */
  hint: string;
  children?: ReactNode;
}

/** Stands where there is nothing yet: says so, and what to do. */
export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} size={36} />
      <p className="empty-title">{title}</p>
      <p className="faint">{hint}</p>
      {children}
    </div>
  );
}
