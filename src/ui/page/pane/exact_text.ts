// Bytes as text, only where the text gives the same bytes back; otherwise as hex digits. Pure.

/** The text that these bytes are in UTF-8; null where they are none, or where they hold control characters. */
export function exactText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/.test(text) ? null : text;
  } catch {
    return null; // not UTF-8
  }
}

/** "51 00 00 00" */
export function hexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
