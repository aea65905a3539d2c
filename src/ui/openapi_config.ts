// The calls about the configuration, described.

import { body, call, errors, type Json, json, query } from "./openapi_parts.ts";

/** Paths with their calls. */
export function describeConfig(): Json {
  return {
    "/api/config": {
      get: call("listeners", "The listeners as a configuration, to be kept in a file", {
        ...json("Configuration"),
      }, {
        parameters: [
          query(
            "download",
            { type: "string" },
            "Given in any way: the answer has a file name to be saved under.",
          ),
        ],
      }),
      post: call("listeners", "Write them to the file that tcpmon was started with", {
        ...json("SavedConfiguration"),
        ...errors(400, 409, 413),
      }, { requestBody: { ...body("SaveConfiguration"), required: false } }),
    },
    "/api/config.schema.json": {
      get: call("listeners", "The schema of a configuration", {
        "200": {
          description: "JSON Schema 2020-12",
          content: { "application/schema+json": { schema: { type: "object" } } },
        },
      }),
    },
  };
}
