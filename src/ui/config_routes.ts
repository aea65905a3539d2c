// /api/config: the listeners as a configuration, to be kept in a file.

import type { Hono } from "hono";
import schema from "../../docs/config.schema.json" with { type: "json" };
import { ConfigSaveError, type Control } from "./control.ts";
import { members, readJson } from "./questions.ts";
import { Refusal } from "./refusal.ts";

/** Adds the calls about the configuration to `app`. */
export function addConfigRoutes(app: Hono, control: Control): void {
  app.get("/api/config", (c) => {
    if (c.req.query("download") !== undefined) {
      c.header("Content-Disposition", 'attachment; filename="tcpmon.json"');
    }
    return c.body(control.configuration(), 200, { "Content-Type": "application/json" });
  });

  app.post("/api/config", async (c) => {
    const { overwrite = false } = members(await readJson(c, {}), ["overwrite"]);
    if (typeof overwrite !== "boolean") {
      throw new Refusal(
        400,
        "Cannot use overwrite: it is neither true nor false. Give one of them.",
        "overwrite",
      );
    }
    if (control.configFile === null) {
      throw new Refusal(
        409,
        "Cannot save the configuration: tcpmon was started without --config FILE. Save a copy of GET /api/config.",
      );
    }
    try {
      await control.saveConfiguration(overwrite);
    } catch (error) {
      if (error instanceof ConfigSaveError) throw new Refusal(409, error.message, error.field);
      throw error;
    }
    return c.json({ file: control.configFile });
  });

  app.get(
    "/api/config.schema.json",
    (c) => c.body(JSON.stringify(schema, null, 2), 200, { "Content-Type": "application/schema+json" }),
  );
}
