// The limits that the API names are those it has. (What is read and refused is tested with the routes.)

import assert from "node:assert/strict";
import { checkSought, MOST_SOUGHT } from "../../src/catalog/find.ts";
import { MOST_LINES, MOST_ROWS, MOST_TEXT, VIEW_KINDS } from "../../src/ui/questions.ts";
import { FakePage } from "./fakes.ts";

Deno.test("readListQuery, readViewQuery and readFindQuery take what is just within their limits", async () => {
  using page = new FakePage();
  for (
    const path of [
      `/api/exchanges?limit=${MOST_ROWS}&q=${"x".repeat(MOST_TEXT)}`,
      `/api/exchanges?offset=${Number.MAX_SAFE_INTEGER}`,
      `/api/exchanges/e1/request/view?lines=${MOST_LINES}`,
      `/api/exchanges/e1/request/view/find?text=${"x".repeat(MOST_SOUGHT)}`,
      ...VIEW_KINDS.map((kind) => `/api/exchanges/e1/request/view?as=${kind}`),
    ]
  ) {
    const answer = await page.call("GET", path);
    assert.equal(answer.status, 200, path.slice(0, 80));
    await answer.body?.cancel();
  }
});

Deno.test("readFindQuery takes texts as long as the catalog looks for and the description names, and no longer", async () => {
  using page = new FakePage();
  const { paths } = await (await page.call("GET", "/api/openapi.json")).json();
  const { parameters } = paths["/api/exchanges/{id}/request/view/find"].get;
  const text = parameters.find(({ name }: { readonly name: string }) => name === "text");
  assert.equal(text.schema.maxLength, MOST_SOUGHT);
  const longest = { text: "x".repeat(text.schema.maxLength), caseSensitive: true, regex: false };
  assert.doesNotThrow(() => checkSought(longest));
  assert.throws(() => checkSought({ ...longest, text: `${longest.text}x` }), RangeError);
  const refused = await page.call("GET", `/api/exchanges/e1/request/view/find?text=${longest.text}x`);
  assert.deepEqual([refused.status, (await refused.json()).field], [400, "text"]);
});

Deno.test("readRemoval takes the ids of ten thousand rows", async () => {
  using page = new FakePage();
  const ids = Array.from({ length: 10_000 }, (_, index) => `e${10_000_000 + index}`);
  const answer = await page.call("DELETE", "/api/exchanges", { json: { ids } });
  assert.deepEqual(await answer.json(), { removed: 10_000 });
});
