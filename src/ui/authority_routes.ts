// /api/ca: tcpmon's own authority, for those who are to trust it. The certificate only, never the key.

import type { Hono } from "hono";
import type { Authority } from "./authority.ts";
import { Refusal } from "./refusal.ts";

/** Adds the calls about the authority to `app`; `authority` is null where the program has none. */
export function addAuthorityRoutes(app: Hono, authority: Authority | null): void {
  app.get("/api/ca", async (c) => c.json(await asked(authority, (known) => known.facts())));

  app.get("/api/ca.pem", async (c) => {
    const pem = await asked(authority, (known) => known.certificate());
    return c.body(pem, 200, {
      "Content-Type": "application/x-pem-file",
      "Content-Disposition": 'attachment; filename="tcpmon-ca.pem"',
    });
  });
}

async function asked<T>(authority: Authority | null, ask: (known: Authority) => Promise<T>): Promise<T> {
  if (authority === null) {
    throw new Refusal(
      404,
      "Cannot show tcpmon's authority: this tcpmon has none. See the output of tcpmon ca.",
    );
  }
  try {
    return await ask(authority);
  } catch (error) {
    throw new Refusal(409, error instanceof Error ? error.message : String(error));
  }
}
