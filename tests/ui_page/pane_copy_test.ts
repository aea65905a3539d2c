import assert from "node:assert/strict";
import type { Exchange, ViewPart } from "../../src/ui/types.ts";
import { copyPart } from "../../src/ui/page/pane/copy.ts";

/** Answers every question with so much of a view that never ends. */
function answeringWith(text: string): Disposable {
  const { fetch } = globalThis;
  globalThis.fetch = () => {
    const part: Partial<ViewPart> = { text, lines: 1, total: 1_000_000, complete: true };
    return Promise.resolve(Response.json(part));
  };
  return { [Symbol.dispose]: () => void (globalThis.fetch = fetch) };
}

Deno.test("copyPart: what is too long is not copied, with the most that is, and a way to all of it", async () => {
  using _answers = answeringWith("x".repeat(7_000_000));
  const { signal } = new AbortController();
  const [from, to] = [{ line: 0, at: 0 }, { line: 999_999, at: Infinity }];
  assert.deepEqual(await copyPart({ id: "e7" } as Exchange, "response", "text", from, to, false, signal), {
    text:
      "The selection is longer than the clipboard may be (20,000,000 characters), so nothing was copied. " +
      "All of the body can be saved.",
    isDone: false,
    save: "/api/exchanges/e7/response/body?download",
    asHex: null,
  });
});
