// Random requests, as clients might send them and as they should not, for properties of Drafts.

/** Numbers from a seed (mulberry32), each at least 0 and less than 1. */
export function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed that is printed, so that a failure can be had again: `TCPMON_SEED=… deno test …`. */
export function printedSeed(): number {
  const seed = Number(Deno.env.get("TCPMON_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  console.log(`TCPMON_SEED=${seed}`);
  return seed;
}

/** One character a byte. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The bytes as text, one character a byte. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A request as bytes in a text, one character each. */
export function randomRequest(random: () => number): string {
  const pick = <T>(...from: readonly T[]): T => from[Math.floor(random() * from.length)];
  const word = (most: number) =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(..."abcXYZ019-_")).join("");
  const data = (most: number) =>
    Array.from({ length: Math.floor(random() * most) }, () => String.fromCharCode(Math.floor(random() * 256)))
      .join("");
  const usual = pick("\r\n", "\r\n", "\r\n", "\n");
  const end = () => random() < 0.9 ? usual : pick("\r\n", "\n");
  const value = () => pick(word(20), "", "  spaced\t", "caf\xe9", "caf\xc3\xa9", "a\rb", `"${word(5)}": x`);
  const lines = Array.from(
    { length: Math.floor(random() * 6) },
    () =>
      pick(`${word(9)}: ${value()}`, `${word(9)}:${value()}`, `X: a${end()} folded`, word(4), ": nameless"),
  );
  const isChunked = random() < 0.3;
  const body = pick("", data(300), `{"a":"${word(8)}"}`, "line\r\n\r\nline\n\nline\r");
  if (isChunked) lines.push(pick("Transfer-Encoding: chunked", "transfer-encoding:  CHUNKED"));
  else if (random() < 0.8) {
    const length = random() < 0.8 ? body.length : Math.floor(random() * 500);
    lines.push(`${pick("Content-Length", "content-length")}: ${length}`);
  }
  const start = `${pick("GET", "POST", "PATCH", "HEAD", "brew")} /${word(9)} HTTP/1.${pick(0, 1)}`;
  const head = [start, ...lines].map((line) => line + end()).join("");
  const before = random() < 0.1 ? pick("\r\n", "\n\n") : "";
  if (random() < 0.05) return before + head.slice(0, Math.max(start.length + 2, head.length - 3));
  return before + head + end() + (isChunked ? chunked(body, random) : body);
}

/** A chunked body in chunks of random sizes; sometimes with extensions and trailers, sometimes cut. */
export function chunked(body: string, random: () => number): string {
  let coded = "";
  for (let from = 0; from < body.length;) {
    const piece = body.slice(from, from + 1 + Math.floor(random() * 60));
    const size = piece.length.toString(16);
    coded += `${random() < 0.2 ? `0${size.toUpperCase()};x="y"` : size}\r\n${piece}\r\n`;
    from += piece.length;
  }
  coded += `0\r\n${random() < 0.2 ? "Checksum: 1\r\nOther: 2\r\n" : ""}\r\n`;
  return random() < 0.05 ? coded.slice(0, -3) : coded;
}
