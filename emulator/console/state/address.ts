import { useSyncExternalStore } from 'react';

/** Where in the console somebody is, as the address says: `#/orders/T1?text=coffee`. */
export interface Address {
  path: string[];
  query: Record<string, string>;
}

/** Reads the part of an address after its `#`. */
export function addressIn(hash: string): Address {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

/** Text that is no escape is what it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Writes an address as a link has it; empty fields are left out. */
export function hrefOf({ path, query }: Address): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${path.map(encodeURIComponent).join('/')}${search}`;
}

/** Uses where somebody is. */
export function useAddress(): Address {
  const hash = useSyncExternalStore(
    (listener) => {
      addEventListener('hashchange', listener);
      return () => removeEventListener('hashchange', listener);
    },
    () => location.hash,
  );
  return addressIn(hash);
}

/** Changes the address of the page that is shown; it leaves no step in the history. */
export function replaceAddress(address: Address): void {
  location.replace(hrefOf(address));
}

/** Goes to a page. */
export function goTo(...path: string[]): void {
  location.hash = hrefOf({ path, query: {} });
}
