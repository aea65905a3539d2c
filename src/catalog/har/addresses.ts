// Addresses as HAR has them. Pure.

/** The IP address of `host:port`, without port, brackets and zone; null where the host is a name. */
export function stripPort(address: string): string | null {
  const host = address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":") ? host : null;
}
