/** The icons of the console, as paths in a square of 24. */
const PATHS = {
  phone: 'M8 2.5h8a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2ZM10.5 18.5h3',
  orders: 'M5 4h14v16l-2.5-1.6L14 20l-2-1.6L10 20l-2.5-1.6L5 20V4ZM9 9h6M9 13h6',
  timeline: 'M4 6h7M8 12h8M13 18h7M4 3v18',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3 2',
  fault: 'M12 3.5 21 19H3L12 3.5ZM12 10v4M12 16.6v.2',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z',
  system: 'M4 5h16v11H4V5ZM9 20h6M12 16v4',
  keyboard: 'M3 6.5h18v11H3v-11ZM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8',
  search: 'M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM16 16l4 4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'm6 6 12 12M18 6 6 18',
  wait: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8 12h.01M12 12h.01M16 12h.01',
  copy: 'M9 9h10v11H9V9ZM5 15V4h10',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  shield: 'M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6l7-2.5ZM8.8 12l2.3 2.3 4.2-4.4',
  api: 'M8.5 5C6 5 7.5 11 4.5 12c3 1 1.5 7 4 7M15.5 5c2.5 0 1 6 4 7-3 1-1.5 7-4 7M12 9v.2M12 15v.2',
  functions: 'M4 5h16v6H4V5ZM4 13h16v6H4v-6ZM7.5 8h.01M7.5 16h.01M11 8h5M11 16h5',
  worlds: 'M4 7.5 12 4l8 3.5-8 3.5-8-3.5ZM4 12l8 3.5 8-3.5M4 16.5 12 20l8-3.5',
  scenarios: 'M4 5h16v14H4V5ZM10 9l5 3-5 3V9Z',
  bag: 'M5 8h14l1 12H4L5 8ZM9 8V7a3 3 0 0 1 6 0v1',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  erase: 'M9 6h11v12H9l-6-6 6-6ZM12.5 10l4 4M16.5 10l-4 4',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a word that says the same: readers of screens skip it. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
