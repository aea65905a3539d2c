// The cipher suites whose records can be decrypted here, by their numbers (IANA TLS Cipher Suites): those of TLS 1.3,
// and of TLS 1.2 all that encrypt with AES-GCM, ChaCha20-Poly1305 or AES-CBC, however the key was agreed on.

/** How records are protected. */
export interface Suite {
  readonly name: string;
  /** As node:crypto names it. */
  readonly cipher: "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305" | "aes-128-cbc" | "aes-256-cbc";
  /** Of the key schedule (TLS 1.3) or the pseudorandom function (TLS 1.2). */
  readonly hash: "sha256" | "sha384";
  /** With CBC: the hash of the HMAC over each record; null for the others, which authenticate themselves. */
  readonly mac: "sha1" | "sha256" | "sha384" | null;
  /** Bytes. */
  readonly keyLength: number;
  readonly macLength: number;
}

const MAC_LENGTH = { sha1: 20, sha256: 32, sha384: 48 } as const;

function suite(name: string, cipher: Suite["cipher"], hash: Suite["hash"], mac: Suite["mac"] = null): Suite {
  const keyLength = cipher.includes("128") ? 16 : 32;
  return { name, cipher, hash, mac, keyLength, macLength: mac === null ? 0 : MAC_LENGTH[mac] };
}

/** What stands behind "_WITH_" or "TLS_" in a suite's name, and what that means. */
const PROTECTIONS: readonly [
  ending: string,
  cipher: Suite["cipher"],
  hash: Suite["hash"],
  mac?: Suite["mac"],
][] = [
  ["AES_128_GCM_SHA256", "aes-128-gcm", "sha256"],
  ["AES_256_GCM_SHA384", "aes-256-gcm", "sha384"],
  ["CHACHA20_POLY1305_SHA256", "chacha20-poly1305", "sha256"],
  ["AES_128_CBC_SHA", "aes-128-cbc", "sha256", "sha1"],
  ["AES_256_CBC_SHA", "aes-256-cbc", "sha256", "sha1"],
  ["AES_128_CBC_SHA256", "aes-128-cbc", "sha256", "sha256"],
  ["AES_256_CBC_SHA256", "aes-256-cbc", "sha256", "sha256"],
  ["AES_256_CBC_SHA384", "aes-256-cbc", "sha384", "sha384"],
];

const NAMES: readonly [number: number, name: string][] = [
  [0x1301, "TLS_AES_128_GCM_SHA256"],
  [0x1302, "TLS_AES_256_GCM_SHA384"],
  [0x1303, "TLS_CHACHA20_POLY1305_SHA256"],
  [0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"],
  [0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"],
  [0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"],
  [0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA"],
  [0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"],
  [0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"],
  [0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"],
  [0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA"],
  [0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"],
  [0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"],
  [0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256"],
  [0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"],
  [0x006a, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256"],
  [0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"],
  [0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"],
  [0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"],
  [0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"],
  [0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"],
  [0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256"],
  [0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384"],
  [0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256"],
  [0x00a9, "TLS_PSK_WITH_AES_256_GCM_SHA384"],
  [0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"],
  [0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"],
  [0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"],
  [0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"],
  [0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"],
  [0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"],
  [0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"],
  [0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"],
  [0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
  [0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
  [0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
  [0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
  [0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"],
  [0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"],
  [0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"],
  [0xccab, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256"],
  [0xccac, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256"],
];

const SUITES: ReadonlyMap<number, Suite> = new Map(NAMES.map(([number, name]) => {
  const ending = name.split("_WITH_")[1] ?? name.slice("TLS_".length);
  const [, ...protection] = PROTECTIONS.find((row) => row[0] === ending)!;
  return [number, suite(name, ...protection)];
}));

/** The suite with this number; null where its records cannot be decrypted here. */
export function suiteOf(number: number): Suite | null {
  return SUITES.get(number) ?? null;
}

/** The numbers of all suites. */
export const SUITE_NUMBERS: readonly number[] = [...SUITES.keys()];
