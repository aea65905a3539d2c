// The calls about exports, described.

import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import { EXPORT_FORMAT } from "./openapi_exported.ts";
import { body, call, errors, type Json, json, query } from "./openapi_parts.ts";

/** Paths and what can be done there. */
export function describeExport(): Readonly<Record<string, Json>> {
  return {
    "/api/export": {
      get: call("exchanges", "Export exchanges as one file", { ...exported(), ...errors(400) }, {
        parameters: [
          query("format", EXPORT_FORMAT, "Must be given, or linked."),
          query("ids", { type: "string", examples: ["e1,e2"] }, "These. Without it all that match."),
          query("listener", { type: "string" }, "Without ids: only those of the listener with this id."),
          query("q", { type: "string" }, "Without ids: only those that match the filter."),
          query("bodies", { type: "boolean", default: true }, "Whether bodies are in it, in ndjson and har."),
          query(
            "wholeConnections",
            { type: "boolean", default: false },
            "pcapng: everything of the connections that they went over.",
          ),
          query(
            "redact",
            { type: "string", examples: ["header:authorization"] },
            "What is masked; may be given several times.",
          ),
          query("name", { type: "string" }, "What the file is called; from time and port unless given."),
          query("told", { type: "string" }, "A key of your own, under which how it ended can be asked for."),
          query("linked", { type: "string" }, "What a link says that POST gave, instead of all of this."),
        ],
      }),
      post: call("exchanges", "The same, for more ids than an address has room for", {
        ...exported(),
        ...json("SavedLink", "201"),
        ...errors(400, 413),
      }, {
        requestBody: body("Export"),
        parameters: [
          query("link", { type: "string" }, "Given in any way: a link to export them from is given."),
        ],
      }),
    },
    "/api/export/preview": {
      post: call(
        "exchanges",
        "What an export would mask",
        { ...json("MaskedPreview"), ...errors(400, 413) },
        {
          requestBody: body("Export"),
          parameters: [query("first", { type: "integer", default: 100 }, "In how many exchanges it looks.")],
        },
      ),
    },
    "/api/export/outcome": {
      get: call(
        "exchanges",
        "How an export ended, once it has",
        { ...json("ExportOutcome"), ...errors(400) },
        {
          parameters: [query("told", { type: "string" }, "The key that it was begun with.")],
        },
      ),
    },
  };
}

function exported(): Json {
  const types = new Set(Object.values(EXPORT_FORMATS).map(({ mediaType }) => mediaType.split(";", 1)[0]));
  const content = [...types].map((type) => [type, { schema: { type: "string" } }]);
  return { "200": { description: "The file.", content: Object.fromEntries(content) } };
}
