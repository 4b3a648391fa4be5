import type { Credential } from './world/tc3.ts';
import type { World } from './world/world.ts';

const SECRET_BYTES = 24;

/** The keys of a local cloud open it to the SDKs, and to calls of the merchant's own server. */
export interface Secrets {
  secretId: string;
  secretKey: string;
  token: string;
  /** A permanent key, which has no session token. */
  permanentId: string;
  permanentKey: string;
  /** Who comes from another machine shows it. */
  entryToken: string;
  /** The API Key of CloudBase's HTTP API. */
  apiKey: string;
  serviceKey: string;
  eventsKey: string;
}

/** Reads the keys of a local cloud: drawn once, stored in its data file. */
export function openSecrets({ data, randomBytes }: World): Secrets {
  const table = data.table<string>('secrets');
  const secret = (name: string) => {
    const text = table.get(name) ?? randomBytes(SECRET_BYTES).toString('hex');
    table.put(name, text);
    return text;
  };
  return {
    secretId: `AKIDlocal${secret('secretId').slice(0, 16)}`,
    secretKey: secret('secretKey'),
    token: secret('token'),
    permanentId: `AKIDlocal${secret('permanentId').slice(0, 16)}`,
    permanentKey: secret('permanentKey'),
    entryToken: secret('entryToken').slice(0, 32),
    apiKey: secret('apiKey'),
    serviceKey: secret('serviceKey'),
    eventsKey: `whsec_${Buffer.from(secret('eventsKey'), 'hex').toString('base64')}`,
  };
}

/** Finds the credential by its id: the one of each start, and the permanent one. */
export function credentialsOf({
  secretId,
  secretKey,
  token,
  permanentId,
  permanentKey,
}: Secrets): (id: string) => Credential | undefined {
  const known = new Map<string, Credential>([
    [secretId, { secretKey, token }],
    [permanentId, { secretKey: permanentKey }],
  ]);
  return (id: string) => known.get(id);
}
