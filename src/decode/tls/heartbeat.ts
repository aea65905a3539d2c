// Heartbeats (RFC 6520): one side sends bytes and the other sends them back. One that asks for more bytes than it sends is
// how Heartbleed (CVE-2014-0160) reads a server's memory.

/** A heartbeat message in words, and whether it is wrong. */
export function heartbeatWords(bytes: Uint8Array): { readonly text: string; readonly fault: string | null } {
  const kind = bytes[0] === 1 ? "request" : bytes[0] === 2 ? "response" : `type ${bytes[0]}`;
  if (bytes.length < 3) {
    return { text: `heartbeat, ${bytes.length} B`, fault: "A heartbeat has 3 B at the least" };
  }
  const asked = bytes[1] * 256 + bytes[2];
  const sent = bytes.length - 3;
  return {
    text: `heartbeat ${kind}: payload of ${asked.toLocaleString("en")} B`,
    fault: asked <= sent
      ? null
      : `A heartbeat ${kind} claims ${asked.toLocaleString("en")} B and has ${
        sent.toLocaleString("en")
      } B: this is what Heartbleed does`,
  };
}
