import type { Sent } from './repeatable.ts';

/** Headers that curl makes by itself. */
const OWN = /^(?:host|connection|content-length|accept-encoding|transfer-encoding)$/i;

/** Writes a request as a command for a shell; `origin` is the local cloud's. */
export function asCurl({ line, headers, body }: Sent, origin: string): string {
  const [method = 'GET', target = ''] = line.split(' ');
  // The address of a notification is the cloud's own one: what is sent again stays on this machine.
  const url = origin + target.replace(/^https?:\/\/[^/]+/, '');
  const sent = Object.entries(headers).filter(([name]) => !OWN.test(name));
  const given = sent.length > 0 ? sent : [['content-type', 'application/json']];
  const lines = [
    `curl -sS -X ${method} ${quoted(url)}`,
    ...given.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return `${lines.join(' \\\n  ')}\n`;
}

/** Quotes for every POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
