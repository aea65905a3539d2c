// The calls about tcpmon's own authority, described.

import { call, errors, type Json, json } from "./openapi_parts.ts";

/** Paths and what can be done there. */
export function describeAuthority(): Readonly<Record<string, Json>> {
  return {
    "/api/ca": {
      get: call("program", "tcpmon's own authority, and how clients come to trust it", {
        ...json("OwnAuthority"),
        ...errors(404, 409),
      }),
    },
    "/api/ca.pem": {
      get: call("program", "The authority's certificate; it is made where there is none yet", {
        "200": {
          description: "The certificate in PEM, without its private key.",
          content: { "application/x-pem-file": { schema: { type: "string" } } },
        },
        ...errors(404, 409),
      }),
    },
  };
}
