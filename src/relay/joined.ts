// Bytes that came in two pieces. It knows nothing of what they mean.

/** Both in one array, `b` behind `a`; `b` itself where `a` is empty. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
