// IP addresses as text and as bytes. Pure; knows nothing of sockets.

/** Addresses that were asked for before: a new Connection mostly has the same two. */
const known = new Map<string, Uint8Array>();
const MOST_KNOWN = 1_000;

/**
 * The 4 or 16 bytes of an IPv4 or IPv6 address (RFC 4291, 2.2; a zone such as "%eth0" is left out). Who asks for the
 * same address again is given the same bytes.
 */
export function addressBytes(host: string): Uint8Array {
  let bytes = known.get(host);
  if (bytes === undefined) {
    bytes = read(host);
    if (known.size < MOST_KNOWN) known.set(host, bytes);
  }
  return bytes;
}

function read(host: string): Uint8Array {
  if (!host.includes(":")) return Uint8Array.from(host.split("."), Number);
  const text = host.replace(/%.*$/, "").replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const word = (high: string, low: string) => ((Number(high) << 8) | Number(low)).toString(16);
    return `${word(a, b)}:${word(c, d)}`;
  });
  const [before, after] = text.split("::");
  const words = (part: string | undefined) => part ? part.split(":").map((word) => parseInt(word, 16)) : [];
  const left = words(before);
  const right = words(after);
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}
