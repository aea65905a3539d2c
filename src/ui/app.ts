// The program's side of the page and its API, as one Hono app. It puts the parts together and decides what
// each call must show before it is answered; it opens no port (server.ts does) and knows neither relay nor
// files.

import { Hono } from "hono";
import { isLackOfFiles, TOO_FEW_FILES } from "../catalog/file_room.ts";
import type { Catalog } from "../catalog/types.ts";
import type { Assets } from "./assets.ts";
import type { Access } from "./auth.ts";
import { addCaptureRoutes } from "./capture_routes.ts";
import type { OpenCaptures } from "./captures.ts";
import { addConfigRoutes } from "./config_routes.ts";
import { addConnectionRoutes } from "./connection_routes.ts";
import type { Control } from "./control.ts";
import { createEventStream } from "./event_stream.ts";
import { addExportRoutes } from "./export_routes.ts";
import { addExchangeRoutes } from "./exchange_routes.ts";
import type { Feed } from "./feed.ts";
import { defaultHeaders } from "./headers.ts";
import { addListenerRoutes } from "./listener_routes.ts";
import { describeApi } from "./openapi.ts";
import type { Authority } from "./authority.ts";
import { addAuthorityRoutes } from "./authority_routes.ts";
import { addPageRoutes } from "./page_routes.ts";
import { Refusal } from "./refusal.ts";
import { addSaveRoutes } from "./save_routes.ts";
import { addSendRoutes } from "./send_routes.ts";
import type { Sends } from "./sends.ts";

/** What the app is made of. */
export interface AppParts {
  readonly catalog: Catalog;
  readonly control: Control;
  readonly sends: Sends;
  /** Opens captures; left out where none can be. */
  readonly captures?: OpenCaptures;
  readonly feed: Feed;
  readonly access: Access;
  readonly assets: Assets;
  /** tcpmon's own authority; left out where there is none. */
  readonly authority?: Authority;
  /** Of the program: "0.1.0". */
  readonly version: string;
  /** Is told of errors that are nobody's mistake but ours; the client gets status 500. */
  readonly report: (error: unknown) => void;
}

/** Makes the app; `app.fetch` answers requests. */
export function createApp(parts: AppParts): Hono {
  const { catalog, control, sends, captures, feed, access, assets, authority, version, report } = parts;
  const app = new Hono();

  app.use(defaultHeaders);
  app.use(async (c, next) => {
    // In HTTP/2 there is no Host, but an authority in the URL.
    access.checkOrigin(c.req.header("host") ?? new URL(c.req.url).host, c.req.raw.headers);
    await next();
  });
  app.use("/api/*", async (c, next) => {
    access.checkCall(c.req.raw.headers);
    await next();
  });

  addPageRoutes(app, assets, access);
  addListenerRoutes(app, control);
  addConfigRoutes(app, control);
  addAuthorityRoutes(app, authority ?? null);
  addSaveRoutes(app, catalog, control, version);
  addExportRoutes(app, catalog, control, version);
  addExchangeRoutes(app, catalog);
  addSendRoutes(app, sends, catalog);
  addConnectionRoutes(app, catalog);
  if (captures) addCaptureRoutes(app, captures);
  app.get("/api/recording", (c) => c.json(feed.recording()));
  app.get("/api/events", (c) => {
    const stream = createEventStream(
      feed,
      c.req.header("last-event-id") ?? c.req.query("lastEventId") ?? null,
    );
    return new Response(stream, { headers: { "Content-Type": "text/event-stream" } });
  });
  app.get("/api/openapi.json", (c) => c.json(describeApi(version)));

  app.notFound((c) => {
    const call = `${c.req.method} ${new URL(c.req.url).pathname}`;
    return c.json({ error: `Cannot answer ${call}: there is no such call. See GET /api/openapi.json.` }, 404);
  });

  app.onError((error, c) => {
    if (error instanceof Refusal) {
      if (error.status === 401) c.header("WWW-Authenticate", 'Bearer realm="tcpmon"');
      return c.json(error.json(), error.status);
    }
    if (error instanceof RangeError) {
      // The Catalog's word for a question that makes no sense, for the user. Only these two are for it to
      // read.
      const field = ["q", "text"].find((name) => c.req.query(name) !== undefined);
      return c.json(new Refusal(400, error.message, field).json(), 400);
    }
    // Nothing is wrong but that: whoever asks is told what to do.
    if (isLackOfFiles(error.message)) return c.json({ error: `Cannot answer: ${TOO_FEW_FILES}.` }, 503);
    report(error);
    return c.json({
      error: `Cannot answer: ${error.message}. This is a fault of tcpmon; its terminal says more.`,
    }, 500);
  });

  return app;
}
