// The Range header: RFC 9110, 14. Pure.

/** A single range of bytes: from an offset, to its last byte where given; or the last bytes. */
export type ByteRange = { readonly from: number; readonly to?: number } | { readonly last: number };

/**
 * Reads a Range header (14.2). Undefined where the whole is to be sent: there is none, its unit is not bytes,
 * it is malformed, or it asks for several ranges, which a server may ignore. `to` is the last byte's offset,
 * as in the header.
 */
export function parseRange(header: string | undefined): ByteRange | undefined {
  const parts = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? "");
  if (parts === null) return undefined;
  const [first, last] = [parts[1], parts[2]].map((digits) => digits === "" ? null : clamp(digits));
  if (first === null) return last === null ? undefined : { last };
  if (last === null) return { from: first };
  return last < first ? undefined : { from: first, to: last };
}

/**
 * Whether a range has any byte of a representation of `total` bytes (14.1.2); otherwise the answer is 416.
 */
export function isSatisfiable(range: ByteRange, total: number): boolean {
  return "last" in range ? range.last > 0 && total > 0 : range.from < total;
}

/** Content-Range (14.4) of the bytes `from` to before `to`; of a 416 where these are left out. */
export function contentRange(total: number, from?: number, to?: number): string {
  return from === undefined || to === undefined ? `bytes */${total}` : `bytes ${from}-${to - 1}/${total}`;
}

/** Offsets beyond what a number holds exactly are beyond every recording too. */
function clamp(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}
