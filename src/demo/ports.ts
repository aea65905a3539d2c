// Finds the port that a listener of the demo is to take: the wanted one, or the next that is free.

/** How many ports after the wanted one are tried. */
const TRIES = 100;

/** The first port from `wanted` on that nothing listens on at 127.0.0.1. Throws when 100 in a row are used. */
export function nextFreePort(wanted: number): number {
  for (let port = wanted; port < wanted + TRIES && port <= 65535; port++) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error(
    `Cannot listen: the ${TRIES} ports from ${wanted} on are all used. End some of the programs there.`,
  );
}
