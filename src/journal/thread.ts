// Begins the journal's thread. It stands alone so that the thread can load while the program itself is still loaded:
// `Recorder.open` then takes it over. Knows nothing of what is recorded.

/** A thread that waits for what `Recorder.open` sends it. */
export function beginThread(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "journal" });
}
