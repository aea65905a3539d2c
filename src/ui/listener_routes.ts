// /api/listeners: what Control may do, over HTTP.

import type { Hono } from "hono";
import { type Control, ListenerError } from "./control.ts";
import { readListenerChange, readRoute } from "./listener_questions.ts";
import { notFound, Refusal } from "./refusal.ts";

/** Adds the calls about listeners to `app`. */
export function addListenerRoutes(app: Hono, control: Control): void {
  app.get("/api/listeners", (c) => c.json({ listeners: control.listeners() }));

  app.post("/api/listeners", async (c) => {
    const listener = await refusing(control.add(await readRoute(c)));
    c.header("Location", `/api/listeners/${encodeURIComponent(listener.id)}`);
    return c.json(listener, 201);
  });

  app.get("/api/listeners/:id", (c) => {
    const listener = control.listeners().find((known) => known.id === c.req.param("id"));
    if (listener === undefined) throw notFound("listener", c.req.param("id"));
    return c.json(listener);
  });

  app.patch("/api/listeners/:id", async (c) => {
    const listener = await refusing(control.change(c.req.param("id"), await readListenerChange(c)));
    if (listener === null) throw notFound("listener", c.req.param("id"));
    return c.json(listener);
  });

  app.delete("/api/listeners/:id", async (c) => {
    if (!await control.close(c.req.param("id"))) throw notFound("listener", c.req.param("id"));
    return c.body(null, 204);
  });
}

/** The request is right, but the port cannot be had: 409 Conflict. */
async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ListenerError) throw new Refusal(409, error.message, error.field, error.suggestion);
    throw error;
  }
}
