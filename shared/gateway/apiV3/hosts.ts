/** The two addresses of APIv3. Source: P4015139289, 请求域名. */
export const OFFICIAL_HOSTS = [
  'https://api.mch.weixin.qq.com',
  'https://api2.mch.weixin.qq.com',
] as const;

/** Where requests go: the first address, or the other one since the first failed (主备域名). */
export interface Hosts {
  /** The address to ask now. */
  current(): string;
  /**
   * Goes over to the other address, once `host` failed; tells whether there is another than that
   * one to ask. It stays there until that one fails: an instance lives for minutes.
   */
  failOver(host: string): boolean;
}

/** Makes the addresses of one instance; only the official one has another to go over to. */
export function createHosts(apiUrl: string): Hosts {
  const given = apiUrl.replace(/\/$/, '');
  const [first, second] = OFFICIAL_HOSTS;
  const other = given === first ? second : given;
  let current = given;
  return {
    current: () => current,
    failOver: (host) => {
      if (current === host) current = current === given ? other : given;
      return current !== host;
    },
  };
}
