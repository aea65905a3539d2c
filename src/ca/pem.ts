// PEM (RFC 7468): bytes between lines that say what they are. Pure.

/** One block: its label, such as "CERTIFICATE", its bytes, and itself as text with a line end. */
export interface PemBlock {
  readonly label: string;
  /** null where it has header lines, as encrypted keys of old have, or is no base64. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly text: string;
}

/** All blocks of `text`; what stands between them is a comment. */
export function pemBlocks(text: string): PemBlock[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^]*?)-----END \1-----/g);
  return [...found].map(([whole, label, body]) => ({ label, bytes: decoded(body), text: `${whole}\n` }));
}

/** `bytes` as a block, 64 characters a line. */
export function pem(label: string, bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function decoded(body: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(body.replaceAll(/\s/g, "")), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
