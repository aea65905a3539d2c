// /api/exchanges: rows, details, bytes, bodies, views. Every answer is the Catalog's.

import type { Context, Hono } from "hono";
import type { Catalog, DiffQuery, MessagePart } from "../catalog/types.ts";
import { answerBytes } from "./bytes.ts";
import { exchangeFileName } from "../catalog/file_names.ts";
import {
  MOST_LINES,
  readDiffQuery,
  readExchangeQuery,
  readFindQuery,
  readRemoval,
  readViewQuery,
  type Side,
} from "./questions.ts";
import { notFound, Refusal } from "./refusal.ts";
import { answerJson } from "./slow_answer.ts";
import { streamViewText } from "./view_text.ts";

/** Adds the calls about exchanges to `app`. */
export function addExchangeRoutes(app: Hono, catalog: Catalog): void {
  app.get("/api/exchanges", (c) => {
    const query = readExchangeQuery(c);
    return answerJson((signal) => catalog.exchanges(query, signal));
  });

  app.delete("/api/exchanges", async (c) => c.json({ removed: await catalog.remove(await readRemoval(c)) }));

  app.get("/api/exchanges/:id", async (c) => {
    const exchange = await catalog.exchange(c.req.param("id"));
    if (exchange === null) throw notFound("exchange", c.req.param("id"));
    return c.json(exchange);
  });

  app.get("/api/exchanges/:id/diff", async (c) => {
    const { with: given, ...query } = readDiffQuery(c, c.req.param("id"));
    const question = { ...query, with: given ?? await originOf(catalog, query.exchange) };
    if (wantsText(c.req.header("accept"))) {
      const text = await catalog.diffText(question) ?? nothingToCompare(question);
      return new Response(text, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
    }
    return await answerJson(async (signal) =>
      await catalog.diff(question, signal) ?? nothingToCompare(question)
    );
  });

  for (const side of ["request", "response"] as const) {
    const path = `/api/exchanges/:id/${side}` as const;
    app.get(path, (c) => answerPart(c, catalog, c.req.param("id"), side, "wire"));
    app.get(`${path}/sent`, (c) => answerPart(c, catalog, c.req.param("id"), side, "sent"));
    app.get(`${path}/body`, (c) => {
      const part = c.req.query("coded") === undefined ? "body" : "coded";
      return answerPart(c, catalog, c.req.param("id"), side, part);
    });
    app.get(`${path}/view`, (c) => answerView(c, catalog, c.req.param("id"), side));
    app.get(`${path}/view/find`, (c) => {
      const query = readFindQuery(c, c.req.param("id"), side);
      return answerJson(async (signal) =>
        await catalog.find(query, signal) ?? missing(c.req.param("id"), side)
      );
    });
  }
}

/** The Exchange that one was sent again from. */
async function originOf(catalog: Catalog, id: string): Promise<string> {
  const exchange = await catalog.exchange(id);
  if (exchange === null) throw notFound("exchange", id);
  if (exchange.resendOf !== null) return exchange.resendOf;
  throw new Refusal(
    400,
    `Cannot compare ${id}: it was not sent again from another. Give one as ?with=ID.`,
    "with",
  );
}

function nothingToCompare({ exchange, with: other, side, withSide = side }: DiffQuery): never {
  throw new Refusal(
    404,
    `Cannot compare the ${withSide} of ${quoted(other)} with the ${side} of ${
      quoted(exchange)
    }: one of them is not there, or not yet. Choose others.`,
  );
}

function quoted(id: string): string {
  return JSON.stringify(id.slice(0, 80));
}

async function answerPart(
  c: Context,
  catalog: Catalog,
  exchange: string,
  side: Side,
  part: MessagePart,
): Promise<Response> {
  const answer = await answerBytes(c, catalog, { exchange, side, part }, async () => {
    const detail = await catalog.exchange(exchange);
    return detail === null ? missing(exchange, side) : exchangeFileName(detail, side, part);
  });
  return answer ?? missing(exchange, side);
}

async function answerView(c: Context, catalog: Catalog, exchange: string, side: Side): Promise<Response> {
  const { lines, ...question } = readViewQuery(c, exchange, side);
  const isText = wantsText(c.req.header("accept"));
  const query = { ...question, lines: lines ?? (isText ? MOST_LINES : DEFAULT_LINES) };
  const part = await catalog.view(query) ?? missing(exchange, side);
  if (!isText) return c.json(part);
  return new Response(streamViewText(catalog, query, part, lines ?? Infinity), {
    headers: { "Content-Type": "text/plain; charset=utf-8" },
  });
}

const DEFAULT_LINES = 1_000;

/** JSON is given unless only text is asked for (RFC 9110, 12.5.1; between the two no weights are needed). */
function wantsText(accept: string | undefined): boolean {
  const types = (accept ?? "").toLowerCase().split(",").map((type) => type.split(";", 1)[0].trim());
  return types.includes("text/plain") && !types.includes("application/json");
}

function missing(exchange: string, side: Side): never {
  throw notFound("exchange", exchange, side);
}
