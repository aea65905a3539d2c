// Whether this runtime can be an end of TLS. Pure. Reading TLS that passes through needs none of it.

/** Deno's node:tls serves, and checks certificates one by one, from here on. */
const LEAST: readonly [major: number, minor: number] = [2, 9];

/** Why TLS can be neither spoken to targets nor ended for clients on this version of Deno; null where it can. */
export function tlsLack(version: string): string | null {
  const [major, minor] = version.split(".").map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return null;
  return `TLS to targets and from clients needs tcpmon on Deno ${
    LEAST.join(".")
  } or later; this is ${version}`;
}
