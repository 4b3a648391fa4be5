import type { ReactNode } from 'react';
import type { IconName } from '../parts/Icon.tsx';
import type { Address } from '../state/address.ts';
import { ApiPage } from './api/ApiPage.tsx';
import { FaultsPage } from './faults/FaultsPage.tsx';
import { FunctionsPage } from './functions/FunctionsPage.tsx';
import { OrderPage } from './order/OrderPage.tsx';
import { OrdersPage } from './orders/OrdersPage.tsx';
import { PhonePage } from './phone/PhonePage.tsx';
import { ScenariosPage } from './scenarios/ScenariosPage.tsx';
import { SignaturePage } from './signature/SignaturePage.tsx';
import { TimePage } from './time/TimePage.tsx';
import { TimelinePage } from './timeline/TimelinePage.tsx';
import { WorldsPage } from './worlds/WorldsPage.tsx';

/** A page of the console: what the navigation calls it, its key, and what it shows. */
export interface Page {
  name:
    | 'phone'
    | 'orders'
    | 'time'
    | 'signature'
    | 'api'
    | 'timeline'
    | 'functions'
    | 'faults'
    | 'worlds'
    | 'scenarios';
  icon: IconName;
  /** Pressed after `g`, it leads here. */
  key: string;
  show(address: Address): ReactNode;
}

/** Lists the pages in the order of the navigation. */
export const PAGES: readonly Page[] = [
  { name: 'phone', icon: 'phone', key: 'p', show: () => <PhonePage /> },
  {
    name: 'orders',
    icon: 'orders',
    key: 'o',
    show: ({ path }) =>
      path[1] === undefined ? <OrdersPage /> : <OrderPage key={path[1]} outTradeNo={path[1]} />,
  },
  { name: 'timeline', icon: 'timeline', key: 't', show: () => <TimelinePage /> },
  { name: 'signature', icon: 'shield', key: 's', show: () => <SignaturePage /> },
  { name: 'api', icon: 'api', key: 'a', show: (address) => <ApiPage address={address} /> },
  {
    name: 'functions',
    icon: 'functions',
    key: 'f',
    show: (address) => <FunctionsPage address={address} />,
  },
  { name: 'time', icon: 'clock', key: 'c', show: () => <TimePage /> },
  { name: 'faults', icon: 'fault', key: 'x', show: () => <FaultsPage /> },
  { name: 'worlds', icon: 'worlds', key: 'w', show: () => <WorldsPage /> },
  { name: 'scenarios', icon: 'scenarios', key: 'r', show: () => <ScenariosPage /> },
];

/** Finds the page at an address; the first one stands at the bare address. */
export function pageAt({ path }: Address): Page | undefined {
  const [name = PAGES[0]?.name] = path;
  return PAGES.find((page) => page.name === name);
}
