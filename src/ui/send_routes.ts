// Sending over HTTP: what Sends may do.

import type { Context, Hono } from "hono";
import type { Catalog } from "../catalog/types.ts";
import { notFound, Refusal } from "./refusal.ts";
import { readResend, readSend } from "./send_questions.ts";
import { SendError, type Sends, type Sent } from "./sends.ts";

/** Adds the calls that send, and the one that ends what is being sent. */
export function addSendRoutes(app: Hono, sends: Sends, catalog: Pick<Catalog, "connection">): void {
  app.post("/api/exchanges/:id/resend", async (c) => {
    const id = c.req.param("id");
    const settings = await readResend(c);
    const sent = await refusing(sends.resend(id, settings));
    if (sent === null) throw notFound("exchange", id);
    return answer(c, sent);
  });

  app.post("/api/send", async (c) => answer(c, await refusing(sends.send(await readSend(c)))));

  app.delete("/api/connections/:id", async (c) => {
    const id = c.req.param("id");
    if (sends.end(id)) return c.body(null, 204);
    const connection = await catalog.connection(id);
    if (connection === null) throw notFound("connection", id);
    const reason = connection.state === "open" ? "its client is not tcpmon" : "it is over";
    throw new Refusal(409, `Cannot end connection ${id}: ${reason}. Only what tcpmon sends can be ended.`);
  });
}

/** 201 with the Exchange; 202 with the Connection while nothing can be told apart as an Exchange. */
function answer(c: Context, sent: Sent): Response {
  if ("exchange" in sent) {
    c.header("Location", `/api/exchanges/${sent.exchange.id}`);
    return c.json(sent.exchange, 201);
  }
  c.header("Location", `/api/connections/${sent.connection}`);
  return c.json(sent, 202);
}

/** The call is right, but it cannot be sent now: 409 Conflict. */
async function refusing<T>(sent: Promise<T>): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof SendError) throw new Refusal(409, error.message, error.field);
    throw error;
  }
}
