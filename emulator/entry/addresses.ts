import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isThisMachine } from './admission.ts';

/** Who listens at one of these listens at every address. */
export const EVERY_ADDRESS: readonly string[] = ['0.0.0.0', '::'];

/** Lists the addresses by which other devices reach a local cloud that listens at `host`, with the token. */
export function remoteUrls(
  host: string | undefined,
  { port, token }: { port: number; token: string },
): string[] {
  if (host === undefined || isThisMachine(host)) return [];
  const hosts = EVERY_ADDRESS.includes(host) ? ownAddresses() : [host];
  return hosts.map((each) => `http://${isIPv6(each) ? `[${each}]` : each}:${port}/~${token}`);
}

/** Lists the addresses of this machine in its networks; those of IPv6 are left out where a phone cannot type them. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}
