// Unpacks what is compressed with gzip as it comes, also where it consists of several members one behind the other
// (RFC 1952, 2.2), as `cat` makes them of several files: what browsers have for it ends at the first. All that could be
// unpacked is given before an error is thrown.

/** What is in `packed`. Throws Error where its data is damaged or ends early. */
export async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Loaded when it is needed: few captures are compressed, and every start would wait for it.
  const { createGunzip } = await import("node:zlib");
  const gunzip = createGunzip();
  const over = Promise.withResolvers<void>();
  let pieces: Uint8Array[] = [];
  let failed: Error | null = null;
  const error = () => failed;
  gunzip.on("data", (piece: Uint8Array) => pieces.push(piece));
  gunzip.on("end", () => over.resolve());
  gunzip.on("error", (reason: Error) => {
    failed = reason;
    over.resolve();
  });
  const take = () => {
    const taken = pieces;
    pieces = [];
    return taken;
  };
  try {
    for await (const bytes of packed) {
      await Promise.race([new Promise((resolve) => gunzip.write(bytes, resolve)), over.promise]);
      yield* take();
      if (error()) break;
    }
    if (!error()) gunzip.end();
    await over.promise;
    yield* take();
    if (error()) throw error();
  } finally {
    gunzip.destroy();
  }
}
