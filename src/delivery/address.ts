/**
 * Where messages may be sent: a `serviceUrl` comes from outside and would receive our token, so only listed https hosts,
 * their regional sub-domains, and listed loopback origins are allowed. Pure.
 */

/** `hosts` as in BOT_SERVICE_HOSTS: host names (https only) or loopback origins such as `http://127.0.0.1:9000`. */
export function isAllowedService(serviceUrl: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const url = new URL(serviceUrl);
  if (url.username || url.password) return false;
  return hosts.some((allowed) => {
    if (allowed.includes('://')) return URL.canParse(allowed) && new URL(allowed).origin === url.origin;
    const name = allowed.toLowerCase();
    return (
      url.protocol === 'https:' &&
      url.port === '' &&
      (url.hostname === name || url.hostname.endsWith(`.${name}`))
    );
  });
}

/** The id to post new messages to: Teams appends `;messageid=…` for a thread of a channel. */
export function conversationRoot(conversationId: string): string {
  return conversationId.replace(/;messageid=.*$/, '');
}
