// /api/export: Exchanges in a format that other programs read, as one file. A browser saves without holding it all only
// what has an address, and an address has no room for many ids: those can be left here first, for a link.

import type { Context, Hono } from "hono";
import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import type { Catalog } from "../catalog/types.ts";
import type { Control } from "./control.ts";
import { exportFileName, givenFileName } from "../catalog/file_names.ts";
import { CAPTURED_CSP } from "./headers.ts";
import { type AskedExport, readExport, readFirst } from "./export_questions.ts";
import { Links } from "./links.ts";
import { Outcomes } from "./outcomes.ts";
import { Refusal } from "./refusal.ts";
import type { ExportOutcome, MaskedPreview, SavedLink } from "./types.ts";

/** Adds the call. */
export function addExportRoutes(
  app: Hono,
  catalog: Catalog,
  control: Pick<Control, "listeners">,
  version: string,
): void {
  const links = new Links<AskedExport>();
  const outcomes = new Outcomes();
  const application = `tcpmon ${version}`;
  const answer = async (c: Context) => {
    const linked = c.req.query("linked");
    const { told, name: given = "", ...query } = linked === undefined
      ? await readExport(c)
      : links.take(linked);
    const { extension, mediaType } = EXPORT_FORMATS[query.format];
    const exported = await catalog.export({ ...query, application });
    if (told !== undefined) outcomes.begun(told, exported.outcome);
    const listener = control.listeners().find(({ id }) => id === query.listener);
    const own = exportFileName({
      listen: listener?.listen ?? null,
      exchange: exported.only,
      at: new Date(),
      extension,
    });
    return new Response(exported.stream, {
      headers: {
        "Content-Type": mediaType,
        "Content-Security-Policy": CAPTURED_CSP,
        "Content-Disposition": `attachment; filename="${givenFileName(given, own)}"`,
      },
    });
  };
  app.get("/api/export", answer);
  app.post("/api/export/preview", async (c) => {
    const { told: _, name: __, ...query } = await readExport(c);
    return c.json(
      await catalog.previewExport({ ...query, application }, readFirst(c)) satisfies MaskedPreview,
    );
  });
  app.get("/api/export/outcome", async (c) => {
    const key = c.req.query("told");
    if (!key) throw new Refusal(400, "Cannot tell how an export ended: which one is not given.", "told");
    return c.json(await outcomes.of(key) satisfies ExportOutcome);
  });
  app.post("/api/export", async (c) => {
    if (c.req.query("link") === undefined) return await answer(c);
    const key = links.leave(await readExport(c));
    return c.json({ link: `/api/export?linked=${key}` } satisfies SavedLink, 201);
  });
}
