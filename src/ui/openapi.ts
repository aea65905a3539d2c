// GET /api/openapi.json: every call of the API, described (OpenAPI 3.1). Data only; a test holds it to the
// routes.

import { MOST_SOUGHT } from "../catalog/find.ts";
import { fieldsOf, SYNTAX } from "../decode/query/mod.ts";
import { SORT_KEYS } from "../catalog/sorting.ts";
import { body, call, error, errors, id, type Json, json, query } from "./openapi_parts.ts";
import { ref, SCHEMAS } from "./openapi_schemas.ts";
import { describeAuthority } from "./openapi_authority.ts";
import { describeCaptures } from "./openapi_captures.ts";
import { describeConfig } from "./openapi_config.ts";
import { describeExport } from "./openapi_export.ts";
import { describeSending } from "./openapi_sending.ts";
import {
  CONTEXT,
  MOST_CONTEXT,
  MOST_LINES,
  MOST_ROWS,
  MOST_TEXT,
  SORT_ORDERS,
  VIEW_KINDS,
} from "./questions.ts";

/** The description of the API of this version of the program. */
export function describeApi(version: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "tcpmon",
      version,
      description: "What goes through the listeners of a running tcpmon, and the listeners themselves. " +
        "Call it with the token that tcpmon prints at start, from the machine it runs on.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { cookie: [] }],
    tags: [
      { name: "listeners", description: "Where clients connect, and where they are forwarded to." },
      { name: "exchanges", description: "Requests and their responses." },
      { name: "connections", description: "Accepted clients and the targets dialled for them." },
      { name: "captures", description: "Recorded traffic: opened to be read, and saved." },
      { name: "program", description: "Live news, the recording, this description." },
    ],
    paths: describePaths(),
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "The token that tcpmon prints at start." },
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: "tcpmon-PORT",
          description: "Set by the first load of the page, with the port of the page in its name.",
        },
      },
    },
  };
}

function describePaths(): Json {
  const paths: Record<string, Json> = {
    "/api/listeners": {
      get: call("listeners", "All listeners", json("ListenerList")),
      post: call("listeners", "Add a listener", { ...json("Listener", "201"), ...errors(400, 409, 413) }, {
        requestBody: body("NewListener"),
      }),
    },
    "/api/listeners/{id}": {
      parameters: [id("listener")],
      get: call("listeners", "One listener", { ...json("Listener"), ...errors(404) }),
      patch: call("listeners", "Change, stop or start a listener", {
        ...json("Listener"),
        ...errors(400, 404, 409, 413),
      }, {
        requestBody: body("ListenerChange"),
      }),
      delete: call("listeners", "Close a listener and its connections", {
        "204": { description: "It is closed." },
        ...errors(404),
      }),
    },
    ...describeConfig(),
    ...describeCaptures(),
    ...describeExport(),
    ...describeAuthority(),
    "/api/exchanges": {
      get: call("exchanges", "Exchanges, newest first unless sorted otherwise", {
        ...json("ExchangeList"),
        ...errors(400),
      }, {
        parameters: [
          ...listParameters(FILTER),
          query("connection", { type: "string" }, "Only those of the connection with this id."),
          query(
            "sort",
            { type: "string", enum: SORT_KEYS, default: "time" },
            "What they are sorted by, as the page's columns; time is the order in which they came. Texts are " +
              "compared without regard to case, by their first 200 characters.",
          ),
          query(
            "order",
            { type: "string", enum: SORT_ORDERS, default: "desc" },
            "The least first, or the greatest first. `before` only goes with sort=time and order=desc.",
          ),
        ],
      }),
      delete: call("exchanges", "Remove exchanges", { ...json("Removed"), ...errors(400, 413) }, {
        parameters: [
          query("listener", { type: "string" }, "Without a body: only the exchanges of this listener."),
        ],
        requestBody: { ...body("Removal"), required: false, description: "Without a body, all are removed." },
      }),
    },
    "/api/exchanges/save": {
      get: call("exchanges", "Save exchanges as one text", { ...savedText(), ...errors(400) }, {
        parameters: [
          query(
            "ids",
            { type: "string", examples: ["e1,e2"] },
            "These. Without it all that match, oldest first.",
          ),
          query("listener", { type: "string" }, "Without ids: only those of the listener with this id."),
          query(
            "q",
            { type: "string", maxLength: MOST_TEXT },
            "Without ids: only those that match the filter.",
          ),
          query("as", { type: "string", enum: ["text"], default: "text" }, "The format."),
          query("linked", { type: "string" }, "Those of a link that POST gave, instead of all of this."),
        ],
      }),
      post: call("exchanges", "The same, for more ids than an address has room for", {
        ...savedText(),
        ...json("SavedLink", "201"),
        ...errors(400, 413),
      }, {
        requestBody: { ...body("Saved"), required: false },
        parameters: [
          query("link", { type: "string" }, "Given in any way: a link to save them from is given."),
        ],
      }),
    },
    "/api/exchanges/{id}": {
      parameters: [id("exchange")],
      get: call("exchanges", "One exchange, with headers, times and faults", {
        ...json("ExchangeDetail"),
        ...errors(404),
      }),
    },
    "/api/exchanges/{id}/diff": {
      parameters: [id("exchange")],
      get: call("exchanges", "What differs from a message of another exchange", {
        "200": {
          description:
            "JSON; with Accept: text/plain, head and body together, in the unified format of diff -u.",
          content: {
            "application/json": { schema: ref("MessageDiff") },
            "text/plain": { schema: { type: "string" } },
          },
        },
        ...errors(400, 404),
      }, {
        parameters: [
          query(
            "with",
            { type: "string" },
            "The exchange that was before. Unless given, the one this was sent again from.",
          ),
          query(
            "side",
            { type: "string", enum: ["request", "response"], default: "request" },
            "Which message of this exchange.",
          ),
          query(
            "withSide",
            { type: "string", enum: ["request", "response"] },
            "Which message of the one before; unless given, as `side`.",
          ),
          SENT,
          query(
            "withSent",
            { type: "string", enum: ["1", "0"], default: "0" },
            "1: the message before as it was passed on, rather than as it came.",
          ),
          AS,
          query(
            "context",
            { type: "integer", minimum: 0, maximum: MOST_CONTEXT, default: CONTEXT },
            "Equal lines farther than this from a change are left out.",
          ),
          query(
            "structure",
            { type: "string", enum: ["1", "0"], default: "0" },
            "1: compare JSON with JSON, and XML with XML, by what they mean, too.",
          ),
        ],
      }),
    },
    ...describeSending(),
    "/api/connections": {
      get: call("connections", "Connections, newest first", { ...json("ConnectionList"), ...errors(400) }, {
        parameters: listParameters("What to look for."),
      }),
    },
    "/api/connections/{id}": {
      parameters: [id("connection")],
      get: call("connections", "One connection", { ...json("Connection"), ...errors(404) }),
      delete: call("connections", "End a connection that tcpmon itself has opened to send something", {
        "204": { description: "It is ended." },
        ...errors(404, 409),
      }),
    },
    "/api/recording": { get: call("program", "What is being kept", json("Recording")) },
    "/api/events": { get: describeEvents() },
    "/api/openapi.json": {
      get: call("program", "This description", {
        "200": { description: "OpenAPI 3.1", content: JSON_OBJECT },
      }),
    },
  };
  for (const side of ["request", "response"]) {
    const path = `/api/exchanges/{id}/${side}`;
    paths[path] = describeBytes(id("exchange"), "exchanges", `The ${side} exactly as it was on the wire`);
    paths[`${path}/sent`] = describeBytes(
      id("exchange"),
      "exchanges",
      `The ${side} exactly as it was passed on: as it came, but for what was rewritten`,
    );
    paths[`${path}/body`] = describeBytes(
      id("exchange"),
      "exchanges",
      `The body of the ${side}, with transfer and content coding removed`,
      query("coded", { type: "string" }, "Given in any way: the content coding is left, such as gzip."),
    );
    paths[`${path}/view`] = { parameters: [id("exchange")], get: describeView(side) };
    paths[`${path}/view/find`] = { parameters: [id("exchange")], get: describeFind(side) };
  }
  for (const [direction, way] of [["upstream", "client to target"], ["downstream", "target to client"]]) {
    paths[`/api/connections/{id}/${direction}`] = describeBytes(
      id("connection"),
      "connections",
      `All bytes of this direction, ${way}`,
    );
  }
  return paths;
}

const JSON_OBJECT: Json = { "application/json": { schema: { type: "object" } } };

function describeEvents(): Json {
  return call("program", "Live news, as Server-Sent Events", {
    "200": {
      description:
        "Event `snapshot` (schema Snapshot) comes first, then `delta` (schema Delta), at most ten a second. " +
        "Their ids are RUN-NUMBER, the number growing by one. A client that comes back with the last id it has " +
        "goes on from there, or gets a new snapshot where that is too long ago; so does one that reads too " +
        "slowly. After five seconds without news event `beat` comes. Event `ended` says that the program ends.",
      content: { "text/event-stream": { schema: { type: "string" } } },
    },
  }, {
    parameters: [
      {
        name: "Last-Event-ID",
        in: "header",
        schema: { type: "string" },
        description: "The id of the last event that was received.",
      },
      query("lastEventId", { type: "string" }, "The same, for clients that cannot set the header."),
    ],
  });
}

function savedText(): Json {
  return {
    "200": {
      description:
        "For each exchange a heading (listen port, target, times and more), then ==== Request ==== and the " +
        "exact bytes, then ==== Response ==== and the exact bytes; with a file name to be saved under.",
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    },
  };
}

function describeBytes(parameter: Json, tag: string, summary: string, ...more: readonly Json[]): Json {
  const content = { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
  const missing = {
    "Tcpmon-Missing-Bytes": {
      schema: { type: "string" },
      description:
        "Which of the bytes are filler because the capture does not have them: 5000-6459, 9000-9099. " +
        "At most 100 gaps are named; absent where nothing is missing, and for bodies with a coding.",
    },
  };
  const contentRange = { "Content-Range": { schema: { type: "string" } } };
  return {
    parameters: [parameter],
    get: call(tag, summary, {
      "200": {
        description:
          "All bytes so far. Harmless images (PNG, JPEG, GIF, WebP, BMP, AVIF) have their own type; " +
          "everything else is application/octet-stream. There is an ETag once they are complete.",
        content,
        headers: { "Accept-Ranges": { schema: { const: "bytes" } }, ...missing },
      },
      "206": { description: "The bytes of the range.", content, headers: { ...contentRange, ...missing } },
      ...errors(404),
      "416": { ...error("The range begins after the last byte."), headers: contentRange },
    }, {
      parameters: [
        {
          name: "Range",
          in: "header",
          schema: { type: "string" },
          description:
            "One range: bytes=0-99, bytes=100-, bytes=-50. Several at once are answered with all bytes.",
        },
        query(
          "download",
          { type: "string" },
          "Given in any way: the answer has a file name to be saved under.",
        ),
        ...more,
      ],
    }),
  };
}

function describeView(side: string): Json {
  return call("exchanges", `The ${side} as text for reading, by lines`, {
    "200": {
      description: "JSON; with Accept: text/plain, the text itself, of all lines unless `lines` is given.",
      content: {
        "application/json": { schema: ref("ViewPart") },
        "text/plain": { schema: { type: "string" } },
      },
    },
    ...errors(400, 404),
  }, {
    parameters: [
      AS,
      SENT,
      query("from", { type: "integer", minimum: 0, default: 0 }, "The first line, from 0."),
      query("lines", { type: "integer", minimum: 1, maximum: MOST_LINES, default: 1000 }, "How many lines."),
    ],
  });
}

function describeFind(side: string): Json {
  const flag = { type: "string", enum: ["1", "0"], default: "0" };
  return call("exchanges", `Look for text in a view of the ${side}`, {
    ...json("FindResult"),
    ...errors(400, 404),
  }, {
    parameters: [
      AS,
      SENT,
      {
        ...query("text", { type: "string", minLength: 1, maxLength: MOST_SOUGHT }, "What to look for."),
        required: true,
      },
      query("case", flag, "1: capital and small letters differ."),
      query("regex", flag, "1: text is a regular expression (ECMAScript)."),
    ],
  });
}

const SENT = query(
  "sent",
  { type: "string", enum: ["1", "0"], default: "0" },
  "1: as it was passed on, rather than as it came. They differ in what was rewritten.",
);
const AS = query("as", { type: "string", enum: VIEW_KINDS, default: "auto" }, "How to lay it out.");

/** The language of `q`, made of what the page explains it with. */
const FILTER = "What to look for, as in the page's filter box: words, and fields. " +
  SYNTAX.map(({ form, help }) => `\`${form}\`: ${help}`).join(" ") + " " +
  fieldsOf("exchange").map(({ examples, help }) =>
    `${examples.map((one) => `\`${one}\``).join(", ")}: ${help}`
  )
    .join(" ") +
  " Where contents must be read, the answer has the hits so far, and `search` says how far that has got.";

function listParameters(q: string): readonly Json[] {
  return [
    query("listener", { type: "string" }, "Only those of the listener with this id."),
    query("q", { type: "string", maxLength: MOST_TEXT }, q),
    query("before", { type: "string" }, "Begin after this id: the `next` of an earlier answer."),
    query(
      "offset",
      { type: "integer", minimum: 0 },
      "Begin at this position; 0 is the newest, or the first of the sort.",
    ),
    query("limit", { type: "integer", minimum: 1, maximum: MOST_ROWS, default: 100 }, "How many."),
  ];
}
