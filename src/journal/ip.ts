// IP addresses as text and as bytes. Pure; knows nothing of sockets.

/** The 4 or 16 bytes of an IPv4 or IPv6 address (RFC 4291, 2.2; a zone such as "%eth0" is left out). */
export function addressBytes(host: string): Uint8Array {
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
