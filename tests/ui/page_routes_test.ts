// The page: how one gets in, what its headers allow, and what one sees when one may not or it is not there.

import assert from "node:assert/strict";
import { FakePage, someAssets } from "./fakes.ts";

Deno.test("/?token= gives the cookie and takes the token out of the address", async () => {
  using page = new FakePage();
  const answer = await page.request(`/?token=${page.access.token}`);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), "/");
  assert.equal(answer.headers.get("set-cookie"), page.access.setCookie);
  assert.equal(answer.headers.get("cache-control"), "no-store, no-transform");
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
  assert(!(await answer.text()).includes(page.access.token));

  const home = await page.request("/", { Cookie: page.access.setCookie.split(";")[0] });
  const html = await home.text();
  assert.equal(home.status, 200);
  assert.match(html, /app\.js/);
  assert(!html.includes(page.access.token));
});

Deno.test("/ has a fresh nonce each time, in its policy and in its meta element", async () => {
  using page = new FakePage();
  const nonces = new Set<string>();
  for (let n = 0; n < 3; n++) {
    const answer = await page.call("GET", "/");
    const nonce = /<meta name="csp-nonce" content="([\w-]{22})">/.exec(await answer.text())?.[1];
    assert(nonce !== undefined);
    nonces.add(nonce);
    assert.deepEqual(answer.headers.get("content-security-policy")?.split("; "), [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' blob: data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  }
  assert.equal(nonces.size, 3);
});

Deno.test("/ says what to do to whoever may not see it", async () => {
  using page = new FakePage();
  for (const path of ["/", "/?token=", "/?token=wrong", `/?token=${page.access.token}x`]) {
    const answer = await page.request(path);
    assert.equal(answer.status, 401, path);
    assert.equal(answer.headers.get("set-cookie"), null, path);
    const html = await answer.text();
    assert.match(html, /Open the address that tcpmon printed/, path);
    assert(!html.includes("refresh"), path);
  }
});

Deno.test("/ loads itself once more for whoever came by a link of another site", async () => {
  using page = new FakePage();
  const linked = { "Sec-Fetch-Site": "cross-site" };
  assert.match(await (await page.request("/", linked)).text(), /content="0; url=\/\?again"/);
  assert.doesNotMatch(await (await page.request("/?again", linked)).text(), /refresh/);
  const again = await page.request("/?again", { Cookie: page.access.setCookie.split(";")[0] });
  assert.deepEqual([again.status, again.headers.get("location")], [303, "/"]);
});

Deno.test("/ says that the page was not built", async () => {
  for (const assets of [{ index: null, files: new Map() }, { ...someAssets, files: new Map() }]) {
    using page = new FakePage(assets);
    const answer = await page.call("GET", "/");
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /deno task build/);
  }
});

Deno.test("/app.js is given with its type, and not again to whoever has it", async () => {
  using page = new FakePage();
  const first = await page.request("/app.js");
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.equal(first.headers.get("cache-control"), "no-cache, no-transform");
  assert.equal(first.headers.get("x-content-type-options"), "nosniff");
  assert.equal(await first.text(), "go()");
  for (const known of ['"1"', 'W/"1"', '"0", "1"', "*"]) {
    const again = await page.request("/app.js", { "If-None-Match": known });
    assert.deepEqual([again.status, again.headers.get("etag"), await again.text()], [304, '"1"', ""], known);
  }
  const changed = await page.request("/app.js", { "If-None-Match": '"0"' });
  assert.deepEqual([changed.status, await changed.text()], [200, "go()"]);
});

Deno.test("a file that is asked for by its version is kept for good, and one by its name alone is asked for again", async () => {
  using page = new FakePage();
  const keeping = async (path: string) => (await page.request(path)).headers.get("cache-control");
  assert.equal(await keeping("/app.js?v=1"), "max-age=31536000, immutable, no-transform");
  for (const path of ["/app.js", "/app.js?v=", "/app.js?v=0"]) {
    assert.equal(await keeping(path), "no-cache, no-transform", path);
  }
  assert.equal(await keeping("/chunks/rest-ABCDEFGH.js"), "max-age=31536000, immutable, no-transform");
});

Deno.test("/index.html is not another way in", async () => {
  using page = new FakePage();
  for (const path of ["/index.html", "/../deno.json", "/%2e%2e/deno.json", "/app.js/", "//app.js"]) {
    const answer = await page.request(path);
    assert.equal(answer.status, 404, path);
    assert.match((await answer.json()).error, /there is no such call/);
  }
});
