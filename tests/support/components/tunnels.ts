import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { selfSigned } from '../../../emulator/wechatpay/keys/certificate.ts';

/** A proxy that leads to stand-ins alone. */
export interface Tunnels {
  /** The value for HTTPS_PROXY. */
  proxyUrl: string;
  /** The contents for NODE_EXTRA_CA_CERTS: PEM, one a host. */
  certificates: string;
  /** `host:port` of every tunnel that was asked for. */
  requested: Set<string>;
  /** The tunnels that lead nowhere here, and were refused. */
  refused: Set<string>;
  close(): Promise<void>;
}

/** A request, read to its end. */
export interface TunnelRequest {
  method: string;
  host: string;
  url: URL;
  body: Buffer;
}

/** The answer to a request. */
export interface TunnelAnswer {
  status: number;
  body: string;
}

type Handler = (requested: TunnelRequest) => TunnelAnswer;

/**
 * Opens a proxy (CONNECT) on a free port of the loopback address. TLS to a host of `secure` ends
 * here, with a certificate made now; `open` hosts are reached on port 80 without TLS. No other host
 * is reached.
 */
export async function openTunnels(
  secure: { hosts: readonly string[]; answer: Handler },
  open: { hosts: readonly string[]; answer: Handler },
): Promise<Tunnels> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' });
  const certificates = new Map(
    secure.hosts.map((cn) => [cn, selfSigned(privateKey, { o: 'Stand-in', cn })]),
  );
  const onTls = createSecureServer(
    {
      SNICallback: (name, found) => {
        const cert = certificates.get(name);
        if (cert) found(null, createSecureContext({ key, cert }));
        else found(new Error(`no such host here: ${name}`));
      },
    },
    makeListener(secure.answer),
  );
  const onPlain = createServer(makeListener(open.answer));
  const requested = new Set<string>();
  const refused = new Set<string>();
  const sockets = new Set<Socket>();
  const leadsTo = (target: string) => {
    const [host = '', port] = target.split(':');
    if (port === '443' && certificates.has(host)) return onTls;
    return port === '80' && open.hosts.includes(host) ? onPlain : undefined;
  };
  const proxy = createServer((_, outgoing) => outgoing.writeHead(405).end());
  proxy.on('connect', ({ url: target = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    requested.add(target);
    const server = leadsTo(target);
    if (!server) {
      refused.add(target);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    certificates: [...certificates.values()].join(''),
    requested,
    refused,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function makeListener(answer: Handler): RequestListener {
  return (incoming, outgoing) => {
    const answered = async () => {
      const { status, body } = answer(await readRequest(incoming));
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    answered().catch((error: unknown) => outgoing.destroy(error as Error));
  };
}

async function readRequest(incoming: IncomingMessage): Promise<TunnelRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const host = (incoming.headers.host ?? '').replace(/:\d+$/, '');
  const url = new URL(incoming.url ?? '/', `http://${host}`);
  return { method: incoming.method ?? '', host, url, body: Buffer.concat(chunks) };
}
