// /api/captures: captures that are opened to be read beside what is recorded; /api/capture: what is recorded, to be saved.

import type { Hono } from "hono";
import { CaptureError, type OpenCaptures } from "./captures.ts";
import { CAPTURED_CSP } from "./headers.ts";
import { notFound, Refusal } from "./refusal.ts";

/** A longer name of a file is cut. */
const MOST_NAME = 200;

/** Adds the calls about captures to `app`. */
export function addCaptureRoutes(app: Hono, captures: OpenCaptures): void {
  app.get("/api/captures", (c) => c.json({ captures: captures.list() }));

  app.post("/api/captures", async (c) => {
    const name = nameOf(c.req.query("name"));
    const body = c.req.raw.body;
    if (body === null) {
      throw new Refusal(
        400,
        "Cannot open a capture: the request has no body. Send the file's bytes as the body.",
      );
    }
    try {
      const opened = await captures.upload(name, body);
      c.header("Location", `/api/captures/${opened.id}`);
      return c.json(opened, 201);
    } catch (error) {
      if (error instanceof CaptureError) throw new Refusal(400, error.message);
      throw error;
    }
  });

  app.get("/api/captures/:id", (c) => {
    const opened = captures.list().find(({ id }) => id === c.req.param("id"));
    if (opened === undefined) throw notFound("capture", c.req.param("id"));
    return c.json(opened);
  });

  app.delete("/api/captures/:id", async (c) => {
    if (!await captures.close(c.req.param("id"))) throw notFound("capture", c.req.param("id"));
    return c.body(null, 204);
  });

  app.get("/api/capture", async () => {
    const { name, bytes } = await captures.save();
    return new Response(bytes.stream, {
      headers: {
        "Content-Type": "application/x-pcapng",
        "Content-Length": String(bytes.total),
        "Content-Security-Policy": CAPTURED_CSP,
        "Content-Disposition": `attachment; filename="${name}"`,
      },
    });
  });
}

/** The last part of a path, which is all that is shown. */
function nameOf(given: string | undefined): string {
  const name = (given ?? "").split(/[/\\]/).at(-1)!.replaceAll(/[\x00-\x1f\x7f]/g, "").slice(0, MOST_NAME);
  return name === "" ? "capture" : name;
}
