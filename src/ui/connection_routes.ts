// /api/connections: connections, and all the bytes of a direction.

import type { Hono } from "hono";
import type { Catalog } from "../catalog/types.ts";
import { answerBytes } from "./bytes.ts";
import { connectionFileName } from "../catalog/file_names.ts";
import { readListQuery } from "./questions.ts";
import { notFound } from "./refusal.ts";

/** Adds the calls about connections to `app`. */
export function addConnectionRoutes(app: Hono, catalog: Catalog): void {
  app.get("/api/connections", async (c) => c.json(await catalog.connections(readListQuery(c))));

  app.get("/api/connections/:id", async (c) => {
    const connection = await catalog.connection(c.req.param("id"));
    if (connection === null) throw notFound("connection", c.req.param("id"));
    return c.json(connection);
  });

  for (const direction of ["upstream", "downstream"] as const) {
    app.get(`/api/connections/:id/${direction}`, async (c) => {
      const id = c.req.param("id");
      const name = () => Promise.resolve(connectionFileName(id, direction));
      const answer = await answerBytes(c, catalog, { connection: id, direction }, name);
      if (answer === null) throw notFound("connection", id);
      return answer;
    });
  }
}
