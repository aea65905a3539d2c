// The key log of a TLS client or server (the NSS key log format, draft-ietf-tls-keylogfile): lines of a label, the
// Connection's client random and a secret. Lines come whole, in any order; what is no such line is passed over and
// counted. It knows nothing of files, and gives no secret to anybody but who asks for that of a Connection.

/** The labels that are of use here, and the secrets that they are. Exporter secrets and those of ECH are not. */
const LABELS = {
  CLIENT_RANDOM: "master",
  CLIENT_EARLY_TRAFFIC_SECRET: "clientEarly",
  CLIENT_HANDSHAKE_TRAFFIC_SECRET: "clientHandshake",
  SERVER_HANDSHAKE_TRAFFIC_SECRET: "serverHandshake",
  CLIENT_TRAFFIC_SECRET_0: "clientTraffic",
  SERVER_TRAFFIC_SECRET_0: "serverTraffic",
} as const;

/** The label of a secret, for words about one that is missing. */
export const LABEL_OF = Object.fromEntries(
  Object.entries(LABELS).map(([label, name]) => [name, label]),
) as Readonly<Record<SecretName, keyof typeof LABELS>>;

export type SecretName = typeof LABELS[keyof typeof LABELS];

/** The secrets of one Connection, as far as they are known. */
export type Secrets = { readonly [name in SecretName]?: Uint8Array };

const LINE = /^([A-Z0-9_]+) ([0-9a-f]{64}) ((?:[0-9a-f]{2})+)$/i;
/** Longer lines are of no format that is known: secrets have 48 bytes at most. */
const LONGEST_LINE = 512;

/** All secrets that were read so far, by client random. */
export class KeyLog {
  readonly #secrets = new Map<string, { [name in SecretName]?: Uint8Array }>();
  readonly #decoder = new TextDecoder("latin1");
  #damaged = 0;

  /** How many lines were none of the format. Empty lines, comments and other labels are not counted. */
  get damaged(): number {
    return this.#damaged;
  }

  /** How many Connections there are secrets of. */
  get size(): number {
    return this.#secrets.size;
  }

  /** Takes whole lines. Returns the client randoms (hexadecimal, in lower case) that a new secret is of. */
  add(lines: Uint8Array): Set<string> {
    const news = new Set<string>();
    for (const line of this.#decoder.decode(lines).split(/\r?\n/)) {
      const random = this.#line(line.trim());
      if (random !== null) news.add(random);
    }
    return news;
  }

  /** The secrets of the Connection with this client random (hexadecimal, in lower case); null where there are none. */
  of(random: string): Secrets | null {
    return this.#secrets.get(random) ?? null;
  }

  #line(line: string): string | null {
    if (line === "" || line.startsWith("#") || line.startsWith("\0")) return null;
    const parts = line.length <= LONGEST_LINE ? LINE.exec(line) : null;
    if (parts === null) {
      this.#damaged++;
      return null;
    }
    const [, label, hex, secret] = parts;
    if (!Object.hasOwn(LABELS, label)) return null;
    const random = hex.toLowerCase();
    const known = this.#secrets.get(random) ?? {};
    const name = LABELS[label as keyof typeof LABELS];
    if (known[name] !== undefined) return null;
    known[name] = bytesOf(secret);
    this.#secrets.set(random, known);
    return random;
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

/** Bytes as hexadecimal digits in lower case, as client randoms are looked for. */
export function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
