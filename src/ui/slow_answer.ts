// JSON answers that may take long. The head is sent before the answer is there, for only then does the server
// notice that the client has gone away, and the work can be given up. (A request's `signal` would do, but not
// on every version of Deno without a warning.)

/**
 * An answer that is there by then has its own status; a later one has 200, and breaks off if the work fails.
 */
export const HEAD_AFTER_MS = 250;

/**
 * Answers with what `work` gives; `signal` is aborted when nobody waits any more. Throws what `work` throws.
 */
export async function answerJson(
  work: (signal: AbortSignal) => Promise<unknown>,
  headAfterMs = HEAD_AFTER_MS,
): Promise<Response> {
  const gone = new AbortController();
  const answer = work(gone.signal).then((value) => JSON.stringify(value));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), headAfterMs);
  });
  try {
    const json = await Promise.race([answer, late]);
    return respond(json ?? streamOf(answer, gone));
  } finally {
    clearTimeout(timer);
  }
}

function respond(body: string | ReadableStream<Uint8Array>): Response {
  return new Response(body, { headers: { "Content-Type": "application/json" } });
}

function streamOf(answer: Promise<string>, gone: AbortController): ReadableStream<Uint8Array> {
  // Once it was cancelled nobody waits for the answer, and its failure is then none.
  answer.catch(() => {});
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const json = await answer;
      if (gone.signal.aborted) return;
      controller.enqueue(new TextEncoder().encode(json));
      controller.close();
    },
    cancel() {
      gone.abort();
    },
  }, { highWaterMark: 0 });
}
