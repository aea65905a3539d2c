// The calls about captures, described.

import { call, errors, id, type Json, json, query } from "./openapi_parts.ts";

const BYTES = { type: "string", contentMediaType: "application/octet-stream" };

/** Paths with their calls. */
export function describeCaptures(): Json {
  return {
    "/api/captures": {
      get: call("captures", "The captures that are open to be read", json("CaptureList")),
      post: call("captures", "Open a capture: pcapng, pcap or HAR", {
        ...json("OpenedCapture", "201"),
        ...errors(400),
      }, {
        parameters: [query("name", { type: "string" }, "The name of its file, to be shown.")],
        requestBody: { required: true, content: { "application/octet-stream": { schema: BYTES } } },
      }),
    },
    "/api/captures/{id}": {
      parameters: [id("capture")],
      get: call("captures", "One capture, and how far it is read", {
        ...json("OpenedCapture"),
        ...errors(404),
      }),
      delete: call("captures", "Close it, and take its exchanges away; its file stays as it is", {
        "204": { description: "It is closed." },
        ...errors(404),
      }),
    },
    "/api/capture": {
      get: call("captures", "All that was recorded so far, as one pcapng, while recording goes on", {
        "200": { description: "The capture", content: { "application/x-pcapng": { schema: BYTES } } },
      }),
    },
  };
}
