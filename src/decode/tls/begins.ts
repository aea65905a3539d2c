// Whether bytes of the client begin TLS: at the start of a Connection, in a tunnel, or after STARTTLS and its kind, where
// both sides have agreed on it in their own protocol. Judged by content alone, with as few bytes as leave no doubt.

/** So many bytes decide. */
export const DECISIVE = 11;

/** So many of them are behind the header of the record: it must hold them, whatever else lies in records that follow. */
const IN_FIRST_RECORD = DECISIVE - 5;

/** "more" while it can be, and more bytes are needed. */
export type Verdict = "yes" | "no" | "more";

/**
 * Whether these bytes, the first that the client says in a turn, begin a ClientHello: of TLS and SSL 3.0 (RFC 8446, 5.1
 * and 4.1.2), or of SSL 2.0 (RFC 5246, E.2), which only a Connection can begin with.
 */
export function beginsTls(bytes: Uint8Array, isFirst: boolean): Verdict {
  const hello = judged(bytes, HELLO, (b) => b[3] * 256 + b[4] >= IN_FIRST_RECORD);
  if (hello !== "no" || !isFirst) return hello;
  return judged(bytes, HELLO_2, (b) => {
    const [length, suites, session, challenge] = [
      (b[0] & 0x7f) * 256 + b[1],
      b[5] * 256 + b[6],
      b[7] * 256 + b[8],
      b[9] * 256 + b[10],
    ];
    return suites > 0 && suites % 3 === 0 && length === 9 + suites + session + challenge && challenge >= 16;
  });
}

/** What a byte must be. */
type Rule = (byte: number) => boolean;

const is = (...values: number[]): Rule => (byte) => values.includes(byte);
const atMost = (value: number): Rule => (byte) => byte <= value;
const any: Rule = () => true;

// A handshake record, in it a ClientHello of less than 64 KiB (its first byte of three for the length is 0), in it a version.
const HELLO: readonly Rule[] = [
  is(22),
  is(3),
  atMost(4),
  atMost(0x40),
  any,
  is(1),
  is(0),
  any,
  any,
  is(3),
  atMost(4),
];
const SERVER_HELLO = HELLO.map((rule, i) => i === 5 ? is(2) : rule);
const HELLO_2: readonly Rule[] = [
  (byte) => (byte & 0x80) !== 0,
  any,
  is(1),
  is(0, 3),
  atMost(4),
  atMost(3),
  any,
  is(0),
  is(0, 16, 32),
  is(0),
  any,
];

function judged(bytes: Uint8Array, rules: readonly Rule[], whole: (bytes: Uint8Array) => boolean): Verdict {
  const length = Math.min(bytes.length, rules.length);
  for (let i = 0; i < length; i++) if (!rules[i](bytes[i])) return "no";
  if (length < rules.length) return "more";
  return whole(bytes) ? "yes" : "no";
}

/** Whether a side's first bytes are those of TLS: a hello, or an alert in the clear. */
export function looksLikeTls(bytes: Uint8Array): boolean {
  return beginsTls(bytes, true) === "yes" || judged(bytes, SERVER_HELLO, () => true) === "yes" ||
    firstAlert(bytes) !== null;
}

/** The length of MySQL's request for TLS, which no answer follows: the next byte of the client begins TLS. */
export const MYSQL_REQUEST = 36;

/**
 * True when these bytes are that request: a packet of 32 bytes, the second of the Connection, with the flag CLIENT_SSL
 * and 23 bytes of nothing (MySQL's Protocol::SSLRequest).
 */
export function isMysqlRequest(bytes: Uint8Array): boolean {
  if (bytes.length < MYSQL_REQUEST) return false;
  const starts = bytes[0] === 32 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 1;
  // MariaDB uses the last four of the 23.
  return starts && (bytes[5] & 0x08) !== 0 &&
    bytes.subarray(13, MYSQL_REQUEST - 4).every((byte) => byte === 0);
}

/** The alert that these bytes are, the first of the target; null where they are none. */
export function firstAlert(
  bytes: Uint8Array,
): { readonly level: number; readonly description: number } | null {
  if (bytes.length < 7 || bytes[0] !== 21 || bytes[1] !== 3 || bytes[2] > 4) return null;
  return bytes[3] === 0 && bytes[4] === 2 ? { level: bytes[5], description: bytes[6] } : null;
}
