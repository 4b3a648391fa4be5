/** The two addresses of APIv3. Source: P4015139289, 请求域名. */
export const OFFICIAL_HOSTS = [
  'https://api.mch.weixin.qq.com',
  'https://api2.mch.weixin.qq.com',
] as const;

/** Holds the address of requests: the first, or the other one since the first failed (主备域名). */
export interface Hosts {
  /** The address to send to now. */
  current(): string;
  /** The address to send to once `host` failed; undefined where there is no other. */
  alternativeTo(host: string): string | undefined;
  /**
   * Goes over to the other address once `host` failed, unless a call beside this one did already. It
   * stays there until that one fails: an instance lives for minutes.
   */
  failOver(host: string): void;
}

/** Makes the addresses of one instance; only the official one has another to go over to. */
export function createHosts(apiUrl: string): Hosts {
  const configured = apiUrl.replace(/\/$/, '');
  const [first, second] = OFFICIAL_HOSTS;
  const pair = configured === first ? [first, second] : [configured];
  let current = configured;
  const alternativeTo = (host: string) =>
    current === host ? pair.find((other) => other !== host) : current;
  return {
    current: () => current,
    alternativeTo,
    failOver: (host) => {
      current = alternativeTo(host) ?? current;
    },
  };
}
