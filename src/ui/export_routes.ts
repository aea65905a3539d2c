// /api/export: Exchanges in a format that other programs read, as one file. A browser saves without holding it all only
// what has an address, and an address has no room for many ids: those can be left here first, for a link.

import type { Context, Hono } from "hono";
import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import type { Catalog } from "../catalog/types.ts";
import type { Control } from "./control.ts";
import { exportFileName } from "../catalog/file_names.ts";
import { CAPTURED_CSP } from "./headers.ts";
import { type AskedExport, readExport } from "./export_questions.ts";
import { Links } from "./links.ts";
import type { SavedLink } from "./types.ts";

/** Adds the call. */
export function addExportRoutes(
  app: Hono,
  catalog: Catalog,
  control: Pick<Control, "listeners">,
  version: string,
): void {
  const links = new Links<AskedExport>();
  const answer = async (c: Context) => {
    const linked = c.req.query("linked");
    const query = linked === undefined ? await readExport(c) : links.take(linked);
    const { extension, mediaType } = EXPORT_FORMATS[query.format];
    const exported = await catalog.export({ ...query, application: `tcpmon ${version}` });
    const listener = control.listeners().find(({ id }) => id === query.listener);
    const name = exportFileName({
      listen: listener?.listen ?? null,
      exchange: exported.only,
      at: new Date(),
      extension,
    });
    return new Response(exported.stream, {
      headers: {
        "Content-Type": mediaType,
        "Content-Security-Policy": CAPTURED_CSP,
        "Content-Disposition": `attachment; filename="${name}"`,
      },
    });
  };
  app.get("/api/export", answer);
  app.post("/api/export", async (c) => {
    if (c.req.query("link") === undefined) return await answer(c);
    const key = links.leave(await readExport(c));
    return c.json({ link: `/api/export?linked=${key}` } satisfies SavedLink, 201);
  });
}
