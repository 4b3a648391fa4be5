import { expect, test } from 'vitest';
import { createHosts, OFFICIAL_HOSTS } from './hosts.ts';

const [first, second] = OFFICIAL_HOSTS;

test('the official address has another, and whichever worked last is kept', () => {
  const hosts = createHosts(`${first}/`);
  expect(hosts.current()).toBe(first);
  expect(hosts.alternativeTo(first)).toBeDefined();
  hosts.failOver(first);
  expect(hosts.current()).toBe(second);
  expect(hosts.alternativeTo(first), 'a call that failed beside changes nothing').toBeDefined();
  hosts.failOver(first);
  expect(hosts.current()).toBe(second);
  expect(hosts.alternativeTo(second)).toBeDefined();
  hosts.failOver(second);
  expect(hosts.current()).toBe(first);
});

test.each(['http://127.0.0.1:7100', 'https://proxy.example/wechatpay', second])(
  '%s has no other to go over to',
  (address) => {
    const hosts = createHosts(address);
    expect(hosts.alternativeTo(address)).toBeUndefined();
    hosts.failOver(address);
    expect(hosts.current()).toBe(address);
  },
);
