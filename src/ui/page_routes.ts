// The page and its files. `/` is given to those who may call, and to the others a page that says what to do.

import type { Hono } from "hono";
import type { Access } from "./auth.ts";
import type { Assets } from "./assets.ts";
import { createNonce, pageCsp } from "./headers.ts";

/** Adds `/` and every file of the page to `app`. */
export function addPageRoutes(app: Hono, assets: Assets, access: Access): void {
  app.get("/", (c) => {
    const token = c.req.query("token");
    if (token !== undefined && access.isToken(token)) {
      c.header("Set-Cookie", access.setCookie);
      return c.redirect("/", 303);
    }
    if (token !== undefined || access.credential(c.req.raw.headers) === null) {
      // A Strict cookie is not sent when the user came by a link of another site, and comes with the next
      // load, which is the page's own.
      const linked = c.req.header("sec-fetch-site") === "cross-site" && c.req.query("again") === undefined;
      return c.html(notice("tcpmon: not signed in", NOT_SIGNED_IN, linked && token === undefined), 401);
    }
    if (c.req.query("again") !== undefined) return c.redirect("/", 303);
    if (assets.index === null || !assets.files.has("/app.js")) {
      return c.html(notice("tcpmon: the page is missing", NOT_BUILT, false), 503);
    }
    const nonce = createNonce();
    c.header("Content-Security-Policy", pageCsp(nonce));
    return c.html(withNonce(assets.index, nonce));
  });

  for (const [path, asset] of assets.files) {
    app.get(path, (c) => {
      // By its version, or a name that has it, it is always the same; by its name alone it may be another one tomorrow.
      const isSame = asset.isNamedByContent || c.req.query("v") === asset.version;
      const keep = isSame ? "max-age=31536000, immutable" : "no-cache";
      const headers = { "Cache-Control": `${keep}, no-transform`, "ETag": asset.etag };
      const known = c.req.header("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
      if (known?.some((tag) => tag === asset.etag || tag === "*")) return c.body(null, 304, headers);
      return c.body(asset.bytes, 200, { ...headers, "Content-Type": asset.contentType });
    });
  }
}

/** Puts the nonce into `<meta name="csp-nonce" content="">`, where the page's script looks for it. */
function withNonce(index: string, nonce: string): string {
  return index.replace(/(<meta name="csp-nonce" content=")[^"]*"/, `$1${nonce}"`);
}

const NOT_SIGNED_IN =
  "Open the address that tcpmon printed when it was started: it ends in <code>/?token=…</code> and is good as " +
  "long as that tcpmon runs. If it is gone from the terminal, start tcpmon again.";

const NOT_BUILT =
  "The page's script was not built. Run <code>deno task build</code>, then start tcpmon again. " +
  "Recording and the API work without it.";

/** A page of one paragraph. `text` is ours and may hold tags. */
function notice(title: string, text: string, loadAgain: boolean): string {
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
${loadAgain ? '<meta http-equiv="refresh" content="0; url=/?again">\n' : ""}<title>${title}</title>
<h1>${title}</h1>
<p>${text}</p>
`;
}
